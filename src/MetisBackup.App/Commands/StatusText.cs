using System.Globalization;
using MetisBackup.App.Commands.Dr;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>The status for somebody who is tired: first the answer, then what to look at, then the numbers.</summary>
/// <param name="screen">Where it goes.</param>
/// <param name="zone">The reader's zone.</param>
internal sealed class StatusText(Screen screen, TimeZoneInfo zone)
{
    private readonly Screen _screen = screen;
    private readonly TimeZoneInfo _zone = zone;

    /// <summary>Writes it.</summary>
    public void Write(StatusReport report)
    {
        _screen.Line(Answer(report), ToneOf(report.Health));
        foreach (var series in report.Series)
        {
            WriteSeries(series, report.At);
        }

        if (report.Ignored.Count > 0 && _screen.Verbosity != Verbosity.Quiet)
        {
            _screen.Line();
            _screen.Line($"Not watched: {string.Join(", ", report.Ignored)}.", Tone.Faint);
        }
    }

    private static string Answer(StatusReport report)
    {
        var ill = report.Series.Count(static one => one.Health != Health.Ok);
        return (report.Series.Count, ill) switch
        {
            (0, _) => "UNKNOWN: no target is watched.",
            (1, 0) => "OK: the backup is as it should be.",
            (_, 0) => $"OK: all {report.Series.Count} backups are as they should be.",
            _ => $"{NagiosLine.NameOf(report.Health)}: {ill} of {HumanText.Count(report.Series.Count, "backup")} {(ill == 1 ? "needs" : "need")} attention.",
        };
    }

    private void WriteSeries(SeriesStatus one, DateTimeOffset now)
    {
        if (_screen.Verbosity == Verbosity.Quiet && one.Health == Health.Ok)
        {
            return;
        }

        _screen.Line();
        _screen.Line($"{one.Target} ({HumanText.Printable(one.Subject)}): {NagiosLine.NameOf(one.Health)}", ToneOf(one.Health));
        foreach (var concern in one.Concerns)
        {
            _screen.Line($"  {NagiosLine.NameOf(concern.Health),-8}  {HumanText.Printable(concern.Text)}", ToneOf(concern.Health));
        }

        if (_screen.Verbosity != Verbosity.Quiet)
        {
            foreach (var (name, text) in Facts(one, now))
            {
                _screen.Line($"  {name,-8}  {HumanText.Printable(text)}");
            }
        }
    }

    private IEnumerable<(string Name, string Text)> Facts(SeriesStatus one, DateTimeOffset now)
    {
        if (one.Running is { } running)
        {
            yield return ("running", $"{running.Operation} for {AgeText.Of(now - running.Since)}");
        }

        if (one.Newest is { } newest)
        {
            yield return ("last", $"{AgeText.Of(now - newest.Taken)} ago ({Time(newest.Taken)}), {newest.Name}");
            if (newest.Bytes is { } bytes)
            {
                yield return ("size", HumanText.Bytes(bytes) + (one.UsualBytes is { } usual ? $", usually {HumanText.Bytes(usual)}" : ""));
            }
        }

        yield return ("next", one.NextRun is { } next ? $"in {AgeText.Of(next - now)} ({Time(next)}), where the schedule is run" : "no schedule");
        if (one.Points is { } points)
        {
            yield return ("points", Points(points));
        }

        if (one.Space is { } space)
        {
            yield return ("space", string.Create(CultureInfo.InvariantCulture, $"{HumanText.Bytes(space.FreeBytes)} free ({space.FreePercent:0.#} %), {Forecast(space)}"));
        }

        yield return ("copies", $"{one.OffPoolCopies} on other disks");
        yield return ("proof", one.Proof is { } proof ? $"{proof.Operation} {(proof.Passed ? "passed" : "FAILED")} {AgeText.Of(now - proof.At)} ago{(proof.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", ready in {seconds:0.#} s") : "")}" : "never drilled or verified");
    }

    private static string Points(PointCounts points)
    {
        (int Count, string Name)[] parts =
        [
            (points.Legacy, "of the earlier tool"), (points.Safety, "before restores"), (points.Permanent, "permanent"), (points.Unproven, "unproven"), (points.Damaged, "damaged"),
        ];
        return string.Join(", ", parts.Where(static one => one.Count > 0).Select(static one => $"{HumanText.Count(one.Count)} {one.Name}").Prepend($"{HumanText.Count(points.Own)} own"));
    }

    private static string Forecast(SpaceStatus space) => space switch
    {
        { Lasts: { } lasts } => $"full in {AgeText.Of(lasts)} at the present rate",
        { ShrinksPerDay: not null } => "lasts for years at the present rate",
        _ => "how long it lasts is not known yet",
    };

    private string Time(DateTimeOffset time) => HumanText.Time(time, _zone);

    private static Tone ToneOf(Health health) => health switch
    {
        Health.Ok => Tone.Good,
        Health.Critical => Tone.Bad,
        _ => Tone.Warning,
    };
}
