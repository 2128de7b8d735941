using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <content>Databases, collections, indexes and views.</content>
internal sealed partial class WriteTransaction
{
    /// <summary>Creates a database with the system collections that every database has.</summary>
    /// <exception cref="ArangoException">409/E1207: the name is taken.</exception>
    public DatabaseInfo CreateDatabase(string name, JsonElement options)
    {
        if (_catalog.Databases.ContainsKey(name))
        {
            throw ArangoErrors.DuplicateName();
        }

        var database = new DatabaseInfo { Id = name == "_system" ? "1" : NewTick(), Name = name, Options = options.Clone() };
        WriteDefinition(DefinitionText.DatabaseKind, database.Id, "0", DefinitionText.Write(database));
        _catalog = _catalog with { Databases = _catalog.Databases.Add(name, database) };
        Log(OperationKind.CreateDatabase, name);
        var system = name == "_system" ? CollectionDefaults.OfSystemDatabase : [];
        foreach (var collection in CollectionDefaults.OfEveryDatabase.Concat(system))
        {
            CreateCollection(name, new NewCollection { Name = collection, Type = 2, IsSystem = true, Properties = CollectionDefaults.NoProperties });
        }

        return _catalog.Databases[name];
    }

    /// <summary>Drops a database and everything in it.</summary>
    /// <exception cref="ArangoException">404/E1228: there is none of this name.</exception>
    public void DropDatabase(string name)
    {
        var database = _catalog.Database(name);
        foreach (var view in database.Views.Values)
        {
            DropView(name, view);
        }

        foreach (var collection in database.Collections.Values)
        {
            DropCollection(collection);
        }

        DeleteDefinition(DefinitionText.DatabaseKind, database.Id);
        _catalog = _catalog with { Databases = _catalog.Databases.Remove(name) };
        Log(OperationKind.DropDatabase, name);
    }

    /// <summary>Creates a collection and its storage.</summary>
    /// <exception cref="ArangoException">409/E1207: the name is taken by a collection or view.</exception>
    public CollectionInfo CreateCollection(string database, NewCollection definition)
    {
        var owner = _catalog.Database(database);
        if (owner.Collections.ContainsKey(definition.Name) || owner.Views.ContainsKey(definition.Name))
        {
            throw ArangoErrors.DuplicateName();
        }

        var id = NewTick();
        var collection = new CollectionInfo
        {
            Id = id,
            Name = definition.Name,
            DatabaseId = owner.Id,
            Type = definition.Type,
            GloballyUniqueId = GloballyUniqueId(definition.Name, id, definition.IsSystem),
            IsSystem = definition.IsSystem,
            SyncByRevision = definition.SyncByRevision,
            UsesRevisionsAsDocumentIds = definition.UsesRevisionsAsDocumentIds,
            Properties = CollectionDefaults.Merge(definition.Properties),
            Indexes = definition.Type == 3 ? [Primary, Edge] : [Primary],
        };
        Connection.Execute(SqlTexts.CreateCollection(collection.Number));
        PutCollection(owner, collection);
        Log(OperationKind.CreateCollection, collection);
        _created.Add(id, CollectionState.New);
        Changes(collection).LastKey = LastValue(definition.Properties);
        return collection;
    }

    /// <summary>Replaces a definition; found by its id, so a changed name renames it.</summary>
    public void UpdateCollection(CollectionInfo collection)
    {
        var isRenamed = Redefine(collection);
        Log(isRenamed ? OperationKind.RenameCollection : OperationKind.ChangeCollection, collection);
    }

    private bool Redefine(CollectionInfo collection)
    {
        var owner = OwnerOf(collection);
        var old = owner.Collections.Values.First(other => other.Id == collection.Id);
        if (old.Name != collection.Name)
        {
            if (owner.Collections.ContainsKey(collection.Name) || owner.Views.ContainsKey(collection.Name))
            {
                throw ArangoErrors.DuplicateName();
            }

            owner = owner with { Collections = owner.Collections.Remove(old.Name) };
        }

        PutCollection(owner, collection);
        return old.Name != collection.Name;
    }

    /// <summary>Drops a collection with its documents and indexes.</summary>
    public void DropCollection(CollectionInfo collection)
    {
        var owner = OwnerOf(collection);
        Connection.Execute(SqlTexts.DropCollection(collection.Number));
        foreach (var index in UniqueIndexes(collection))
        {
            Connection.Execute(SqlTexts.DropUnique(index.Storage));
        }

        DeleteDefinition(DefinitionText.CollectionKind, collection.Id);
        using var counters = Connection.Rent(SqlText.DeleteCounters);
        counters.Bind(1, collection.Number).Run();
        _changes.Remove(collection.Id);
        if (!_created.Remove(collection.Id))
        {
            _dropped.Add(collection.Id);
        }

        PutDatabase(owner with { Collections = owner.Collections.Remove(collection.Name) });
        Log(OperationKind.DropCollection, collection);
    }

    /// <summary>Adds an index, filling it when it is a unique one.</summary>
    /// <exception cref="ArangoException">409/E1210: existing documents break it; nothing has changed then.</exception>
    public CollectionInfo CreateIndex(CollectionInfo collection, IndexInfo index)
    {
        if (UniqueEntries.IsEnforced(index))
        {
            index = index with { Storage = Number(NewTick()) };
            Connection.Execute(SqlTexts.CreateUnique(index.Storage));
            try
            {
                Fill(collection, index);
            }
            catch (ArangoException)
            {
                Connection.Execute(SqlTexts.DropUnique(index.Storage));
                throw;
            }
        }

        var updated = collection with { Indexes = collection.Indexes.Add(index) };
        Redefine(updated);
        Log(OperationKind.CreateIndex, updated, index: index);
        return updated;
    }

    /// <summary>Drops an index by id.</summary>
    /// <exception cref="ArangoException">404/E1212: there is none of this id.</exception>
    public CollectionInfo DropIndex(CollectionInfo collection, string indexId)
    {
        var index = collection.Indexes.FirstOrDefault(other => other.Id == indexId) ?? throw new ArangoException(404, 1212, "index not found");
        if (UniqueEntries.IsEnforced(index))
        {
            Connection.Execute(SqlTexts.DropUnique(index.Storage));
        }

        var updated = collection with { Indexes = collection.Indexes.Remove(index) };
        Redefine(updated);
        Log(OperationKind.DropIndex, updated, index: index);
        return updated;
    }

    /// <summary>Creates or replaces a view, found by its id; a changed name renames it.</summary>
    /// <exception cref="ArangoException">409/E1207: the name is taken by a collection or another view.</exception>
    public void PutView(string database, ViewInfo view)
    {
        var owner = _catalog.Database(database);
        var old = owner.Views.Values.FirstOrDefault(other => other.Id == view.Id);
        if (old?.Name != view.Name && (owner.Collections.ContainsKey(view.Name) || owner.Views.ContainsKey(view.Name)))
        {
            throw ArangoErrors.DuplicateName();
        }

        var views = old is null ? owner.Views : owner.Views.Remove(old.Name);
        WriteDefinition(DefinitionText.ViewKind, view.Id, owner.Id, DefinitionText.Write(view));
        PutDatabase(owner with { Views = views.SetItem(view.Name, view) });
        Log(old is null ? OperationKind.CreateView : OperationKind.ChangeView, database, view);
    }

    public void DropView(string database, ViewInfo view)
    {
        var owner = _catalog.Database(database);
        DeleteDefinition(DefinitionText.ViewKind, view.Id);
        PutDatabase(owner with { Views = owner.Views.Remove(view.Name) });
        Log(OperationKind.DropView, database, view);
    }

    /// <summary>The identity that survives renames; system collections are known by their name.</summary>
    public string GloballyUniqueId(string name, string id, bool isSystem) => isSystem ? name : $"h{_engine.ServerNumber:X}/{id}";

    private static IndexInfo Primary { get; } = new()
    {
        Id = "0",
        Name = "primary",
        Type = "primary",
        Unique = true,
        Definition = CollectionDefaults.Element("""{"fields":["_key"],"selectivityEstimate":1}"""),
    };

    private static IndexInfo Edge { get; } = new()
    {
        Id = "2",
        Name = "edge",
        Type = "edge",
        Definition = CollectionDefaults.Element("""{"fields":["_from","_to"],"selectivityEstimate":1}"""),
    };

    private static ulong LastValue(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty("keyOptions", out var options)
        && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("lastValue", out var last)
        && last.ValueKind == JsonValueKind.Number
        && last.TryGetUInt64(out var value)
            ? value
            : 0;

    private void Fill(CollectionInfo collection, IndexInfo index)
    {
        using var cursor = Scan(collection);
        var entries = new List<UniqueEntry>();
        while (cursor.MoveNext())
        {
            entries.Clear();
            UniqueEntries.Collect(index, cursor.Copy(), entries);
            CheckUnique(entries);
            InsertUnique(entries);
        }
    }

    private DatabaseInfo OwnerOf(CollectionInfo collection) =>
        _catalog.DatabaseById(collection.DatabaseId) ?? throw ArangoErrors.DatabaseNotFound();

    private void PutCollection(DatabaseInfo owner, CollectionInfo collection)
    {
        WriteDefinition(DefinitionText.CollectionKind, collection.Id, owner.Id, DefinitionText.Write(collection));
        PutDatabase(owner with { Collections = owner.Collections.SetItem(collection.Name, collection) });
    }

    private void PutDatabase(DatabaseInfo database) =>
        _catalog = _catalog with { Databases = _catalog.Databases.SetItem(database.Name, database) };

    private void WriteDefinition(int kind, string id, string parent, byte[] body)
    {
        using var statement = Connection.Rent(SqlText.WriteDefinition);
        statement.Bind(1, kind).Bind(2, Number(id)).Bind(3, Number(parent)).BindBlob(4, body).Run();
    }

    private void DeleteDefinition(int kind, string id)
    {
        using var statement = Connection.Rent(SqlText.DeleteDefinition);
        statement.Bind(1, kind).Bind(2, Number(id)).Run();
    }

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
