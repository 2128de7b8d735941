using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ReadStatus"/> needs.</summary>
internal sealed record ReadStatusRequest
{
    /// <summary>What is watched, in the order in which it is told.</summary>
    public required IReadOnlyList<WatchedSeries> Series { get; init; }

    /// <summary>From when on something is not well.</summary>
    public required StatusLimits Limits { get; init; }

    /// <summary>Database of past runs.</summary>
    public required string HistoryPath { get; init; }

    /// <summary>Names of targets that are not watched.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>How long each part may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Tells how the backups stand, from the points themselves; the history is asked only for what they cannot tell: failures, verifications, the rate at
/// which room is used. What cannot be read is unknown, never well.
/// </summary>
internal sealed class ReadStatus(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>What was left behind; whoever reads again and again keeps it.</summary>
    public HangingParts Hanging { get; init; } = new();

    /// <summary>Runs the operation; whatever cannot be read is part of the result.</summary>
    public async Task<StatusReport> RunAsync(ReadStatusRequest request, CancellationToken cancellationToken)
    {
        var reader = new PatientReader(request.Patience, Hanging, _clock);
        var memory = new RememberedRunsReader(request.HistoryPath, _clock);
        IReadOnlyList<IWatchedPlace> places = [.. request.Series.Select(static one => one.Place)];
        var history = reader.ReadAsync("The history", _ => Task.FromResult(memory.Read(places)), cancellationToken);
        var readings = await Task.WhenAll(request.Series.Select(series => ReadAsync(reader, series.Place, history, cancellationToken)));

        var now = _clock.GetUtcNow();
        var judge = new SeriesJudge(request.Limits, now);
        var statuses = request.Series.Zip(readings, judge.Judge).ToList();
        Remember(memory, readings);
        return new StatusReport
        {
            At = now,
            Series = statuses,
            Ignored = request.Ignored,
            Limits = request.Limits,
            Health = statuses.Count == 0 ? Health.Unknown : statuses.Select(static one => one.Health).Worst(),
        };
    }

    private static async Task<SeriesReadings> ReadAsync(PatientReader reader, IWatchedPlace place, Task<Reading<IReadOnlyDictionary<IWatchedPlace, RememberedRuns>>> history, CancellationToken cancellationToken)
    {
        var points = reader.ReadAsync($"The list of snapshots in {place.Place}", place.ReadPointsAsync, cancellationToken);
        var troubles = reader.ReadAsync($"{place.Place}", place.ReadTroublesAsync, cancellationToken);
        var space = reader.ReadAsync($"The room of {place.Place}", place.ReadSpaceAsync, cancellationToken);
        await Task.WhenAll(points, troubles, space, history);
        var (memories, fault) = await history;
        var (all, unread) = await points;

        // whoever names neither a target nor a server that is configured has such a run remembered beside those of the usual one
        var foreign = (all ?? []).Where(static one => one.IsForeign).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        return new SeriesReadings(
            new Reading<IReadOnlyList<WatchedPoint>>(all is null ? null : [.. all.Where(static one => !one.IsForeign)], unread),
            await troubles,
            await space,
            new Reading<RememberedRuns>(memories?[place].Without(foreign), fault));
    }

    /// <summary>A forecast that could not be fed is unknown, and a history that cannot be used was told of when it was read.</summary>
    private static void Remember(RememberedRunsReader memory, SeriesReadings[] readings)
    {
        try
        {
            if (readings.All(static one => one.Runs.Fault is null))
            {
                memory.RememberSpace([.. readings.Select(static one => one.Space.Value).OfType<SpaceStatus>().DistinctBy(static one => one.Place, StringComparer.Ordinal)]);
            }
        }
        catch (MetisException)
        {
            return;
        }
    }
}
