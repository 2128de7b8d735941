using System.Globalization;
using System.Text;
using MetisBackup.App.Configuration.Sections;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>An alarm for somebody who reads it on a telephone at three in the morning: what, then what is left, then what to do.</summary>
internal static class AlarmText
{
    /// <summary>Plain text, one fact to a line.</summary>
    public static string Of(Alarm alarm)
    {
        var text = new StringBuilder();
        _ = text.Append(alarm.Message).Append('\n');
        if (alarm.Hint is { } hint)
        {
            _ = text.Append("What to do: ").Append(hint).Append('\n');
        }

        if (alarm.Event is AlarmEvent.Failure or AlarmEvent.Missed)
        {
            _ = text.Append(alarm.LastSuccess is { } last ? $"Last good: {last.Point ?? "a run"} of {Time(last.Time)}, {Age(alarm.Time - last.Time)} ago.\n" : "Last good: none is known.\n");
        }

        if (alarm.Since is { } since && since < alarm.Time)
        {
            _ = text.Append($"{(alarm.Event == AlarmEvent.Recovery ? "It lasted" : "It lasts")} {Age(alarm.Time - since)}, since {Time(since)}.\n");
        }

        _ = text.Append('\n');
        foreach (var (name, value) in Facts(alarm))
        {
            _ = text.Append(name).Append(": ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Facts(Alarm alarm)
    {
        yield return ("About", alarm.About);
        yield return ("Host", alarm.Host);
        yield return ("Time", Time(alarm.Time));
        if (alarm.ExitCode is { } code)
        {
            yield return ("Exit code", code.ToString(CultureInfo.InvariantCulture));
        }

        if (alarm.Point is { } point)
        {
            yield return ("Snapshot", point);
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => $"{(int)age.TotalDays} d {age.Hours} h",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours} h {age.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes} min",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)} s",
    };
}
