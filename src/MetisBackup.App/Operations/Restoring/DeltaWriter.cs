using System.Collections.Concurrent;
using System.Text;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Restore;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>What was written to a collection.</summary>
/// <param name="Documents">Documents written.</param>
/// <param name="Bytes">Their size as JSON Lines.</param>
/// <param name="RevisionsKept">All of them have the revisions of the snapshot.</param>
internal sealed record DeltaOutcome(long Documents, long Bytes, bool RevisionsKept);

/// <summary>
/// Changes the documents of a collection into those of a snapshot: removes what is too much, then writes what is missing or differs
/// (arangodb-protocol 11.2). Ends in the same state when it is run again, from wherever it was left.
/// </summary>
internal sealed class DeltaWriter(ArangoClient client, string database, SnapshotReader reader, RestoreStart start, DocumentPump pump)
{
    private readonly DocumentWriter _documents = new(client, database);
    private readonly ServerInquiry _inquiry = new(client, database);

    /// <summary>Changes one collection.</summary>
    /// <param name="collection">The collection in the snapshot; it has its name on the server by now.</param>
    /// <param name="step">What the plan says about it.</param>
    /// <param name="rule">Which revisions can be kept.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<DeltaOutcome> RunAsync(CollectionRecord collection, RestoreStep step, RevisionRule rule, CancellationToken cancellationToken)
    {
        var outcome = new DeltaOutcome(0, 0, RevisionsKept: true);
        if (step.Changes is not { } changes || changes is { Added: 0, Changed: 0, Removed: 0 })
        {
            return outcome;
        }

        var refused = new ConcurrentBag<RefusedDocument>();
        var parts = start.Ready.ContainsKey(collection.Name) ? 1 : DifferencePart.PartsFor(new RevisionCounts(changes.Removed + changes.Changed, changes.Added + changes.Changed, null));
        for (var part = 0; part < parts; part++)
        {
            if (!start.Ready.TryGetValue(collection.Name, out var difference))
            {
                difference = new DifferencePart(part, parts);
                await start.Database.CompareAsync(collection, step.RenamedFrom ?? collection.Name, difference, cancellationToken);
            }

            var keep = rule.CanKeep(difference.Lowest, difference.Highest);
            await RemoveAsync(collection.Name, difference.Surplus(withReplaced: !keep), cancellationToken);
            if (keep && difference.Selection.Count > 0)
            {
                // Before the first document: from now on the server issues later revisions, to whoever writes at the same time too.
                await _inquiry.AdvanceClockAsync(difference.Highest.ToHlc(), cancellationToken);
            }

            var bytes = await pump.WriteAsync(collection.Name, reader.ReadDocumentsAsync(collection, difference.Selection, cancellationToken), keep, refused, cancellationToken);
            outcome = new DeltaOutcome(outcome.Documents + difference.Selection.Count, outcome.Bytes + bytes, outcome.RevisionsKept && keep);
        }

        await WriteRefusedAsync(collection, refused, cancellationToken);
        return outcome;
    }

    /// <summary>
    /// Documents whose unique values are still held by others that are changed too, as after a swap. By now everything else is as it should
    /// be, so once their present versions are gone too they fit.
    /// </summary>
    private async Task WriteRefusedAsync(CollectionRecord collection, ConcurrentBag<RefusedDocument> refused, CancellationToken cancellationToken)
    {
        if (refused.IsEmpty)
        {
            return;
        }

        await RemoveAsync(collection.Name, refused.Select(static one => ((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one.Key), (RevisionId?)null)), cancellationToken);
        var again = new ConcurrentBag<RefusedDocument>();
        await pump.WriteAsync(collection.Name, reader.ReadDocumentsAsync(collection, Select(collection, refused), cancellationToken), keepRevisions: true, again, cancellationToken);
        if (again.TryPeek(out var failure))
        {
            throw _documents.Refusal(collection.Name, failure);
        }
    }

    private DocumentSelection Select(CollectionRecord collection, IEnumerable<RefusedDocument> refused)
    {
        var wanted = refused.Select(static one => one.Revision.Value).ToHashSet();
        var selection = new DocumentSelection();
        foreach (var block in reader.ReadRevisionBlocks(collection))
        {
            for (var position = 0; position < block.Count; position++)
            {
                if (wanted.Contains(block.Revisions[position]))
                {
                    selection.Add(block.PlaceOf(position), block.Revisions[position]);
                }
            }
        }

        return selection;
    }

    private Task RemoveAsync(
        string collection, IEnumerable<(ReadOnlyMemory<byte> Key, RevisionId Revision)> documents, CancellationToken cancellationToken) =>
        RemoveAsync(collection, documents.Select(static one => (one.Key, (RevisionId?)one.Revision)), cancellationToken);

    private async Task RemoveAsync(
        string collection, IEnumerable<(ReadOnlyMemory<byte> Key, RevisionId? Revision)> documents, CancellationToken cancellationToken)
    {
        var remover = new DocumentRemover(client, database, collection);
        foreach (var (key, revision) in documents)
        {
            await remover.RemoveAsync(key, revision, cancellationToken);
        }

        await remover.FlushAsync(cancellationToken);
    }
}
