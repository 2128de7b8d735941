using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Saves states of the database as snapshots that never count as the latest.</summary>
internal sealed class StateSaving(TimeProvider clock, RestoreRun run, IOperationProgress progress)
{
    private readonly List<string> _warnings = [];

    /// <summary>What was worth knowing about them.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// Law 4: nothing is overwritten before it is safe elsewhere. Also when an earlier attempt has saved the state before: what is there now
    /// may be the work of somebody who did not wait.
    /// </summary>
    /// <exception cref="MetisException">As <see cref="CreateSnapshot"/>.</exception>
    public async Task<SnapshotEntry> SaveBeforeAsync(CancellationToken cancellationToken)
    {
        progress.BeginPhase(OperationPhase.SafetySnapshot, WorkTotal.Unknown);
        var name = await SaveAsync($"Before restore of {run.Goal.Snapshot}", cancellationToken);
        return run.Store.List(run.Database).Single(one => one.Name == name);
    }

    /// <summary>
    /// The documents that got new revisions would count as changed for ever. Saved once, they are what later snapshots share and what a
    /// restore to this state compares with. The database is restored all the same when this fails.
    /// </summary>
    /// <returns>Name of the snapshot; null with a warning when it failed.</returns>
    public async Task<string?> TrySaveAfterAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SaveAsync($"After restore of {run.Goal.Snapshot}", cancellationToken);
        }
        catch (MetisException error)
        {
            _warnings.Add($"The restored state could not be saved with its new revisions, so the next snapshot reads more than it had to: {error.Message}");
            return null;
        }
    }

    private async Task<string> SaveAsync(string description, CancellationToken cancellationToken)
    {
        var saved = await new CreateSnapshot(clock, new QuietPhases(progress)).RunAsync(
            new CreateSnapshotRequest
            {
                Server = run.Request.Server,
                StorePath = run.Request.StorePath,
                Database = run.Database,
                Description = description,
                Safety = true,
            },
            cancellationToken);
        _warnings.AddRange(saved.Warnings);
        return saved.Name;
    }
}
