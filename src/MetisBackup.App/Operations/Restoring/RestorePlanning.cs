using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Compares the database with the snapshot and decides what is to be done.</summary>
internal static class RestorePlanning
{
    /// <summary>The plan to be shown, made from what the server lists.</summary>
    /// <param name="run">The run.</param>
    /// <param name="lost">Views that an unfinished restore took away.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Core.Errors.MetisException">15 a plan for some collections that something else stands in the way of; 12, 13, 14, 16.</exception>
    public static async Task<RestorePlan> FromServerAsync(RestoreRun run, IReadOnlyList<RestoreJournalView> lost, CancellationToken cancellationToken)
    {
        if (!run.Goal.TargetExists)
        {
            return RestorePlanner.Plan(run.Goal, run.Snapshot.Facts, DatabaseContents.Empty, DatabaseComparison.None);
        }

        var live = await ServerDatabase.ReadAsync(run.Client, run.Database, run.Snapshot.Reader, cancellationToken);
        return (await PlanAsync(run, live, lost, cancellationToken)).Plan;
    }

    /// <summary>The plan to be executed, made from a snapshot that was just taken.</summary>
    /// <param name="run">The run.</param>
    /// <param name="saved">That snapshot.</param>
    /// <param name="lost">Views that an unfinished restore took away.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Core.Errors.MetisException">15 a plan for some collections that something else stands in the way of; 13.</exception>
    public static async Task<RestoreStart> FromSavedAsync(
        RestoreRun run, SnapshotReader saved, IReadOnlyList<RestoreJournalView> lost, CancellationToken cancellationToken)
    {
        var contents = await SnapshotContents.ReadAsync(saved, run.Database, cancellationToken);
        return await PlanAsync(run, new SavedDatabase(contents, run.Snapshot.Reader), lost, cancellationToken);
    }

    private static async Task<RestoreStart> PlanAsync(
        RestoreRun run, ILiveDatabase live, IReadOnlyList<RestoreJournalView> lost, CancellationToken cancellationToken)
    {
        var before = run.Goal.Only.Count > 0 ? live.Contents.WithLost(lost, run.Database) : live.Contents;
        var comparer = new DatabaseComparer(run.Goal, run.Snapshot, live);
        var comparison = await comparer.RunAsync(cancellationToken);
        return new RestoreStart(live, before, RestorePlanner.Plan(run.Goal, run.Snapshot.Facts, before.Facts, comparison), comparer.Ready);
    }
}
