namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>list</c>.</summary>
internal sealed record ListDocument : Document
{
    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<SnapshotDetail> Snapshots { get; init; }

    /// <summary>Restores that began and did not end.</summary>
    public required IReadOnlyList<UnfinishedRestoreDetail> UnfinishedRestores { get; init; }

    /// <summary>Files that tell of such restores but can no longer be read.</summary>
    public required IReadOnlyList<string> DamagedJournals { get; init; }
}

/// <summary>A snapshot as the listing knows it.</summary>
internal sealed record SnapshotDetail
{
    /// <summary>Full name.</summary>
    public required string Name { get; init; }

    /// <summary>Database; null when unknown.</summary>
    public required string? Database { get; init; }

    /// <summary>Address of the server it was taken of, <c>host:port</c>; null when unknown.</summary>
    public required string? Server { get; init; }

    /// <summary>The user's words.</summary>
    public required string Description { get; init; }

    /// <summary>When it was taken; null when unknown.</summary>
    public required DateTimeOffset? Timestamp { get; init; }

    /// <summary>Retention must keep it.</summary>
    public required bool Permanent { get; init; }

    /// <summary>Why it is pinned, in the user's words; null when nothing was said.</summary>
    public required string? PinReason { get; init; }

    /// <summary>When the pin ends; null for never.</summary>
    public required DateTimeOffset? PinnedUntil { get; init; }

    /// <summary>Taken by a restore before it overwrote something.</summary>
    public required bool Safety { get; init; }

    /// <summary>Number of collections.</summary>
    public required int Collections { get; init; }

    /// <summary>Number of documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public required long DocumentBytes { get; init; }

    /// <summary>Size on disk; null when unknown.</summary>
    public required long? StoredBytes { get; init; }

    /// <summary>The part of it that no other snapshot shares, in allocated blocks: what deleting it would free. Null when unknown.</summary>
    public required long? OwnBytes { get; init; }

    /// <summary>Number of files beside the database; null when the snapshot holds none of them.</summary>
    public required long? BulkFiles { get; init; }

    /// <summary>Their length in bytes; null likewise.</summary>
    public required long? BulkBytes { get; init; }

    /// <summary>Names of the collections that could not be shown to be complete.</summary>
    public required IReadOnlyList<string> UnprovenCollections { get; init; }

    /// <summary>Written by the earlier tool: a dump without hashes. Its documents are counted as far as that tool did; 0 means unknown.</summary>
    public required bool Legacy { get; init; }

    /// <summary>No snapshot: left behind by a run that ended early.</summary>
    public required bool Leftover { get; init; }

    /// <summary>What is wrong with it; null when it looks complete.</summary>
    public required string? Problem { get; init; }
}

/// <summary>A restore that began and did not end.</summary>
/// <param name="Database">The target.</param>
/// <param name="Snapshot">What was being restored.</param>
/// <param name="SafetySnapshot">The state before; null when there was nothing to save.</param>
/// <param name="InterimSnapshots">What lay there whenever it was taken up again, oldest first.</param>
/// <param name="Started">When it began.</param>
/// <param name="Endpoint">The server.</param>
/// <param name="Collections">Only these collections; empty for the whole database.</param>
internal sealed record UnfinishedRestoreDetail(
    string Database, string Snapshot, string? SafetySnapshot, IReadOnlyList<string> InterimSnapshots, DateTimeOffset Started, string Endpoint, IReadOnlyList<string> Collections);

/// <summary>Of <c>show</c>.</summary>
internal sealed record ShowDocument : Document
{
    /// <summary>As in the listing.</summary>
    public required SnapshotDetail Snapshot { get; init; }

    /// <summary>Directory.</summary>
    public required string Path { get; init; }

    /// <summary>Version of the server; null when unknown.</summary>
    public required string? ServerVersion { get; init; }

    /// <summary>Commit of the repository the user stood in.</summary>
    public required string? GitCommit { get; init; }

    /// <summary>Its branch.</summary>
    public required string? GitBranch { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<CollectionDetail> Collections { get; init; }

    /// <summary>Collections that could not be shown to be complete.</summary>
    public required IReadOnlyList<UnprovenDetail> Unproven { get; init; }

    /// <summary>Folders beside the dump of a legacy snapshot, with its bulk files.</summary>
    public required IReadOnlyList<BulkFolderDetail> Bulk { get; init; }

    /// <summary>What is odd about a legacy snapshot: sentences.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Graphs { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Analyzers { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>Files beside the database; null when the snapshot holds none.</summary>
    public required BulkDetail? Files { get; init; }

    /// <summary>Restores of this snapshot that began and did not end.</summary>
    public required IReadOnlyList<UnfinishedRestoreDetail> UnfinishedRestores { get; init; }
}

/// <summary>A folder of bulk files.</summary>
/// <param name="Name">Name.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their size.</param>
internal sealed record BulkFolderDetail(string Name, long Files, long Bytes);

/// <summary>A collection of a snapshot.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type"><c>document</c> or <c>edge</c>.</param>
/// <param name="System">A system collection.</param>
/// <param name="Documents">Number of documents; null when nobody counted them (a legacy snapshot).</param>
/// <param name="Bytes">Their size as JSON Lines; null when unknown.</param>
/// <param name="Indexes">Number of indexes beside the primary and edge index.</param>
internal sealed record CollectionDetail(string Name, string Type, bool System, long? Documents, long? Bytes, int Indexes);

/// <summary>Of <c>restore</c>, also of its dry run.</summary>
internal sealed record RestoreDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The target.</summary>
    public required string Database { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>What was, or would be, done.</summary>
    public required PlanDetail Plan { get; init; }

    /// <summary>The state before, which undoes the whole; null when there was nothing to save.</summary>
    public required string? SafetySnapshot { get; init; }

    /// <summary>What lay there whenever an unfinished restore was taken up again, oldest first.</summary>
    public required IReadOnlyList<string> InterimSnapshots { get; init; }

    /// <summary>The state after, saved because its documents have new revisions; null when they were kept.</summary>
    public required string? BaselineSnapshot { get; init; }

    /// <summary>Documents written.</summary>
    public required long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public required long DocumentBytes { get; init; }

    /// <summary>Every document has the revision it had.</summary>
    public required bool RevisionsKept { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<ProofDetail> Collections { get; init; }

    /// <summary>What was done to the files beside the database; null when they were left as they are.</summary>
    public required FilesRestoreDetail? Files { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A plan.</summary>
/// <param name="CreatesDatabase">The target does not exist yet.</param>
/// <param name="Partial">Only some collections.</param>
/// <param name="Steps">In the order of execution.</param>
internal sealed record PlanDetail(bool CreatesDatabase, bool Partial, IReadOnlyList<StepDetail> Steps);

/// <summary>A step of a plan.</summary>
internal sealed record StepDetail
{
    /// <summary><c>keep</c>, <c>update</c>, <c>create</c>, <c>recreate</c>, <c>refill</c> or <c>drop</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>collection</c>, <c>view</c>, <c>graph</c>, <c>analyzer</c> or <c>function</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Documents that will be written.</summary>
    public required long Documents { get; init; }

    /// <summary>Documents that will be gone or replaced.</summary>
    public required long LiveDocuments { get; init; }

    /// <summary>Why, as a clause; empty where the action says it all.</summary>
    public required string Reason { get; init; }

    /// <summary>With <c>update</c>: the documents that change; otherwise null.</summary>
    public required ChangesDetail? Changes { get; init; }

    /// <summary>The name that a collection has now and that it loses; null when it has the right one.</summary>
    public required string? RenamedFrom { get; init; }
}

/// <summary>Changes of documents, from the database as it is to the snapshot.</summary>
/// <param name="Added">Documents that come back.</param>
/// <param name="Removed">Documents that go.</param>
/// <param name="Changed">Documents that are set back.</param>
internal sealed record ChangesDetail(long Added, long Removed, long Changed);
