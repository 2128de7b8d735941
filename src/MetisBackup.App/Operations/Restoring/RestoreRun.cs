using MetisBackup.Arango.Client;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>What one run of a restore works with.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Goal">The same for the planner.</param>
/// <param name="Snapshot">What is to be restored.</param>
/// <param name="Store">Where it lies.</param>
/// <param name="Client">The server.</param>
internal sealed record RestoreRun(RestoreDatabaseRequest Request, RestoreGoal Goal, SnapshotContents Snapshot, SnapshotStore Store, ArangoClient Client)
{
    /// <summary>The target.</summary>
    public string Database => Goal.Database;
}
