using System.Text;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>A consistent view of the server for one thread at a time. A collection that is not in it has no documents.</summary>
internal class ReadTransaction : IDisposable
{
    private readonly Action<SqlConnection> _giveBack;
    private bool _over;

    internal ReadTransaction(SqlConnection connection, EngineState state, Action<SqlConnection> giveBack)
    {
        Connection = connection;
        State = state;
        _giveBack = giveBack;
    }

    /// <summary>The definitions that belong to this view; a write transaction shows its own changes.</summary>
    public virtual Catalog Catalog => State.Catalog;

    /// <summary>Number of the last operation that this view contains.</summary>
    public virtual ulong Sequence => State.Sequence;

    internal SqlConnection Connection { get; }

    internal EngineState State { get; }

    /// <summary>Number of documents, kept with each commit.</summary>
    public long Count(CollectionInfo collection) => Counters(collection)?.Count ?? 0;

    /// <summary>The highest revision that this collection ever saw; 0 for none.</summary>
    public RevisionId LastRevision(CollectionInfo collection) => new(Counters(collection)?.LastRevision ?? 0);

    /// <summary>The last value of the key generator, for <c>keyOptions.lastValue</c>.</summary>
    public ulong LastKey(CollectionInfo collection) => Counters(collection)?.LastKey ?? 0;

    public bool TryGet(CollectionInfo collection, string key, out StoredDocument document) =>
        TryRead(SqlText.ReadByKey, collection, (text: key, number: 0), out document);

    public bool TryGetByRevision(CollectionInfo collection, RevisionId revision, out StoredDocument document)
    {
        var text = collection.UsesRevisionsAsDocumentIds ? SqlText.ReadRecord : SqlText.ReadRecordByRevision;
        return TryRead(text, collection, (text: null, number: RecordNumber.ToStored(revision.Value)), out document);
    }

    public bool Contains(CollectionInfo collection, string key) => TryFindRecord(collection, key, out _);

    /// <summary>The documents in ascending order of their record id; spans of the cursor are valid until the next move.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="first">Smallest record id, inclusive.</param>
    /// <param name="last">Largest record id, inclusive.</param>
    public DocumentCursor Scan(CollectionInfo collection, ulong first = 0, ulong last = ulong.MaxValue) =>
        Counters(collection) is null ? new DocumentCursor() : new DocumentCursor(Connection, collection.Number, first, last);

    /// <summary>The same as values, for callers that keep them.</summary>
    public IEnumerable<StoredDocument> Documents(CollectionInfo collection)
    {
        using var cursor = Scan(collection);
        while (cursor.MoveNext())
        {
            yield return cursor.Copy();
        }
    }

    /// <summary>Revision ids of an inclusive range, ascending, as many as fit; bodies are not read.</summary>
    /// <returns>How many were found.</returns>
    public int RevisionIds(CollectionInfo collection, RevisionId first, RevisionId last, Span<ulong> found)
    {
        if (Counters(collection) is null)
        {
            return 0;
        }

        using var rows = Connection.Rent(SqlText.ScanRevisions, collection.Number);
        rows.Bind(1, RecordNumber.ToStored(first.Value)).Bind(2, RecordNumber.ToStored(last.Value)).Bind(3, found.Length);
        var count = 0;
        while (count < found.Length && rows.Step())
        {
            found[count++] = RecordNumber.FromStored(rows.Int64(0));
        }

        return count;
    }

    /// <summary>The revision tree computed anew from the stored documents, over the range of the kept one.</summary>
    public RevisionTree ComputeTree(CollectionInfo collection)
    {
        var counters = Counters(collection) ?? CollectionState.New;
        return CollectionTrees.Build(Connection, collection.Number, counters.RangeMin, counters.RangeMax);
    }

    public void Dispose()
    {
        if (!_over)
        {
            _over = true;
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>The counters of a collection in this view; null when it does not know the collection.</summary>
    internal virtual CollectionState? Counters(CollectionInfo collection) => State.Collections.GetValueOrDefault(collection.Id);

    protected virtual void Dispose(bool disposing) => _giveBack(Connection);

    private protected bool TryFindRecord(CollectionInfo collection, string key, out long record)
    {
        record = 0;
        if (Counters(collection) is null)
        {
            return false;
        }

        using var statement = Connection.Rent(SqlText.FindKey, collection.Number);
        statement.BindText(1, key);
        var found = statement.Step();
        if (found)
        {
            record = statement.Int64(0);
        }

        return found;
    }

    private bool TryRead(SqlText text, CollectionInfo collection, (string? text, long number) parameter, out StoredDocument document)
    {
        document = default;
        if (Counters(collection) is null)
        {
            return false;
        }

        using var statement = Connection.Rent(text, collection.Number);
        if (parameter.text is null)
        {
            statement.Bind(1, parameter.number);
        }
        else
        {
            statement.BindText(1, parameter.text);
        }

        var found = statement.Step();
        if (found)
        {
            var revision = new RevisionId(RecordNumber.FromStored(statement.Int64(1)));
            document = new StoredDocument(Encoding.UTF8.GetString(statement.Bytes(2)), revision, statement.Bytes(3).ToArray());
        }

        return found;
    }
}
