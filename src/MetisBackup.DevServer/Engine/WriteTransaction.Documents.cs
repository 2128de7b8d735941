using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <content>Documents.</content>
internal sealed partial class WriteTransaction
{
    /// <summary>Adds a document.</summary>
    /// <exception cref="ArangoException">409/E1210: the key is taken, or a unique index forbids it.</exception>
    public void Insert(CollectionInfo collection, in StoredDocument document)
    {
        if (!TryInsert(collection, document))
        {
            throw ArangoErrors.UniqueViolation(UniqueEntries.Message(collection.Indexes[0], document.Key));
        }
    }

    /// <summary>Adds a document, or puts it in the place of the one with the same key.</summary>
    /// <exception cref="ArangoException">409/E1210: a unique index forbids it.</exception>
    public void Upsert(CollectionInfo collection, in StoredDocument document)
    {
        if (!TryInsert(collection, document))
        {
            Replace(collection, document);
        }
    }

    /// <summary>Adds a document; false, with nothing changed, where its key is taken.</summary>
    private bool TryInsert(CollectionInfo collection, in StoredDocument document)
    {
        var changes = Changes(collection);
        var indexes = UniqueIndexes(collection);
        var values = indexes.Count == 0 ? [] : UniqueValues(indexes, document);
        if (values.Count > 0 && Contains(collection, document.Key))
        {
            return false;
        }

        CheckUnique(values);
        var record = RecordOf(collection, document);
        using var key = Connection.Rent(SqlText.InsertKey, collection.Number);
        key.BindText(1, document.Key).Bind(2, record);
        if (!key.TryRun())
        {
            return false;
        }

        InsertUnique(values);
        InsertRecord(collection, record, document);
        changes.Added(document.Revision.Value);
        changes.LastKey = KeyGenerator.Observe(collection, document.Key, changes.LastKey);
        Log(OperationKind.PutDocument, collection, document);
        return true;
    }

    /// <summary>Puts a new version in the place of the one with the same key.</summary>
    /// <exception cref="ArangoException">404/E1202: no such key; 409/E1210: a unique index forbids it.</exception>
    public void Replace(CollectionInfo collection, in StoredDocument document)
    {
        var changes = Changes(collection);
        if (!TryFindRecord(collection, document.Key, out var old))
        {
            throw ArangoErrors.DocumentNotFound();
        }

        var indexes = UniqueIndexes(collection);
        List<UniqueEntry> oldValues = [];
        List<UniqueEntry> newValues = [];
        if (indexes.Count > 0 && TryGet(collection, document.Key, out var oldDocument))
        {
            newValues = UniqueValues(indexes, document);
            CheckUnique(newValues);
            oldValues = UniqueValues(indexes, oldDocument);
        }

        if (DeleteRecord(collection, old, changes) is null)
        {
            throw ArangoErrors.DocumentNotFound();
        }

        DeleteUnique(oldValues);
        InsertUnique(newValues);
        var record = RecordOf(collection, document);
        using var key = Connection.Rent(SqlText.MoveKey, collection.Number);
        key.BindText(1, document.Key).Bind(2, record).Run();
        InsertRecord(collection, record, document);
        changes.Added(document.Revision.Value);
        Log(OperationKind.PutDocument, collection, document);
    }

    /// <summary>Removes the document with this key.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(CollectionInfo collection, string key)
    {
        var changes = Changes(collection);
        if (!TryFindRecord(collection, key, out var record))
        {
            return false;
        }

        var indexes = UniqueIndexes(collection);
        var values = indexes.Count > 0 && TryGet(collection, key, out var document) ? UniqueValues(indexes, document) : [];
        if (DeleteRecord(collection, record, changes) is not { } removed)
        {
            return false;
        }

        DeleteUnique(values);
        using var statement = Connection.Rent(SqlText.DeleteKey, collection.Number);
        statement.BindText(1, key).Run();
        Log(OperationKind.RemoveDocument, collection, new StoredDocument(key, removed, default));
        return true;
    }

    /// <summary>Computes the revision tree anew from the documents, over a range as small as they allow (arangodb-protocol 10.6).</summary>
    public void RebuildTree(CollectionInfo collection) =>
        Changes(collection).Rebuilt(CollectionTrees.Build(
            Connection, collection.Number, CollectionState.New.RangeMin, CollectionState.New.RangeMax));

    /// <summary>Removes every document.</summary>
    public void Truncate(CollectionInfo collection)
    {
        Changes(collection).Emptied();
        Connection.Execute(SqlTexts.TruncateCollection(collection.Number));
        foreach (var index in UniqueIndexes(collection))
        {
            Connection.Execute(SqlTexts.TruncateUnique(index.Storage));
        }

        Log(OperationKind.TruncateCollection, collection);
    }

    /// <summary>A key from the collection's key generator (keyOptions).</summary>
    public string NewKey(CollectionInfo collection)
    {
        var changes = Changes(collection);
        var (key, last) = KeyGenerator.Next(collection, changes.LastKey, _engine);
        changes.LastKey = last;
        return key;
    }

    /// <summary>The record id: the revision, or a fresh one where the collection keeps its own.</summary>
    private long RecordOf(CollectionInfo collection, in StoredDocument document) =>
        RecordNumber.ToStored(collection.UsesRevisionsAsDocumentIds ? document.Revision.Value : _engine.Clock.Next().Value);

    /// <summary>A record id that is taken is overwritten without a look, as on the real server (arangodb-protocol 11.1).</summary>
    private void InsertRecord(CollectionInfo collection, long record, in StoredDocument document)
    {
        using var statement = Connection.Rent(SqlText.InsertRecord, collection.Number);
        statement
            .Bind(1, record)
            .Bind(2, RecordNumber.ToStored(document.Revision.Value))
            .BindText(3, document.Key)
            .BindBlob(4, document.Body.Span)
            .Run();
    }

    /// <summary>The revision of the record; null where it is gone already: the damage that a collision of revisions leaves (arangodb-protocol 11.1).</summary>
    private RevisionId? DeleteRecord(CollectionInfo collection, long record, CollectionChanges changes)
    {
        var revision = record;
        if (!collection.UsesRevisionsAsDocumentIds)
        {
            using var read = Connection.Rent(SqlText.ReadRecord, collection.Number);
            revision = read.Bind(1, record).Step() ? read.Int64(1) : record;
        }

        using var statement = Connection.Rent(SqlText.DeleteRecord, collection.Number);
        statement.Bind(1, record).Run();
        if (Connection.RowsChanged == 0)
        {
            return null;
        }

        var removed = new RevisionId(RecordNumber.FromStored(revision));
        changes.Removed(removed.Value);
        return removed;
    }

    private static List<IndexInfo> UniqueIndexes(CollectionInfo collection)
    {
        List<IndexInfo>? found = null;
        foreach (var index in collection.Indexes)
        {
            if (UniqueEntries.IsEnforced(index))
            {
                (found ??= []).Add(index);
            }
        }

        return found ?? [];
    }

    private static List<UniqueEntry> UniqueValues(List<IndexInfo> indexes, in StoredDocument document)
    {
        var entries = new List<UniqueEntry>();
        foreach (var index in indexes)
        {
            UniqueEntries.Collect(index, document, entries);
        }

        return entries;
    }

    /// <summary>Passes values that no other document has.</summary>
    /// <exception cref="ArangoException">409/E1210: another document has one of the values.</exception>
    private void CheckUnique(List<UniqueEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (HolderOf(entry) is { } taken && taken != entry.Key)
            {
                throw ArangoErrors.UniqueViolation(UniqueEntries.Message(entry.Index, taken));
            }
        }
    }

    private string? HolderOf(UniqueEntry entry)
    {
        using var statement = Connection.Rent(SqlText.ReadUnique, entry.Index.Storage);
        statement.BindBlob(1, entry.Value);
        return statement.Step() ? statement.Text(0) : null;
    }

    private void InsertUnique(List<UniqueEntry> entries)
    {
        foreach (var entry in entries)
        {
            using var statement = Connection.Rent(SqlText.InsertUnique, entry.Index.Storage);
            statement.BindBlob(1, entry.Value).BindText(2, entry.Key).TryRun();
        }
    }

    private void DeleteUnique(List<UniqueEntry> entries)
    {
        foreach (var entry in entries)
        {
            using var statement = Connection.Rent(SqlText.DeleteUnique, entry.Index.Storage);
            statement.BindBlob(1, entry.Value).Run();
        }
    }
}
