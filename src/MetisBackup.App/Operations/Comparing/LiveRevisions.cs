using MetisBackup.Arango.Dump;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>
/// Finds the documents of one collection that only a snapshot or only the live database holds: trees, ranges, lists of revisions. The server
/// tells keys only together with documents, so documents that only the database holds are fetched, in portions.
/// </summary>
internal sealed class LiveRevisions(ReplicationBatch batch, SnapshotReader earlier, CollectionRecord collection, KeyedRecords records)
{
    private const int Portion = 1_000_000;
    private static readonly RevisionRange Everything = new(default, RevisionId.Invalid);
    private readonly List<ulong> _unnamed = [];
    private bool _misses;

    /// <summary>Puts what differs into the records.</summary>
    /// <param name="tree">The database's tree of the collection.</param>
    /// <param name="needsKeys">Keys are wanted even where nothing but additions is found.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Number of additions of which no record was made.</returns>
    public async Task<long> CollectAsync(RevisionTree tree, bool needsKeys, CancellationToken cancellationToken)
    {
        var ranges = await Task.Run(() => Differing(tree, cancellationToken), cancellationToken);
        var listing = new RevisionLister(batch).ListAsync(collection.Name, ranges, cancellationToken);
        await foreach (var stretch in RevisionMerge.CompareAsync(listing, earlier.ReadRevisionBlocks(collection), cancellationToken))
        {
            foreach (var position in stretch.OnlyRight.Span)
            {
                AddStored(stretch.Right, position, ranges);
            }

            foreach (var position in stretch.OnlyLeft.Span)
            {
                _unnamed.Add(stretch.Left.Revisions[position]);
            }

            if (_unnamed.Count >= Portion)
            {
                // From now on nothing is certain to be an addition only.
                _misses = true;
                await NameAsync(cancellationToken);
            }
        }

        if (!_misses && !needsKeys)
        {
            return _unnamed.Count;
        }

        await NameAsync(cancellationToken);
        return 0;
    }

    private void AddStored(StoredRevisions block, int position, IReadOnlyList<RevisionRange> ranges)
    {
        var revision = block.Revisions[position];
        if (IsWithin(ranges, revision))
        {
            _misses = true;
            records.Add(isAfter: false, block.KeyOf(position), new KeyedValue(revision, block.PlaceOf(position)));
        }
    }

    /// <summary>Fetches the documents whose keys are not known yet.</summary>
    private async Task NameAsync(CancellationToken cancellationToken)
    {
        await foreach (var block in new RevisionDocumentsReader(batch).ReadAsync(collection.Name, _unnamed, cancellationToken))
        {
            using (block)
            {
                records.AddDocuments(isAfter: true, block.Lines.Span, byContent: false);
            }
        }

        _unnamed.Clear();
    }

    private IReadOnlyList<RevisionRange> Differing(RevisionTree live, CancellationToken cancellationToken)
    {
        try
        {
            var stored = new RevisionTree(live.InitialRangeMin);
            foreach (var block in earlier.ReadRevisionBlocks(collection))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var revision in block.Revisions)
                {
                    stored.Insert(new RevisionId(revision));
                }
            }

            return live.Diff(stored);
        }
        catch (RevisionTreeException)
        {
            // Revisions that no tree can hold: every one has to be looked at.
            return [Everything];
        }
    }

    private static bool IsWithin(IReadOnlyList<RevisionRange> ranges, ulong revision)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Contains(new RevisionId(revision)))
            {
                return true;
            }

            (low, high) = ranges[middle].Max.Value < revision ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }
}
