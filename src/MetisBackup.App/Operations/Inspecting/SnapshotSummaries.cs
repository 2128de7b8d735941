using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>Turns what the store says into what the operations tell.</summary>
internal static class SnapshotSummaries
{
    private const double Megabyte = 1_000_000;

    /// <summary>The store; null when there is none yet.</summary>
    public static SnapshotStore? OpenIfThere(string path, TimeProvider clock)
    {
        try
        {
            return SnapshotStore.Open(path, clock, createIfMissing: false);
        }
        catch (MetisException error) when (error.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The line of a listing.</summary>
    public static SnapshotSummary Of(SnapshotEntry entry) => new()
    {
        Name = entry.Name,
        Database = entry.Database,
        Description = entry.Metadata?.Description ?? "",
        Timestamp = entry.CreatedAt == default ? null : entry.CreatedAt,
        Permanent = entry.Permanent,
        Safety = entry.Metadata?.Safety ?? false,
        Collections = entry.Metadata?.Collections.Count ?? 0,
        Documents = entry.Metadata?.Documents ?? 0,
        DocumentBytes = (long)((entry.Metadata?.DatabaseSizeMb ?? 0) * Megabyte),
        StoredBytes = entry.State == SnapshotState.Complete ? entry.Metadata?.StoredBytes : null,
        Problem = entry.Problem,
    };

    /// <summary>Restores that began to change a database and did not end.</summary>
    public static IReadOnlyList<UnfinishedRestore> Unfinished(SnapshotStore store) =>
        [.. RestoreJournal.FindUnfinished(store).Select(static one => new UnfinishedRestore(one.Database, one.Snapshot, one.SafetySnapshot, one.Started, one.Endpoint))];
}
