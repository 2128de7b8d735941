using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.ArangodumpFormat;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ShowSnapshot"/> needs.</summary>
internal sealed record ShowSnapshotRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</summary>
    public required string Name { get; init; }
}

/// <summary>Everything a person wants to know about one snapshot.</summary>
internal sealed record ShowSnapshotResult
{
    /// <summary>The line of the listing.</summary>
    public required SnapshotSummary Summary { get; init; }

    /// <summary>Directory of the snapshot.</summary>
    public required string Path { get; init; }

    /// <summary>Version text of the server it came from.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Commit of the git repository the user stood in.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Branch of that repository.</summary>
    public string? GitBranch { get; init; }

    /// <summary>Collections ordered by name.</summary>
    public IReadOnlyList<CollectionSummary> Collections { get; init; } = [];

    /// <summary>Names of views.</summary>
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>Names of named graphs.</summary>
    public IReadOnlyList<string> Graphs { get; init; } = [];

    /// <summary>Names of custom analyzers.</summary>
    public IReadOnlyList<string> Analyzers { get; init; } = [];

    /// <summary>Names of AQL user functions.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Files that lie beside the dump of a legacy snapshot, by folder: the bulk files.</summary>
    public IReadOnlyList<ForeignFolder> Bulk { get; init; } = [];

    /// <summary>What is odd about a legacy snapshot: one sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Collections that could not be shown to be complete.</summary>
    public IReadOnlyList<UnprovenCollection> Unproven { get; init; } = [];

    /// <summary>The files beside the database; null when the snapshot holds none.</summary>
    public BulkRecord? Files { get; init; }

    /// <summary>Restores of this snapshot that began and did not end.</summary>
    public IReadOnlyList<UnfinishedRestore> UnfinishedRestores { get; init; } = [];
}

/// <summary>One collection of a snapshot.</summary>
/// <param name="Name">Name.</param>
/// <param name="IsEdge">An edge collection.</param>
/// <param name="IsSystem">A system collection.</param>
/// <param name="Documents">Number of documents; null when nobody counted them (a snapshot of the earlier tool).</param>
/// <param name="Bytes">Their size as JSON Lines; null when unknown.</param>
/// <param name="Indexes">Number of indexes beside the primary and edge index.</param>
internal sealed record CollectionSummary(string Name, bool IsEdge, bool IsSystem, long? Documents, long? Bytes, int Indexes);

/// <summary>Shows one snapshot.</summary>
internal sealed class ShowSnapshot(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation. Of a snapshot that cannot be opened it shows what its metadata tells, with the problem.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot, 13 a definition is damaged.</exception>
    public async Task<ShowSnapshotResult> RunAsync(ShowSnapshotRequest request, CancellationToken cancellationToken)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var entry = store.Find(request.Name);
        var result = new ShowSnapshotResult
        {
            Summary = SnapshotSummaries.Of(entry) with { OwnBytes = store.MeasureOwnBytes(entry) },
            Path = entry.Path,
            ServerVersion = entry.Metadata?.ServerVersion,
            GitCommit = entry.Metadata?.GitCommit,
            GitBranch = entry.Metadata?.GitBranch,
            UnfinishedRestores = [.. SnapshotSummaries.Unfinished(store).Where(one => one.Snapshot == entry.Name)],
        };
        if (entry.State == SnapshotState.Legacy)
        {
            return await DescribeAsync(entry, result, cancellationToken);
        }

        if (entry.State != SnapshotState.Complete)
        {
            return result;
        }

        using var reader = store.OpenReader(entry);
        var contents = await SnapshotContents.ReadAsync(reader, reader.Manifest.Database, cancellationToken);
        return result with
        {
            Collections = [.. contents.Collections.Values.Select(Summary).OrderBy(static one => one.Name, StringComparer.Ordinal)],
            Unproven = UnprovenCollections.Of(reader.Manifest),
            Files = reader.Manifest.Bulk,
            Views = [.. contents.Views.Keys.Order(StringComparer.Ordinal)],
            Graphs = Names(contents, RestoreObject.Graph),
            Analyzers = Names(contents, RestoreObject.Analyzer),
            Functions = Names(contents, RestoreObject.Function),
        };
    }

    /// <summary>What a dump tells without its documents being read.</summary>
    private static async Task<ShowSnapshotResult> DescribeAsync(SnapshotEntry entry, ShowSnapshotResult result, CancellationToken cancellationToken)
    {
        var dump = await LegacySnapshot.DescribeAsync(entry, cancellationToken);
        return result with
        {
            Path = entry.Archive ?? entry.Path,
            Summary = result.Summary with { Database = result.Summary.Database ?? dump.Database, Collections = dump.Collections.Count },
            Collections =
            [
                .. dump.Collections.Select(one => new CollectionSummary(
                    one.Name, one.IsEdge, one.Name[0] == '_', entry.Metadata?.Collections.GetValueOrDefault(one.Name) is > 0 and var count ? count : null, Bytes: null, one.Indexes)),
            ],
            Views = [.. dump.Views.Select(static view => view.Name)],
            Bulk = dump.Others,
            Remarks = dump.Remarks,
        };
    }

    private static CollectionSummary Summary(StoredCollection stored) => new(
        stored.Record.Name,
        stored.Entry.IsEdge,
        stored.Entry.IsSystem,
        stored.Record.Documents,
        stored.Record.Segments.Sum(static segment => segment.RawBytes),
        stored.Entry.Indexes.Count);

    private static IReadOnlyList<string> Names(SnapshotContents contents, RestoreObject kind) =>
        [.. contents.Facts.Definitions.Where(one => one.Kind == kind).Select(static one => one.Name).Order(StringComparer.Ordinal)];
}
