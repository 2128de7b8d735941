using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ListSnapshots"/> needs.</summary>
internal sealed record ListSnapshotsRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Only snapshots of this database; null for all.</summary>
    public string? Database { get; init; }

    /// <summary>Also measure what each snapshot alone holds: looks at every file.</summary>
    public bool MeasuresOwnBytes { get; init; }
}

/// <summary>The store at a glance.</summary>
internal sealed record ListSnapshotsResult
{
    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<SnapshotSummary> Snapshots { get; init; }

    /// <summary>Restores that began and did not end: run them again.</summary>
    public required IReadOnlyList<UnfinishedRestore> UnfinishedRestores { get; init; }

    /// <summary>Files that tell of such restores but can no longer be read.</summary>
    public IReadOnlyList<string> DamagedJournals { get; init; } = [];
}

/// <summary>A line of the listing.</summary>
internal sealed record SnapshotSummary
{
    /// <summary>Full name.</summary>
    public required string Name { get; init; }

    /// <summary>The database it was taken of; null when the metadata does not tell.</summary>
    public string? Database { get; init; }

    /// <summary>Address of the server it was taken of; null when the metadata does not tell.</summary>
    public string? Server { get; init; }

    /// <summary>The user's words.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was taken (UTC); null when the metadata does not tell.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Retention never removes it.</summary>
    public bool Permanent { get; init; }

    /// <summary>Why it is pinned, in the user's words; null when nothing was said, or it is not.</summary>
    public string? PinReason { get; init; }

    /// <summary>When the pin ends; null for never, or when it is not pinned.</summary>
    public DateTimeOffset? PinnedUntil { get; init; }

    /// <summary>Taken by a restore before it overwrote something.</summary>
    public bool Safety { get; init; }

    /// <summary>Names of the collections that could not be shown to be complete.</summary>
    public IReadOnlyList<string> UnprovenCollections { get; init; } = [];

    /// <summary>Number of collections, system ones included.</summary>
    public int Collections { get; init; }

    /// <summary>Number of files beside the database; null when the snapshot holds none of them.</summary>
    public long? BulkFiles { get; init; }

    /// <summary>Their length in bytes; null likewise.</summary>
    public long? BulkBytes { get; init; }

    /// <summary>All documents.</summary>
    public long Documents { get; init; }

    /// <summary>Size of the documents as JSON Lines.</summary>
    public long DocumentBytes { get; init; }

    /// <summary>Size on disk; null when unknown.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>The bytes on disk that only this snapshot holds; null when unknown or not asked for.</summary>
    public long? OwnBytes { get; init; }

    /// <summary>Written by the earlier tool: a dump without hashes, whose documents were often not counted.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>No snapshot, but what a run left behind that ended before it was complete.</summary>
    public bool IsLeftover { get; init; }

    /// <summary>Why it cannot be used as it is (unreadable metadata, newer schema); null when it looks complete.</summary>
    public string? Problem { get; init; }
}

/// <summary>A restore that a crash or an error ended early: the database is neither the old nor the new state.</summary>
/// <param name="Database">The target.</param>
/// <param name="Snapshot">What was being restored.</param>
/// <param name="SafetySnapshot">The state before; null when there was nothing to save.</param>
/// <param name="InterimSnapshots">What lay there whenever it was taken up again, oldest first.</param>
/// <param name="Started">When it began (UTC).</param>
/// <param name="Endpoint">The server.</param>
/// <param name="Collections">Only these collections; empty for the whole database.</param>
internal sealed record UnfinishedRestore(
    string Database, string Snapshot, string? SafetySnapshot, IReadOnlyList<string> InterimSnapshots, DateTimeOffset Started, string Endpoint, IReadOnlyList<string> Collections);

/// <summary>Lists the snapshots of a store from their metadata alone.</summary>
internal sealed class ListSnapshots(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation. An absent store and a failed listing are errors, never an empty list.</summary>
    /// <exception cref="MetisException">2 the store is a file, 10 there is no store, 12 it cannot be read.</exception>
    public Task<ListSnapshotsResult> RunAsync(ListSnapshotsRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => List(request), cancellationToken);

    private ListSnapshotsResult List(ListSnapshotsRequest request)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        return new ListSnapshotsResult
        {
            Snapshots =
            [
                .. store.List(request.Database).Reverse().Select(
                    entry => SnapshotSummaries.Of(entry) with { OwnBytes = request.MeasuresOwnBytes ? store.MeasureOwnBytes(entry) : null }),
            ],
            UnfinishedRestores = SnapshotSummaries.Unfinished(store),
            DamagedJournals = RestoreJournal.FindDamaged(store),
        };
    }
}
