using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.Examining;

/// <summary>How the data set and its pool are, and whether an earlier run left something undone or lying about.</summary>
/// <param name="settings">Where to look.</param>
/// <param name="limits">How much room there must be.</param>
/// <param name="clock">The time.</param>
internal sealed class DatasetExamination(DrSettings settings, StatusLimits limits, TimeProvider clock) : IExamination
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private readonly DrSettings _settings = settings;
    private readonly StatusLimits _limits = limits;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Dataset;

    /// <inheritdoc/>
    public string Subject => _settings.Dataset.Value;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var tools = new DrTools(_settings, _clock);
        var place = new DatasetPlace(_settings, _clock);
        return await ExaminedParts.LookAsync(
            () => Task.FromResult(Unfinished()),
            async () => Pool(await tools.Reader.PoolAsync(_settings.Dataset.Pool, cancellationToken)),
            async () => StoreExamination.Room(await place.ReadSpaceAsync(cancellationToken), _limits, "metis-backup dr prune --dry-run"),
            async () => Future(await place.ReadPointsAsync(cancellationToken)),
            () => LeftoversAsync(tools, fix, cancellationToken));
    }

    private IEnumerable<Finding> Unfinished()
    {
        if (RollbackJournal.Find(_settings.StatePath, _settings.Dataset) is { Entry: var entry })
        {
            yield return new Finding(FindingSeverity.Problem, $"A rollback of {entry.Dataset} to {entry.Snapshot} did not end.", "metis-backup dr rollback --resume, or metis-backup dr undo");
        }
    }

    private static IEnumerable<Finding> Pool(ZfsPool pool)
    {
        var severity = pool.Health is "ONLINE" or "DEGRADED" ? FindingSeverity.Warning : FindingSeverity.Problem;
        return pool.Worries().Select(worry => new Finding(severity, worry, "zpool status " + ShellWord.Of(pool.Name)));
    }

    private IEnumerable<Finding> Future(IReadOnlyList<WatchedPoint> points) => points.Where(one => one.Taken > _clock.GetUtcNow() + ClockTolerance).Select(static one => new Finding(
        FindingSeverity.Warning, $"Snapshot {one.Name} is dated in the future: a clock is or was wrong.", "timedatectl set-ntp true"));

    /// <summary>Under the lock: the clone of a drill that goes on is none.</summary>
    private static async Task<IEnumerable<Finding>> LeftoversAsync(DrTools tools, bool fix, CancellationToken cancellationToken)
    {
        try
        {
            using var held = tools.Lock();
            var leftovers = new Leftovers(tools);
            var found = await leftovers.FindAsync(cancellationToken);
            if (fix)
            {
                await leftovers.RemoveAsync(found, cancellationToken);
            }

            return [.. found.Select(one => new Finding(FindingSeverity.Warning, $"{one.Dataset}, a clone of {one.Snapshot}, was left behind by a run that was killed.", "metis-backup doctor --fix") { Fixed = fix })];
        }
        catch (MetisException busy) when (busy.Code == ErrorCode.Locked)
        {
            return [new Finding(FindingSeverity.Note, busy.Message + " What killed runs left behind was not looked for.", "run doctor again when that run has ended")];
        }
    }
}
