using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>What was captured of one collection.</summary>
/// <param name="Record">For the manifest.</param>
/// <param name="Proof">How completeness was shown.</param>
/// <param name="RawBytes">Size of the documents as JSON Lines.</param>
/// <param name="Warning">Something to know; null for nothing.</param>
internal sealed record CapturedCollection(CollectionRecord Record, CollectionProof Proof, long RawBytes, string? Warning);

/// <summary>A collection and what the server said about it before its documents were read.</summary>
/// <param name="Entry">Its entry in the inventory.</param>
/// <param name="Root">Its revisions at the point in time; null when the server cannot tell.</param>
/// <param name="Before">Without <paramref name="Root"/>: count and highest revision just before; null when not asked.</param>
internal sealed record CollectionToCapture(CollectionEntry Entry, RevisionSummary? Root, (long Count, string Revision)? Before);

/// <summary>Copies collections from a batch into a snapshot and proves that nothing is missing. Safe for several collections at once.</summary>
internal sealed class CollectionCapture(ReplicationBatch batch, SnapshotWriter writer, IOperationProgress progress)
{
    /// <summary>Takes a collection whose proof fails as it is, marked, instead of failing: for the state before a restore, which must not be lost.</summary>
    public bool ToleratesDoubt { get; init; }

    private readonly CollectionDumpReader _reader = new(batch);
    private readonly SnapshotReading _reading = new(batch);
    private readonly Arango.Client.ServerInquiry _inquiry = new(batch.Client, batch.Database);
    private readonly SnapshotWriter _writer = writer;
    private readonly IOperationProgress _progress = progress;

    /// <summary>What the server states about a collection; to be asked right after the inventory, once.</summary>
    public async Task<CollectionToCapture> PrepareAsync(CollectionEntry entry, CancellationToken cancellationToken)
    {
        var root = entry.HasRevisionTree ? await _reading.ReadTreeRootAsync(entry.Name, cancellationToken) : null;
        root ??= entry.HasRevisionTree ? await _reading.ReadRevisionSummaryAsync(entry.Name, cancellationToken) : null;
        return new CollectionToCapture(
            entry, root, root is null ? await _inquiry.ReadStateAsync(entry.Name, cancellationToken) : null);
    }

    /// <summary>Reads all documents. Those of the system collections that define things are given to <paramref name="observe"/> too.</summary>
    /// <exception cref="MetisException">13 when something is missing or too much; 16, 17 as usual.</exception>
    public async Task<CapturedCollection> CaptureAsync(
        CollectionToCapture collection, Action<RestoreObject, ReadOnlyMemory<byte>> observe, CancellationToken cancellationToken)
    {
        var entry = collection.Entry;
        var structure = await _writer.WriteStructureAsync(StructureKind.Collection, entry.Name, entry.Json, cancellationToken);
        await using var target = _writer.OpenCollection(entry.Name);
        var kind = DefinitionDocuments.KindOf(entry.Name);
        await _reader.ReadAsync(
            entry.Name,
            async (block, token) =>
            {
                using (block)
                {
                    var before = target.Documents;
                    await target.WriteAsync(block.Lines, token);
                    _progress.Advance(entry.Name, target.Documents - before, block.Length);
                    if (kind is { } defining)
                    {
                        observe(defining, block.Lines);
                    }
                }
            },
            cancellationToken);
        var data = await target.CompleteAsync(cancellationToken);
        var doubt = await FindDoubtAsync(collection, data, cancellationToken);
        return new CapturedCollection(Record(collection, structure, data, doubt), Proof(collection, data, doubt), data.RawBytes, doubt is null ? null : Warning(collection.Entry.Name, doubt));
    }

    /// <summary>Why completeness could not be shown; null when it was.</summary>
    private async Task<string?> FindDoubtAsync(CollectionToCapture collection, CollectionData data, CancellationToken cancellationToken)
    {
        if (collection.Root is { } root)
        {
            return data.Summary == root ? null : Doubt(collection.Entry.Name, $"{data.Documents} documents arrived, the server's revision tree states {root.Count}, or others than those");
        }

        var after = await _inquiry.ReadStateAsync(collection.Entry.Name, cancellationToken);
        if (after != collection.Before)
        {
            return "it keeps no revision tree and was written to meanwhile, so its number of documents could not be compared";
        }

        return data.Documents == after.Count ? null : Doubt(collection.Entry.Name, $"{data.Documents} documents arrived, the server counts {after.Count}");
    }

    private string Doubt(string name, string difference) => ToleratesDoubt ? difference : throw new MetisException(
        ErrorCode.VerificationFailed,
        $"Collection {QuotedName.Of(name)} of database {batch.Database} cannot be proven to have arrived completely: {difference}.",
        "run the same command again; if it fails again, write anew the documents whose _rev is a plain number (no tree holds those), "
            + $"then have the server rebuild the tree: POST /_db/{batch.Database}/_api/replication/revisions/tree?collection={name}");

    private static string Warning(string name, string doubt) => $"Collection {QuotedName.Of(name)} is in the snapshot, but unproven: {doubt}.";

    private static CollectionRecord Record(CollectionToCapture collection, string structure, CollectionData data, string? doubt) => new()
    {
        Name = collection.Entry.Name,
        Type = collection.Entry.IsEdge ? 3 : 2,
        IsSystem = collection.Entry.IsSystem,
        GloballyUniqueId = collection.Entry.GloballyUniqueId,
        Structure = structure,
        Tree = collection.Root is { } root && doubt is null ? TreeRoot.Of(root) : null,
        Unproven = doubt,
        Documents = data.Documents,
        RevisionHash = TreeRoot.Of(data.Summary).Hash,
        Segments = data.Segments,
    };

    private static CollectionProof Proof(CollectionToCapture collection, CollectionData data, string? doubt) => new(
        collection.Entry.Name,
        collection.Entry.IsEdge,
        data.Documents,
        data.Summary.Hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        doubt is not null ? ProofKind.None : collection.Root is null ? ProofKind.Count : ProofKind.RevisionTree);
}
