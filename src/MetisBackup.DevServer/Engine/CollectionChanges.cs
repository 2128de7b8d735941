using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>What a running write transaction has changed in one collection, beside the rows themselves.</summary>
internal sealed class CollectionChanges(CollectionState before)
{
    private readonly List<(ulong Revision, bool Added)> _tree = [];
    private bool _emptied;
    private RevisionTree? _rebuilt;
    private ulong _lastRevision = before.LastRevision;

    public long Count { get; private set; } = before.Count;

    public ulong LastKey { get; set; } = before.LastKey;

    public ulong LastRevision => _lastRevision;

    /// <summary>The counters as the transaction sees them; the tree follows at the commit.</summary>
    public CollectionState Current => before with { Count = Count, LastRevision = _lastRevision, LastKey = LastKey };

    public void Added(ulong revision)
    {
        Count++;
        _tree.Add((revision, Added: true));
        _lastRevision = Math.Max(_lastRevision, revision);
    }

    public void Removed(ulong revision)
    {
        Count--;
        _tree.Add((revision, Added: false));
    }

    public void Emptied()
    {
        Count = 0;
        _emptied = true;
        _tree.Clear();
    }

    /// <summary>A tree of the stored documents, this transaction's included, takes the place of the kept one.</summary>
    public void Rebuilt(RevisionTree tree)
    {
        _rebuilt = tree;
        _emptied = false;
        _tree.Clear();
    }

    /// <summary>The counters after the commit, with the changes worked into a copy of the tree.</summary>
    public CollectionState Finish(ulong sequence)
    {
        var tree = _rebuilt ?? before.Tree?.Clone() ?? throw new InvalidOperationException("The tree is loaded before the first change.");
        if (_emptied)
        {
            tree = CollectionTrees.Empty(tree.RangeMin.Value, tree.RangeMax.Value);
        }

        foreach (var (revision, added) in _tree)
        {
            if (added)
            {
                CollectionTrees.Insert(tree, revision);
            }
            else
            {
                CollectionTrees.Remove(tree, revision);
            }
        }

        return Current with { ChangedAt = sequence, Tree = tree, RangeMin = tree.RangeMin.Value, RangeMax = tree.RangeMax.Value };
    }
}
