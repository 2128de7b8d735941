using System.Globalization;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Supervision;

/// <summary>What programs of the user's are told in their environment. What is not known is not set.</summary>
internal static class RunVariables
{
    /// <summary>The facts of a run.</summary>
    /// <param name="start">How it began.</param>
    /// <param name="end">How it ended; null before it.</param>
    public static Dictionary<string, string> Of(RunStart start, RunEnd? end) => Known(
        ("OPERATION", start.Operation),
        ("SERIES", start.Series),
        ("TIER", RunSeries.IsDr(start.Series) ? "dr" : "operational"),
        ("SUBJECT", RunSeries.SubjectOf(start.Series)),
        ("CAUSE", CauseOf(start.Cause)),
        ("STARTED", Time(start.Started)),
        ("ENDED", end is null ? null : Time(end.Ended)),
        ("EXIT_CODE", end?.ExitCode.ToString(CultureInfo.InvariantCulture)),
        ("POINT", end?.Point),
        ("BYTES", end?.Bytes?.ToString(CultureInfo.InvariantCulture)),
        ("NEW_BYTES", end?.NewBytes?.ToString(CultureInfo.InvariantCulture)),
        ("MESSAGE", end?.Message));

    /// <summary>The facts of an alarm.</summary>
    public static Dictionary<string, string> Of(Alarm alarm) => Known(
        ("EVENT", alarm.EventName),
        ("SUMMARY", alarm.Headline),
        ("MESSAGE", alarm.Message),
        ("HINT", alarm.Hint),
        ("TEXT", AlarmText.Of(alarm)),
        ("OPERATION", alarm.Operation),
        ("SERIES", alarm.Series),
        ("TIER", alarm.Tier),
        ("SUBJECT", alarm.Subject),
        ("EXIT_CODE", alarm.ExitCode?.ToString(CultureInfo.InvariantCulture)),
        ("POINT", alarm.Point),
        ("HOST", alarm.Host),
        ("TIME", Time(alarm.Time)));

    private static Dictionary<string, string> Known(params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                variables[Schema.FactPrefix + name] = value.Replace("\0", "", StringComparison.Ordinal);
            }
        }

        return variables;
    }

    private static string CauseOf(RunCause cause) => cause switch
    {
        RunCause.Schedule => "schedule",
        RunCause.CatchUp => "catch-up",
        _ => "command",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
