using MetisBackup.App.Output;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Commands;

/// <summary>A look ahead, for people.</summary>
internal static class ForecastLines
{
    private static readonly Column[] Columns = [new("NAME"), new("TAKEN", CanBeMissed: true), new("GOES"), new("WHY")];

    /// <summary>Writes a summary and what becomes of the snapshots there are; with <paramref name="explains"/> also of those to come.</summary>
    public static void Write(Screen screen, string series, RetentionForecast forecast, TimeZoneInfo zone, bool explains)
    {
        var expected = forecast.Remaining.Count(static one => one.Expected);
        screen.Line(
            $"{series} until {HumanText.Time(forecast.End, zone)}: {forecast.Arrivals} to come, {forecast.Removals.Count} to go; then {forecast.Remaining.Count}, of which {forecast.Remaining.Count - expected} are here today ({forecast.Policy.Sentence})",
            Tone.Strong);
        var rows = forecast.Remaining.Where(one => explains || !one.Expected).Select(one => new[] { one.Name, HumanText.Time(one.Time, zone), "stays", one.Reason })
            .Concat(forecast.Removals.Reverse().Where(one => explains || !one.Expected).Select(one => new[] { one.Name, HumanText.Time(one.Time, zone), HumanText.Time(one.Removed, zone), one.Reason }))
            .ToList();
        if (rows.Count > 0)
        {
            screen.Table(Columns, rows);
        }
    }
}
