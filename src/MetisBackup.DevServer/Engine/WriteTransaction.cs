using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// The one writer. A call that throws <see cref="ArangoException"/> has changed nothing, so a batch may go on after a failed item.
/// </summary>
internal sealed class WriteTransaction : ReadTransaction
{
    /// <summary>A fresh revision id.</summary>
    public RevisionId NewRevision() => throw new NotImplementedException();

    /// <summary>A fresh id of the server-wide counter, as decimal text.</summary>
    public string NewTick() => throw new NotImplementedException();

    /// <summary>A key from the collection's key generator (keyOptions).</summary>
    public string NewKey(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>Adds a document.</summary>
    /// <exception cref="ArangoException">409/E1210: the key is taken, or a unique index forbids it.</exception>
    public void Insert(CollectionInfo collection, in StoredDocument document) => throw new NotImplementedException();

    /// <summary>Puts a new version in the place of the one with the same key.</summary>
    /// <exception cref="ArangoException">404/E1202: no such key; 409/E1210: a unique index forbids it.</exception>
    public void Replace(CollectionInfo collection, in StoredDocument document) => throw new NotImplementedException();

    /// <summary>Removes the document with this key.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(CollectionInfo collection, string key) => throw new NotImplementedException();

    /// <summary>Removes every document.</summary>
    public void Truncate(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>Creates a database with the system collections that every database has.</summary>
    /// <exception cref="ArangoException">409/E1207: the name is taken.</exception>
    public DatabaseInfo CreateDatabase(string name, JsonElement options) => throw new NotImplementedException();

    public void DropDatabase(string name) => throw new NotImplementedException();

    /// <summary>Creates a collection and its storage; the id, when empty, is given here.</summary>
    /// <exception cref="ArangoException">409/E1207: the name is taken by a collection or view.</exception>
    public CollectionInfo CreateCollection(string database, NewCollection definition) => throw new NotImplementedException();

    /// <summary>Replaces a definition; found by its id, so a changed name renames it.</summary>
    public void UpdateCollection(CollectionInfo collection) => throw new NotImplementedException();

    public void DropCollection(CollectionInfo collection) => throw new NotImplementedException();

    /// <summary>Adds an index, filling it when it is a unique persistent one.</summary>
    /// <exception cref="ArangoException">409/E1210: existing documents break it.</exception>
    public CollectionInfo CreateIndex(CollectionInfo collection, IndexInfo index) => throw new NotImplementedException();

    /// <summary>Drops an index by id.</summary>
    public CollectionInfo DropIndex(CollectionInfo collection, string indexId) => throw new NotImplementedException();

    /// <summary>Creates or replaces a view, found by its id.</summary>
    public void PutView(string database, ViewInfo view) => throw new NotImplementedException();

    public void DropView(string database, ViewInfo view) => throw new NotImplementedException();

    /// <summary>Makes everything durable and visible; the transaction is over.</summary>
    public void Commit() => throw new NotImplementedException();
}

/// <summary>What a new collection is made from; ids and the primary (and edge) index are added by the engine.</summary>
internal sealed record NewCollection
{
    public required string Name { get; init; }

    /// <summary>2 document, 3 edge.</summary>
    public required int Type { get; init; }

    public bool IsSystem { get; init; }

    public bool SyncByRevision { get; init; } = true;

    public bool UsesRevisionsAsDocumentIds { get; init; } = true;

    /// <summary>Replaces the server's default properties where given; see <see cref="CollectionInfo.Properties"/>.</summary>
    public required JsonElement Properties { get; init; }
}
