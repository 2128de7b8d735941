using MetisBackup.App.Operations;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>cleanup</c>.</summary>
internal sealed record CleanupDocument : Document
{
    /// <summary>False after a dry run and after a look ahead.</summary>
    public required bool Executed { get; init; }

    /// <summary>Sorted by database.</summary>
    public required IReadOnlyList<CleanedSeriesDetail> Series { get; init; }

    /// <summary>Bytes on the disk that were freed; null when nothing was to be removed, or unknown.</summary>
    public required long? FreedBytes { get; init; }

    /// <summary>Folders of what restores of files had put aside, kept long enough, that are or would be gone.</summary>
    public required IReadOnlyList<string> Trash { get; init; }

    /// <summary>Something that should go is still there.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>The snapshots that are counted together.</summary>
/// <param name="Database">The database; null for snapshots that do not tell it.</param>
/// <param name="Server">The server; null when the store knows one at most.</param>
/// <param name="Safety">States before restores.</param>
/// <param name="Policy">The rules in words.</param>
/// <param name="Items">Newest first.</param>
/// <param name="Forecast">What will be; null without <c>--until</c>.</param>
internal sealed record CleanedSeriesDetail(string? Database, string? Server, bool Safety, string Policy, IReadOnlyList<PrunedDetail> Items, ForecastDetail? Forecast);

/// <summary>A look ahead.</summary>
/// <param name="Until">Its end.</param>
/// <param name="Arrivals">How many come until then.</param>
/// <param name="Removals">What goes, in the order of going.</param>
/// <param name="Remaining">What is there then, newest first.</param>
internal sealed record ForecastDetail(DateTimeOffset Until, int Arrivals, IReadOnlyList<ForecastRemoval> Removals, IReadOnlyList<ForecastPoint> Remaining);

/// <summary>From the results of retention to its published documents.</summary>
internal static class CleanupMapping
{
    public static CleanupDocument ToDocument(this CleanUpSnapshotsResult result) => new()
    {
        Command = "cleanup",
        Executed = result.Executed,
        Series = [.. result.Series.Select(static one => new CleanedSeriesDetail(one.Database, one.Server, one.IsSafety, one.Policy, [.. one.Items.Select(static item => new PrunedDetail(item.Name, item.Outcome.ToString().ToLowerInvariant(), item.Reason))], one.Forecast.ToDetail()))],
        FreedBytes = result.FreedBytes,
        Trash = result.Trash,
        Incomplete = result.Incomplete,
        Warnings = [.. result.Warnings, .. result.Obstacles],
    };

    public static ForecastDetail? ToDetail(this RetentionForecast? forecast) =>
        forecast is null ? null : new ForecastDetail(forecast.End, forecast.Arrivals, forecast.Removals, forecast.Remaining);
}
