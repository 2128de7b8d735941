using System.Collections.Concurrent;
using System.Text.Json;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;
using MetisBackup.Storage.WorkingCopies;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CreateSnapshot"/> needs.</summary>
internal sealed record CreateSnapshotRequest
{
    /// <summary>The server to read from.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>Root directory of the snapshot store; made when missing.</summary>
    public required string StorePath { get; init; }

    /// <summary>Name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>What the user wants to remember; not empty.</summary>
    public required string Description { get; init; }

    /// <summary>Retention never removes it.</summary>
    public bool Permanent { get; init; }

    /// <summary>Taken by a restore before it overwrites something; never counts as the latest.</summary>
    public bool Safety { get; init; }

    /// <summary>Which older snapshot it may share documents with.</summary>
    public ParentChoice Parent { get; init; } = new();

    /// <summary>The files beside the database that belong to the snapshot; null for none.</summary>
    public BulkSettings? Bulk { get; init; }

    /// <summary>The git repository around this directory is recorded; null records none.</summary>
    public string? WorkingDirectory { get; init; }
}

/// <summary>What was captured and how it was proven.</summary>
internal sealed record CreateSnapshotResult
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Directory of the snapshot.</summary>
    public required string Path { get; init; }

    /// <summary>The database that was read.</summary>
    public required string Database { get; init; }

    /// <summary>Version text of the server.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The point in time of the data (UTC).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>All documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public required long DocumentBytes { get; init; }

    /// <summary>Size of the snapshot directory.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The part of it that no older snapshot had.</summary>
    public required long NewBytes { get; init; }

    /// <summary>Name of the snapshot that unchanged documents are shared with; null when all were read from the server.</summary>
    public required string? Parent { get; init; }

    /// <summary>How the documents of each collection got into the snapshot, by its name.</summary>
    public required IReadOnlyDictionary<string, CaptureDetail> Captures { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>One entry per collection, ordered by name.</summary>
    public required IReadOnlyList<CollectionProof> Collections { get; init; }

    /// <summary>Names of the views.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Names of the named graphs.</summary>
    public required IReadOnlyList<string> Graphs { get; init; }

    /// <summary>The files that were captured; null when none were asked for.</summary>
    public CapturedFiles? Files { get; init; }

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>How completeness of one collection was shown.</summary>
internal enum ProofKind
{
    /// <summary>Number and XOR hash of all revisions equal the server's revision tree (arangodb-protocol 10.11).</summary>
    RevisionTree,

    /// <summary>The server keeps no tree for it: the number of documents, and every document as it was written.</summary>
    Count,

    /// <summary>It was not: a warning says why.</summary>
    None,
}

/// <summary>One collection, compared with the server.</summary>
/// <param name="Name">Name of the collection.</param>
/// <param name="IsEdge">An edge collection.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="RevisionHash">XOR of the hashes of all revisions, 16 hexadecimal digits.</param>
/// <param name="Proof">What it was compared with.</param>
internal sealed record CollectionProof(string Name, bool IsEdge, long Documents, string RevisionHash, ProofKind Proof);

/// <summary>
/// Captures one database at one point in time, byte for byte, proves the capture against the server's revision trees and only then
/// makes it visible.
/// </summary>
internal sealed class CreateSnapshot(TimeProvider clock, IOperationProgress progress)
{
    private const int CollectionsAtOnce = 4;
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">10 no such database, 11 another run, 15 a restore of it did not end, 12 rights, 13 proof failed, 14 coverage gap, 16 server, 17 no space.</exception>
    public async Task<CreateSnapshotResult> RunAsync(CreateSnapshotRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var database = ServerNames.RequireDatabase(request.Database);
        using var client = ServerClients.Open(request.Server, _clock);
        var inquiry = new ServerInquiry(client, database);
        await inquiry.RequireDatabaseAsync(cancellationToken);
        var server = await inquiry.DescribeAsync(cancellationToken);
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: true);
        await using var writer = store.Begin(database, request.Description);
        if (writer.TakenOver is { } dead)
        {
            _progress.Note(dead);
        }

        var identity = new SnapshotServer { Id = await inquiry.ReadServerIdAsync(cancellationToken), Address = ServerAddress.Of(client.Endpoint) };
        if (!request.Safety)
        {
            // Under the lock of the writer: a restore that begins later has to take its safety snapshot first and cannot.
            RestoreJournal.RequireNone(store, database, identity.Id ?? client.Endpoint, client.Endpoint);
        }

        await using var batch = await ReplicationBatch.OpenAsync(client, database, cancellationToken);
        var inventory = await new SnapshotReading(batch).ReadInventoryAsync(cancellationToken);
        using var parents = SnapshotParents.Find(store, database, identity, request.Parent);
        var captured = await CaptureAsync(new CaptureContext(batch, inventory, writer, parents), request, cancellationToken);
        var capture = new FilesCapture(store, writer, request.Parent, _clock);
        var files = request.Bulk is { } bulk ? await capture.RunAsync(bulk, _progress, cancellationToken) : null;
        _progress.BeginPhase(OperationPhase.Committing, WorkTotal.Unknown);
        var manifest = await BuildManifestAsync(database, server, inventory, captured, writer, cancellationToken) with { Bulk = files?.Record };
        var parent = captured.Collections.Any(static one => one.Capture.Method != CaptureMethod.Full) ? parents.First : null;
        var entry = await writer.CommitAsync(manifest, Metadata(request, server) with { Server = identity, ParentId = parent?.Metadata?.Id }, cancellationToken);
        return new CreateSnapshotResult
        {
            Name = entry.Name,
            Path = entry.Path,
            Database = database,
            ServerVersion = server.Version,
            Timestamp = entry.CreatedAt,
            Documents = captured.Collections.Sum(static one => one.Record.Documents),
            DocumentBytes = captured.Collections.Sum(static one => one.RawBytes),
            StoredBytes = entry.Metadata?.StoredBytes ?? 0,
            NewBytes = entry.Metadata?.NewBytes ?? 0,
            Parent = parent?.Name,
            Captures = captured.Collections.ToDictionary(static one => one.Record.Name, static one => one.Capture, StringComparer.Ordinal),
            Duration = _clock.GetElapsedTime(started),
            Collections = [.. captured.Collections.Select(static one => one.Proof).OrderBy(static one => one.Name, StringComparer.Ordinal)],
            Views = [.. inventory.Views.Select(static view => view.Name).Order(StringComparer.Ordinal)],
            Graphs = [.. captured.Graphs.Order(StringComparer.Ordinal)],
            Files = files,
            Warnings = [.. parents.Warnings, .. captured.Collections.Select(static one => one.Warning).OfType<string>(), .. capture.Warnings, .. request.Bulk is { } kept ? Trash.Clean(kept, _clock) : []],
        };
    }

    private sealed record Captured(IReadOnlyList<CapturedCollection> Collections, IReadOnlyList<string> Graphs);

    private sealed record CaptureContext(ReplicationBatch Batch, Inventory Inventory, SnapshotWriter Writer, SnapshotParents Parents);

    private async Task<Captured> CaptureAsync(CaptureContext context, CreateSnapshotRequest request, CancellationToken cancellationToken)
    {
        var (batch, inventory, writer, parents) = context;
        var (graphs, mentioned) = (new ConcurrentBag<string>(), new ConcurrentBag<string>(inventory.Views.SelectMany(CoverageCheck.CollectionsOf)));
        void Observe(RestoreObject kind, ReadOnlyMemory<byte> lines)
        {
            if (kind == RestoreObject.Graph)
            {
                DefinitionDocuments.Read(kind, lines).Select(static one => one.Name).ToList().ForEach(graphs.Add);
                DefinitionDocuments.CollectionsOfGraphs(lines).ToList().ForEach(mentioned.Add);
            }
        }

        var capture = new CollectionCapture(batch, writer, parents, _progress) { ToleratesDoubt = request.Safety, VerifyParent = request.Parent.VerifyContent, Observe = Observe };
        var entries = inventory.Collections.Where(static one => !one.IsDeleted).ToList();
        var prepared = new CollectionToCapture[entries.Count];
        var captured = new CapturedCollection[entries.Count];
        await ForEachAsync(Enumerable.Range(0, entries.Count), async (index, token) => prepared[index] = await capture.PrepareAsync(entries[index], token), cancellationToken);
        var coverage = new CoverageCheck(batch);
        await coverage.RequireCompleteAsync(inventory, cancellationToken);

        _progress.BeginPhase(OperationPhase.Reading, new WorkTotal(prepared.Sum(static one => (long?)one.Root?.Count ?? one.Before?.Count), null));
        var largestFirst = Enumerable.Range(0, entries.Count).OrderByDescending(index => prepared[index].Root?.Count ?? ulong.MaxValue);
        await ForEachAsync(
            largestFirst,
            async (index, token) =>
            {
                captured[index] = await capture.CaptureAsync(prepared[index], token);
                prepared[index] = prepared[index] with { Tree = null };
            },
            cancellationToken);

        _progress.BeginPhase(OperationPhase.Proving, WorkTotal.Unknown);
        await coverage.RequireVisibleAsync(inventory, mentioned, cancellationToken);
        await batch.ConfirmAliveAsync(cancellationToken);
        return new Captured(captured, [.. graphs]);
    }

    private static Task ForEachAsync(IEnumerable<int> items, Func<int, CancellationToken, Task> run, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = CollectionsAtOnce, CancellationToken = cancellationToken },
            async (item, token) => await run(item, token));

    private static async Task<Manifest> BuildManifestAsync(
        string database, ServerDescription server, Inventory inventory, Captured captured, SnapshotWriter writer, CancellationToken cancellationToken)
    {
        var views = new List<StructureRecord>();
        foreach (var view in inventory.Views)
        {
            var path = await writer.WriteStructureAsync(StructureKind.View, view.Name, view.Json, cancellationToken);
            views.Add(new StructureRecord { Name = view.Name, Type = view.Type, Structure = path });
        }

        using var properties = JsonDocument.Parse(inventory.Properties);
        return new Manifest
        {
            Database = database,
            Server = new ServerFacts { Version = server.Version, License = server.License, Engine = server.Engine, Role = server.Role },
            Consistency = new ConsistencyFacts { Tick = inventory.Tick, LastLogTick = inventory.LastLogTick, ServerTime = inventory.ServerTime },
            DatabaseProperties = properties.RootElement.Clone(),
            Collections = [.. captured.Collections.Select(static one => one.Record)],
            Views = views,
        };
    }

    private static SnapshotMetadata Metadata(CreateSnapshotRequest request, ServerDescription server)
    {
        var head = request.WorkingDirectory is { } directory ? GitHead.Find(directory) : null;
        return new SnapshotMetadata
        {
            GitCommit = head?.Commit,
            GitBranch = head?.Branch,
            Permanent = request.Permanent,
            Safety = request.Safety,
            Engine = "native",
            CreatedBy = $"metis-backup {typeof(CreateSnapshot).Assembly.GetName().Version?.ToString(3)}",
            ServerVersion = server.Version,
        };
    }
}
