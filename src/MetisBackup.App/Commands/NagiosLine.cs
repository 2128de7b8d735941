using System.Globalization;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>The status as the plug-ins of Nagios tell it: one line, what a person needs before the bar, numbers for graphs after it.</summary>
internal static class NagiosLine
{
    /// <summary>The option that asks for it.</summary>
    public const string Option = "--nagios";

    /// <summary>The line of a report.</summary>
    public static string Of(StatusReport report)
    {
        var concerns = report.Series.SelectMany(static series => series.Concerns.Select(one => $"{series.Target}: {one.Text.TrimEnd('.')}")).ToList();
        var text = (report.Series.Count, concerns.Count) switch
        {
            (0, _) => "no target is watched",
            (_, 0) => string.Join(", ", report.Series.Select(one => one.Newest is { } newest ? $"{one.Target} {AgeOf(report.At - newest.Taken)} old" : one.Target)),
            _ => string.Join("; ", concerns),
        };
        var data = string.Join(' ', report.Series.SelectMany(one => Data(one, report)));
        return $"METIS BACKUP {NameOf(report.Health)} - {Plain(text)}{(data.Length > 0 ? " | " : "")}{data}";
    }

    /// <summary>The line of a failure: nothing is known.</summary>
    public static string Of(MetisException failure) => $"METIS BACKUP {NameOf(Health.Unknown)} - {Plain(failure.Message)}";

    /// <summary>The word for it.</summary>
    public static string NameOf(Health health) => health.ToString().ToUpperInvariant();

    private static string AgeOf(TimeSpan age) => age < TimeSpan.Zero ? "0 min" : SpanText.Of(age);

    /// <summary><c>'label'=value[unit];warn;crit;min;max</c>; what is not known is left out.</summary>
    private static IEnumerable<string> Data(SeriesStatus one, StatusReport report)
    {
        if (one.Newest is { } newest)
        {
            yield return Datum(one, "age", $"{Math.Max(0, (report.At - newest.Taken).TotalSeconds):0}s;;{one.AllowedAge?.TotalSeconds:0};0");
            if (newest.Bytes is { } bytes)
            {
                yield return Datum(one, "size", $"{bytes}B;;;0");
            }
        }

        if (one.Points is { } points)
        {
            yield return Datum(one, "points", $"{points.Own + points.Legacy};;;0");
        }

        if (one.Space is { } space)
        {
            // a colon behind the number: less than that is too little
            yield return Datum(one, "free", $"{space.FreePercent:0.#}%;{report.Limits.FreeWarningPercent}:;{report.Limits.FreeCriticalPercent}:;0;100");
        }
    }

    private static string Datum(SeriesStatus one, string name, FormattableString value) => $"'{one.Target}_{name}'={value.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A bar would end the text, a line end the answer.</summary>
    private static string Plain(string text) => HumanText.Printable(text.Replace('|', '/').ReplaceLineEndings(" "));
}
