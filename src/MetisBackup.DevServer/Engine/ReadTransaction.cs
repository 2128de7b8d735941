using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>A consistent view of the server for one thread at a time.</summary>
internal class ReadTransaction : IDisposable
{
    /// <summary>The definitions that belong to this view; a write transaction shows its own changes.</summary>
    public Catalog Catalog => throw new NotImplementedException();

    /// <summary>Number of the last operation that this view contains.</summary>
    public ulong Sequence => throw new NotImplementedException();

    /// <summary>Number of documents, kept with each commit.</summary>
    public long Count(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>The highest revision that this collection ever saw; 0 for none.</summary>
    public RevisionId LastRevision(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>The last value of the key generator, for <c>keyOptions.lastValue</c>.</summary>
    public ulong LastKey(CollectionInfo collection) => throw new NotImplementedException();

    public bool TryGet(CollectionInfo collection, string key, out StoredDocument document) => throw new NotImplementedException();

    public bool TryGetByRevision(CollectionInfo collection, RevisionId revision, out StoredDocument document) =>
        throw new NotImplementedException();

    public bool Contains(CollectionInfo collection, string key) => throw new NotImplementedException();

    /// <summary>The documents in ascending order of their record id; spans of the cursor are valid until the next move.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="first">Smallest record id, inclusive.</param>
    /// <param name="last">Largest record id, inclusive.</param>
    public DocumentCursor Scan(CollectionInfo collection, ulong first = 0, ulong last = ulong.MaxValue) =>
        throw new NotImplementedException();

    /// <summary>The same as values, for callers that keep them.</summary>
    public IEnumerable<StoredDocument> Documents(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>Revision ids of an inclusive range, ascending, at most <paramref name="limit"/>; bodies are not read.</summary>
    public IReadOnlyList<RevisionId> RevisionIds(CollectionInfo collection, RevisionId first, RevisionId last, int limit) =>
        throw new NotImplementedException();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
