using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>Turns what the store says into what the operations tell.</summary>
internal static class SnapshotSummaries
{
    /// <summary>The line of a listing.</summary>
    public static SnapshotSummary Of(SnapshotEntry entry) => new()
    {
        Name = entry.Name,
        Database = entry.Database,
        Server = entry.Server?.Address,
        Description = entry.Metadata?.Description ?? "",
        Timestamp = entry.CreatedAt == default ? null : entry.CreatedAt,
        Permanent = entry.Permanent,
        PinReason = entry.Permanent ? entry.Pin?.Reason : null,
        PinnedUntil = entry.Permanent ? entry.Pin?.Until : null,
        Safety = entry.Metadata?.Safety ?? false,
        UnprovenCollections = entry.Metadata?.UnprovenCollections ?? [],
        Collections = entry.Metadata?.Collections.Count ?? 0,
        Documents = entry.Metadata?.Documents ?? 0,
        DocumentBytes = entry.Metadata?.DocumentBytes ?? 0,
        StoredBytes = entry.State is SnapshotState.Complete or SnapshotState.Legacy ? entry.Metadata?.StoredBytes : null,
        IsLegacy = entry.State == SnapshotState.Legacy,
        IsLeftover = entry.State == SnapshotState.Leftover,
        BulkFiles = entry.Metadata?.BulkFiles,
        BulkBytes = entry.Metadata?.BulkBytes,
        Problem = entry.Problem,
    };

    /// <summary>Restores that began to change a database and did not end.</summary>
    public static IReadOnlyList<UnfinishedRestore> Unfinished(SnapshotStore store) =>
        [.. RestoreJournal.FindUnfinished(store).Select(static one => new UnfinishedRestore(one.Database, one.Snapshot, one.SafetySnapshot, one.InterimSnapshots, one.Started, one.Endpoint, one.Collections))];
}
