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
internal sealed record CapturedCollection(CollectionRecord Record, CollectionProof Proof, long RawBytes, string? Warning)
{
    /// <summary>How its documents got into the snapshot.</summary>
    public required CaptureDetail Capture { get; init; }
}

/// <summary>A collection and what the server said about it before its documents were read.</summary>
/// <param name="Entry">Its entry in the inventory.</param>
/// <param name="Root">Its revisions at the point in time; null when the server cannot tell.</param>
/// <param name="Before">Without <paramref name="Root"/>: count and highest revision just before; null when not asked.</param>
internal sealed record CollectionToCapture(CollectionEntry Entry, RevisionSummary? Root, (long Count, string Revision)? Before)
{
    /// <summary>Ids that the tree cannot hold.</summary>
    public IReadOnlyList<RevisionRange> Outside { get; init; } = [];

    /// <summary>The whole tree; null when the newest parent holds exactly these revisions, or the server has none.</summary>
    public RevisionTree? Tree { get; init; }
}

/// <summary>Copies collections from a batch into a snapshot and proves that nothing is missing. Safe for several collections at once.</summary>
internal sealed class CollectionCapture(ReplicationBatch batch, SnapshotWriter writer, SnapshotParents parents, IOperationProgress progress)
{
    private readonly CollectionDumpReader _reader = new(batch);
    private readonly SnapshotReading _reading = new(batch);
    private readonly Arango.Client.ServerInquiry _inquiry = new(batch.Client, batch.Database);
    private readonly SnapshotWriter _writer = writer;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Takes a collection whose proof fails as it is, marked, instead of failing: for the state before a restore, which must not be lost.</summary>
    public bool ToleratesDoubt { get; init; }

    /// <summary>What is shared with a parent is compared with its hashes, byte for byte.</summary>
    public bool VerifyParent { get; init; }

    /// <summary>Given the documents of the system collections that define things.</summary>
    public required Action<RestoreObject, ReadOnlyMemory<byte>> Observe { get; init; }

    /// <summary>What the server states about a collection; to be asked right after the inventory, once.</summary>
    public async Task<CollectionToCapture> PrepareAsync(CollectionEntry entry, CancellationToken cancellationToken)
    {
        var tree = entry.HasRevisionTree ? await _reading.ReadTreeAsync(entry.Name, cancellationToken) : null;
        var root = tree?.Summary ?? (entry.HasRevisionTree ? await _reading.ReadRevisionSummaryAsync(entry.Name, cancellationToken) : null);
        var isUnchanged = parents.Of(entry.GloballyUniqueId).FirstOrDefault()?.Record.Summary() == root;
        return new CollectionToCapture(entry, root, root is null ? await _inquiry.ReadStateAsync(entry.Name, cancellationToken) : null)
        {
            Tree = isUnchanged ? null : tree,
            Outside = tree?.Outside() ?? [],
        };
    }

    /// <summary>Captures all documents, as far as possible from an older snapshot.</summary>
    /// <exception cref="MetisException">13 when something is missing or too much; 16, 17 as usual.</exception>
    public async Task<CapturedCollection> CaptureAsync(CollectionToCapture collection, CancellationToken cancellationToken)
    {
        var entry = collection.Entry;
        var structure = await _writer.WriteStructureAsync(StructureKind.Collection, entry.Name, entry.Json, cancellationToken);
        var decision = new CaptureDecision(CaptureMethod.Full, parents.First is null ? parents.WhyNone : "no older snapshot holds it");
        foreach (var parent in parents.Of(entry.GloballyUniqueId))
        {
            decision = CapturePlanner.Decide(new CaptureFacts(collection.Root, collection.Tree is not null, parent.Record.Summary()));
            if (decision.Method == CaptureMethod.Full || (decision.Method == CaptureMethod.Changes && DefinitionDocuments.KindOf(entry.Name) is not null))
            {
                break;
            }

            try
            {
                (var captured, decision) = await ShareAsync(collection, structure, parent, decision, cancellationToken);
                if (captured is not null)
                {
                    return captured;
                }

                await _writer.DiscardCollectionAsync(entry.Name);
                break;
            }
            catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed)
            {
                await _writer.DiscardCollectionAsync(entry.Name);
                decision = new CaptureDecision(CaptureMethod.Full, "the older snapshot is damaged");
                collection = await ReadTreeAgainAsync(collection, cancellationToken);
                parents.Warn($"Collection {QuotedName.Of(entry.Name)} could not be shared with snapshot {QuotedName.Of(parent.Reader.Entry.Name)}: {error.Message}");
            }
            catch (MetisException error) when (error.Code is ErrorCode.ServerFailed)
            {
                // A server that is gone, or has lost the batch, says so here; one that only refuses these calls can still be read in full.
                await batch.ConfirmAliveAsync(cancellationToken);
                await _writer.DiscardCollectionAsync(entry.Name);
                decision = new CaptureDecision(CaptureMethod.Full, "the server did not tell what changed");
                parents.Warn($"Collection {QuotedName.Of(entry.Name)} was read in full: {error.Message}");
                break;
            }
        }

        return await ReadAsync(collection, structure, decision, cancellationToken);
    }

    /// <summary>
    /// Documents whose revisions a tree cannot hold do not show in its root (arangodb-protocol 11.1). The listing knows them, and is mostly empty.
    /// </summary>
    private async Task<bool> HasDocumentsOutsideAsync(CollectionToCapture collection, CancellationToken cancellationToken)
    {
        await foreach (var block in new RevisionLister(batch).ListAsync(collection.Entry.Name, collection.Outside, cancellationToken))
        {
            return block.Ids.Length > 0;
        }

        return false;
    }

    /// <summary>An older parent needs the tree that the newer one made superfluous; a server need not give it twice (arangodb-protocol 10.6).</summary>
    private async Task<CollectionToCapture> ReadTreeAgainAsync(CollectionToCapture collection, CancellationToken cancellationToken)
    {
        var tree = collection.Tree ?? (collection.Entry.HasRevisionTree ? await _reading.ReadTreeAsync(collection.Entry.Name, cancellationToken) : null);
        return collection with { Tree = tree?.Summary == collection.Root ? tree : null };
    }

    /// <summary>Shares with a parent what did not change; null when a full read is to be taken instead, as the decision then says.</summary>
    private async Task<(CapturedCollection? Captured, CaptureDecision Decision)> ShareAsync(
        CollectionToCapture collection, string structure, ParentCollection parent, CaptureDecision decision, CancellationToken cancellationToken)
    {
        var target = _writer.OpenCollection(collection.Entry.Name);
        var counts = default(ChangeCounts);
        if (decision.Method == CaptureMethod.Linked)
        {
            if (await HasDocumentsOutsideAsync(collection, cancellationToken))
            {
                return (null, new CaptureDecision(CaptureMethod.Full, "it has documents that its revision tree does not hold"));
            }

            await target.InheritAsync(parent.Reader, parent.Record, removed: null, VerifyParent, cancellationToken);
            await ObserveStoredAsync(collection.Entry.Name, parent, cancellationToken);
        }
        else
        {
            var changes = new ChangeCapture(batch, parent, collection.Entry.Name, collection.Tree!)
            {
                Target = target,
                Receive = (block, token) => TakeAsync(collection.Entry.Name, target, block, token),
                VerifyContent = VerifyParent,
            };
            (var found, decision) = await changes.RunAsync(cancellationToken);
            if (found is null)
            {
                return (null, decision);
            }

            counts = found.Value;
        }

        var before = target.Documents - counts.Added;
        var data = await target.CompleteAsync(cancellationToken);
        if (data.Summary != collection.Root)
        {
            throw new MetisException(ErrorCode.VerificationFailed, "its segments do not add up to what its manifest states.");
        }

        _progress.Advance(collection.Entry.Name, before, 0);
        var detail = new CaptureDetail(decision.Method, counts.Added, counts.Removed, decision.Reason);
        return (await FinishAsync(collection, structure, data, detail, cancellationToken), decision);
    }

    private async Task<CapturedCollection> ReadAsync(CollectionToCapture collection, string structure, CaptureDecision decision, CancellationToken cancellationToken)
    {
        var name = collection.Entry.Name;
        await using var target = _writer.OpenCollection(name);
        await _reader.ReadAsync(name, (block, token) => TakeAsync(name, target, block, token), cancellationToken);
        var data = await target.CompleteAsync(cancellationToken);
        return await FinishAsync(collection, structure, data, new CaptureDetail(CaptureMethod.Full, data.Documents, 0, decision.Reason), cancellationToken);
    }

    private async ValueTask TakeAsync(string name, CollectionWriter target, DumpBlock block, CancellationToken cancellationToken)
    {
        using (block)
        {
            var before = target.Documents;
            await target.WriteAsync(block.Lines, cancellationToken);
            _progress.Advance(name, target.Documents - before, block.Length);
            if (DefinitionDocuments.KindOf(name) is { } defining)
            {
                Observe(defining, block.Lines);
            }
        }
    }

    /// <summary>Definitions that did not change are read from the parent: views and graphs in them name collections.</summary>
    private async Task ObserveStoredAsync(string name, ParentCollection parent, CancellationToken cancellationToken)
    {
        if (DefinitionDocuments.KindOf(name) is { } defining)
        {
            await foreach (var block in parent.Reader.ReadDocumentsAsync(parent.Record, cancellationToken))
            {
                using (block)
                {
                    Observe(defining, block.Lines);
                }
            }
        }
    }

    private async Task<CapturedCollection> FinishAsync(
        CollectionToCapture collection, string structure, CollectionData data, CaptureDetail detail, CancellationToken cancellationToken)
    {
        var doubt = await FindDoubtAsync(collection, data, cancellationToken);
        return new CapturedCollection(Record(collection, structure, data, doubt), Proof(collection, data, doubt), data.RawBytes, doubt is null ? null : Warning(collection.Entry.Name, doubt))
        {
            Capture = detail,
        };
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
        HighestRevision = data.HighestRevision.Value > 0 ? data.HighestRevision.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        Segments = data.Segments,
    };

    private static CollectionProof Proof(CollectionToCapture collection, CollectionData data, string? doubt) => new(
        collection.Entry.Name,
        collection.Entry.IsEdge,
        data.Documents,
        data.Summary.Hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        doubt is not null ? ProofKind.None : collection.Root is null ? ProofKind.Count : ProofKind.RevisionTree);
}
