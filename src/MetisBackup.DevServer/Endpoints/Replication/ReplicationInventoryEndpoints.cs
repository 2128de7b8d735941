using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>GET /_api/replication/inventory</c>: definitions of everything that a dump holds (arangodb-protocol 4).</summary>
internal sealed class ReplicationInventoryEndpoints(ServerContext server, ReplicationBatches batches)
{
    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new ReplicationInventoryEndpoints(server, batches);
        routes.Map("GET /_api/replication/inventory", endpoints.Read);
        routes.Map("GET /_api/replication/clusterInventory", static _ => throw new ArangoException(403, 1471, "this operation is only valid on a coordinator in a cluster"));
    }

    private ArangoResponse Read(ArangoRequest request)
    {
        var batch = batches.Find(request.Query.Text("batchId")) ?? throw ArangoErrors.CursorNotFound();
        var isGlobal = request.Query.Flag("global");
        if (isGlobal && request.Database != "_system")
        {
            throw ArangoErrors.Forbidden("global inventory can only be fetched from within _system database");
        }

        return server.Engine.Read(transaction => ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            if (isGlobal)
            {
                WriteDatabases(writer, request, transaction, batch);
            }
            else
            {
                WriteDatabase(writer, request, transaction, transaction.Catalog.Database(request.Database), batch);
            }

            writer.WritePropertyName("state"u8);
            ReplicationState.Write(writer, batch.Snapshot.Sequence, server.Time.GetUtcNow());
            writer.WriteString("tick"u8, server.Engine.NewTick());
            writer.WriteEndObject();
        }));
    }

    private static void WriteDatabases(Utf8JsonWriter writer, ArangoRequest request, ReadTransaction transaction, ReplicationBatch batch)
    {
        writer.WriteStartObject("databases"u8);
        foreach (var database in transaction.Catalog.Databases.Values.OrderBy(database => database.Name, StringComparer.Ordinal))
        {
            writer.WriteStartObject(database.Name);
            WriteDatabase(writer, request, transaction, database, batch);
            writer.WriteString("id"u8, database.Id);
            writer.WriteString("name"u8, database.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteDatabase(
        Utf8JsonWriter writer, ArangoRequest request, ReadTransaction transaction, DatabaseInfo database, ReplicationBatch batch)
    {
        var only = request.Query.Text("collection");
        InventoryText.WriteProperties(writer, database);
        writer.WriteStartArray("collections"u8);
        foreach (var collection in Selected(request, database, only))
        {
            InventoryText.WriteCollection(writer, collection, transaction.LastKey(collection));
            if (only is null)
            {
                batch.BlockTree(collection);
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("views"u8);
        foreach (var view in database.Views.Values.Where(_ => only is null).OrderBy(view => view.Name, StringComparer.Ordinal))
        {
            InventoryText.WriteView(writer, view);
        }

        writer.WriteEndArray();
    }

    /// <summary>What is listed: documents before edges, then by name; what the caller may not read is left out in silence.</summary>
    private static IEnumerable<CollectionInfo> Selected(ArangoRequest request, DatabaseInfo database, string? only)
    {
        var includeSystem = request.Query.Flag("includeSystem", fallback: true);
        var includeQueues = request.Query.Flag("includeFoxxQueues");
        return database.Collections.Values
            .Where(collection => only is null || collection.Name == only || collection.Id == only || collection.GloballyUniqueId == only)
            .Where(collection => IsListed(collection.Name, includeSystem, includeQueues))
            .Where(collection => request.Caller.MayRead(database.Name, collection))
            .OrderBy(collection => collection.Type)
            .ThenBy(collection => collection.Name, StringComparer.Ordinal);
    }

    /// <summary>What a dump never contains (arangodb-protocol 3.2).</summary>
    private static bool IsListed(string name, bool includeSystem, bool includeQueues)
    {
        if (name.StartsWith("_statistics", StringComparison.Ordinal) || name == "_routing")
        {
            return false;
        }

        if (name is "_jobs" or "_queues" && !includeQueues)
        {
            return false;
        }

        return includeSystem || name[0] != '_';
    }
}
