using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>What changed between a snapshot and the point in time of a batch.</summary>
/// <param name="Added">Documents whose revision the snapshot lacks.</param>
/// <param name="Removed">Revisions of the snapshot that are gone.</param>
internal readonly record struct ChangeCounts(long Added, long Removed);

/// <summary>
/// Captures one collection by what changed since an older snapshot (arangodb-protocol 10.11). New revisions lie above all old ones, so those
/// are asked for first; they and the old revisions whose keys they replace mostly explain everything, which the root of the tree proves.
/// Only the leaves that are still unexplained then are listed.
/// </summary>
internal sealed class ChangeCapture(ReplicationBatch batch, ParentCollection parent, string name, RevisionTree live)
{
    private static readonly RevisionId Highest = new(ulong.MaxValue - 1);

    private readonly RevisionLister _lister = new(batch);
    private readonly RevisionDocumentsReader _documents = new(batch);
    private readonly CollectionRecord _stored = parent.Record;
    private readonly KeySet _replaced = new();
    private CompactRevisions?[] _removed = new CompactRevisions?[parent.Record.Segments.Count];
    private RevisionSummary _removedSum;

    /// <summary>Takes each block of documents, which it disposes.</summary>
    public required Func<DumpBlock, CancellationToken, ValueTask> Receive { get; init; }

    /// <summary>Where the documents go.</summary>
    public required CollectionWriter Target { get; init; }

    /// <summary>What is shared is compared with its hashes.</summary>
    public required bool VerifyContent { get; init; }

    /// <summary>Runs the capture; null counts when a full read is to be taken instead, for the reason given. The target is then to be discarded.</summary>
    public async Task<(ChangeCounts? Counts, CaptureDecision Decision)> RunAsync(CancellationToken cancellationToken)
    {
        var border = _stored.Highest() ?? await Task.Run(FindHighest, cancellationToken);
        var added = await ListNewAsync(border, cancellationToken);
        if (CapturePlanner.IsFullCheaper(live.Count, (ulong)added.Count))
        {
            return (null, CapturePlanner.Cheaper);
        }

        if (Sum(added.Summary) == live.Summary)
        {
            await FetchAsync(added, cancellationToken);
        }
        else
        {
            Target.Keys = added.Count > 0 ? _replaced : null;
            await FetchAsync(added, cancellationToken);
            Target.Keys = null;
            await Task.Run(RemoveReplaced, cancellationToken);
            if (Sum(added.Summary) != live.Summary)
            {
                CompactRevisions older;
                try
                {
                    older = await CompareAsync(border, added, cancellationToken);
                }
                catch (RevisionTreeException)
                {
                    return (null, new CaptureDecision(CaptureMethod.Full, "some of its revisions fit into no tree"));
                }

                if (CapturePlanner.IsFullCheaper(live.Count, (ulong)(added.Count + older.Count)))
                {
                    return (null, CapturePlanner.Cheaper);
                }

                await FetchAsync(older, cancellationToken);
                added = Together(added, older);
            }
        }

        if (Sum(added.Summary) != live.Summary)
        {
            return (null, new CaptureDecision(CaptureMethod.Full, "the server's list of revisions contradicts its tree"));
        }

        await Target.InheritAsync(parent.Reader, _stored, _removed, VerifyContent, cancellationToken);
        return (new ChangeCounts(added.Count, (long)_removedSum.Count), new CaptureDecision(CaptureMethod.Changes, null));
    }

    /// <summary>What the snapshot would hold now.</summary>
    private RevisionSummary Sum(RevisionSummary added)
    {
        var stored = _stored.Summary();
        return new RevisionSummary(stored.Count - _removedSum.Count + added.Count, stored.Hash ^ _removedSum.Hash ^ added.Hash);
    }

    /// <summary>What is above the border, and what no tree holds. Stops early when so many are new that a full read is cheaper anyway.</summary>
    private async Task<CompactRevisions> ListNewAsync(RevisionId border, CancellationToken cancellationToken)
    {
        var added = new CompactRevisions();
        var ranges = live.Outside().Append(new RevisionRange(new RevisionId(border.Value + 1), Highest));
        await foreach (var block in _lister.ListAsync(name, ranges, cancellationToken))
        {
            foreach (var id in block.Ids.Span)
            {
                added.Add(id);
            }

            if (CapturePlanner.IsFullCheaper(live.Count, (ulong)added.Count))
            {
                break;
            }
        }

        return added;
    }

    private async Task FetchAsync(CompactRevisions revisions, CancellationToken cancellationToken)
    {
        if (revisions.Count == 0)
        {
            return;
        }

        await foreach (var block in _documents.ReadAsync(name, revisions, cancellationToken))
        {
            await Receive(block, cancellationToken);
        }
    }

    private RevisionId FindHighest()
    {
        var highest = 0UL;
        foreach (var block in parent.Reader.ReadRevisionBlocks(_stored))
        {
            highest = block.Revisions[^1];
        }

        return new RevisionId(highest);
    }

    /// <summary>A key has one revision: where a new document has the key of an old one, the old one is gone.</summary>
    private void RemoveReplaced()
    {
        if (_replaced.Count == 0)
        {
            return;
        }

        foreach (var block in parent.Reader.ReadRevisionBlocks(_stored))
        {
            for (var position = 0; position < block.Count; position++)
            {
                if (_replaced.Contains(block.KeyOf(position)))
                {
                    Remove(block, position);
                }
            }
        }
    }

    private void Remove(StoredRevisions block, int position)
    {
        var id = block.Revisions[position];
        (_removed[block.PlaceOf(position).Segment] ??= new CompactRevisions()).Add(id);
        _removedSum = _removedSum.With(new RevisionId(id));
    }

    /// <summary>Lists the leaves that are still unexplained; returns what is new among the ids that are not above all old ones.</summary>
    private async Task<CompactRevisions> CompareAsync(RevisionId border, CompactRevisions added, CancellationToken cancellationToken)
    {
        var ranges = await Task.Run(() => Unexplained(border, added), cancellationToken);
        (_removed, _removedSum) = (new CompactRevisions?[_stored.Segments.Count], RevisionSummary.Empty);
        var older = new CompactRevisions();
        var range = 0;
        await foreach (var difference in RevisionMerge.CompareAsync(
            _lister.ListAsync(name, ranges, cancellationToken), parent.Reader.ReadRevisionBlocks(_stored), cancellationToken))
        {
            foreach (var position in difference.OnlyLeft.Span)
            {
                older.Add(difference.Left.Revisions[position]);
            }

            foreach (var position in difference.OnlyRight.Span)
            {
                var id = new RevisionId(difference.Right.Revisions[position]);
                while (range < ranges.Count && ranges[range].Max < id)
                {
                    range++;
                }

                if ((range < ranges.Count && ranges[range].Contains(id)) || (_replaced.Count > 0 && _replaced.Contains(difference.Right.KeyOf(position))))
                {
                    Remove(difference.Right, position);
                }
            }
        }

        return older;
    }

    private List<RevisionRange> Unexplained(RevisionId border, CompactRevisions added)
    {
        var tree = new RevisionTree(live.InitialRangeMin);
        foreach (var block in parent.Reader.ReadRevisionBlocks(_stored))
        {
            for (var position = 0; position < block.Count; position++)
            {
                if (_replaced.Count == 0 || !_replaced.Contains(block.KeyOf(position)))
                {
                    tree.Insert(new RevisionId(block.Revisions[position]));
                }
            }
        }

        foreach (var id in added)
        {
            tree.Insert(new RevisionId(id));
        }

        return [.. tree.Diff(live).Where(range => range.Min <= border).Select(range => range.Max <= border ? range : range with { Max = border })];
    }

    private static CompactRevisions Together(CompactRevisions added, CompactRevisions older)
    {
        foreach (var id in added)
        {
            older.Add(id);
        }

        return older;
    }
}
