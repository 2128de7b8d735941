using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>A replication batch: one pinned snapshot of the whole server, with iterators, until its time is over (arangodb-protocol 5).</summary>
internal sealed class ReplicationBatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DumpIterator> _iterators = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blockedTrees = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RevisionTree> _prefetchedTrees = new(StringComparer.Ordinal);

    public ReplicationBatch(string id, TimeSpan timeToLive, PinnedSnapshot snapshot)
    {
        Id = id;
        TimeToLive = timeToLive;
        Snapshot = snapshot;
    }

    public string Id { get; }

    public PinnedSnapshot Snapshot { get; }

    /// <summary>The time that the client asked for at the start.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>The collection named by <c>patchCount</c>; null for none.</summary>
    public CollectionInfo? PatchedCollection { get; init; }

    /// <summary>Id of the database that the batch was opened in.</summary>
    public required string DatabaseId { get; init; }

    /// <summary>When the batch is thrown away; in timestamps of the server's clock.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>
    /// From now on the tree of the collection can be had as of the snapshot, until it has been fetched once (arangodb-protocol 4.2).
    /// </summary>
    public void BlockTree(CollectionInfo collection)
    {
        lock (_gate)
        {
            _blockedTrees.Add(collection.Id);
        }
    }

    /// <summary>Keeps the tree of the collection for one fetch by its globallyUniqueId.</summary>
    public void PrefetchTree(CollectionInfo collection)
    {
        var tree = Snapshot.Tree(collection);
        lock (_gate)
        {
            _prefetchedTrees[collection.GloballyUniqueId] = tree;
        }
    }

    /// <summary>Takes a prefetched tree away; null where there is none under this spelling.</summary>
    public RevisionTree? TakePrefetchedTree(string spelling)
    {
        lock (_gate)
        {
            return _prefetchedTrees.Remove(spelling, out var tree) ? tree : null;
        }
    }

    /// <summary>The tree of the collection at the snapshot; null when later writes have taken it away (arangodb-protocol 10.6).</summary>
    public RevisionTree? TakeTree(CollectionInfo collection)
    {
        bool blocked;
        lock (_gate)
        {
            blocked = _blockedTrees.Remove(collection.Id);
        }

        return blocked || !Snapshot.IsOutdated(collection) ? Snapshot.Tree(collection) : null;
    }

    /// <summary>The iterator over the collection, taken for one request; null while another request holds it.</summary>
    public DumpIterator? TakeIterator(CollectionInfo collection)
    {
        lock (_gate)
        {
            if (!_iterators.TryGetValue(collection.Id, out var iterator))
            {
                iterator = new DumpIterator(collection);
                _iterators.Add(collection.Id, iterator);
            }

            if (iterator.IsTaken)
            {
                return null;
            }

            iterator.IsTaken = true;
            return iterator;
        }
    }

    /// <summary>Gives an iterator back; one that is at its end is forgotten, so that the next request starts again.</summary>
    public void Return(DumpIterator iterator, bool atEnd)
    {
        lock (_gate)
        {
            iterator.IsTaken = false;
            if (atEnd)
            {
                _iterators.Remove(iterator.Collection.Id);
            }
        }
    }

    /// <summary>
    /// Whether the batch is lost: a collection with an open iterator was dropped, or a database was and no iterator is left
    /// (arangodb-protocol 5).
    /// </summary>
    public bool IsLost(Catalog current)
    {
        if (PatchedCollection is not null && !Exists(current, PatchedCollection))
        {
            return true;
        }

        lock (_gate)
        {
            var orphans = _iterators.Values.Where(iterator => current.DatabaseById(iterator.Collection.DatabaseId) is null).ToList();
            foreach (var orphan in orphans)
            {
                _iterators.Remove(orphan.Collection.Id);
            }

            var lostDatabase = orphans.Count > 0 || current.DatabaseById(DatabaseId) is null;
            return (lostDatabase && _iterators.Count == 0) || _iterators.Values.Any(iterator => !Exists(current, iterator.Collection));
        }
    }

    public void Dispose() => Snapshot.Dispose();

    private static bool Exists(Catalog catalog, CollectionInfo collection) =>
        catalog.DatabaseById(collection.DatabaseId)?.Collections.Values.Any(other => other.Id == collection.Id) ?? false;
}

/// <summary>How far a dump of one collection has come.</summary>
internal sealed class DumpIterator(CollectionInfo collection)
{
    public CollectionInfo Collection => collection;

    public bool IsTaken { get; set; }

    /// <summary>The record id to go on from.</summary>
    public ulong Next { get; set; }

    /// <summary>Documents delivered so far: what <c>lastincluded</c> shows.</summary>
    public long Delivered { get; set; }
}
