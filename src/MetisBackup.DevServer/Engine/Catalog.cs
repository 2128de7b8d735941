using System.Collections.Immutable;

namespace MetisBackup.DevServer.Engine;

/// <summary>Every definition of the server as of one commit: immutable, replaced as a whole.</summary>
/// <param name="Databases">Databases by name; <c>_system</c> is always there.</param>
internal sealed record Catalog(ImmutableDictionary<string, DatabaseInfo> Databases)
{
    public static readonly Catalog Empty = new(ImmutableDictionary<string, DatabaseInfo>.Empty);

    public DatabaseInfo System => Databases["_system"];

    /// <summary>The database of this name.</summary>
    /// <exception cref="ArangoException">404/E1228 where there is none.</exception>
    public DatabaseInfo Database(string name) =>
        Databases.GetValueOrDefault(name) ?? throw ArangoErrors.DatabaseNotFound();

    public DatabaseInfo? DatabaseById(string id)
    {
        foreach (var database in Databases.Values)
        {
            if (database.Id == id)
            {
                return database;
            }
        }

        return null;
    }

    /// <summary>The collection that a name, id or globallyUniqueId stands for.</summary>
    /// <exception cref="ArangoException">404/E1203 where there is none.</exception>
    public CollectionInfo Collection(string database, string nameOrId) =>
        FindCollection(database, nameOrId) ?? throw ArangoErrors.CollectionNotFound(nameOrId);

    public CollectionInfo? FindCollection(string database, string nameOrId)
    {
        var info = Database(database);
        if (info.Collections.TryGetValue(nameOrId, out var byName))
        {
            return byName;
        }

        foreach (var collection in info.Collections.Values)
        {
            if (collection.Id == nameOrId || collection.GloballyUniqueId == nameOrId)
            {
                return collection;
            }
        }

        return null;
    }

    public ViewInfo? FindView(string database, string nameOrId)
    {
        var info = Database(database);
        return info.Views.GetValueOrDefault(nameOrId) ?? info.Views.Values.FirstOrDefault(view => view.Id == nameOrId);
    }
}
