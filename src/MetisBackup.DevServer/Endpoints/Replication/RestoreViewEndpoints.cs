using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>restore-view</c> (arangodb-protocol 9.6).</summary>
internal sealed class RestoreViewEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new RestoreViewEndpoints(server);
        routes.Map("PUT /_api/replication/restore-view", endpoints.Restore);
    }

    private ArangoResponse Restore(ArangoRequest request)
    {
        RestoreStructureEndpoints.RequireRights(request, server);
        using var body = request.ParseBody();
        var definition = body.RootElement;
        if (definition.TextOf("name") is not { Length: > 0 } name || definition.TextOf("type") is not { } type)
        {
            throw ArangoErrors.BadParameter("expecting 'name' and 'type' of a view");
        }

        var overwrite = request.Query.Flag("overwrite");
        server.Engine.Write(transaction =>
        {
            if (transaction.Catalog.Database(request.Database).Views.GetValueOrDefault(name) is { } existing)
            {
                if (!overwrite)
                {
                    throw ArangoErrors.DuplicateName();
                }

                transaction.DropView(request.Database, existing);
            }

            CheckReferences(transaction, request.Database, definition);
            var id = transaction.NewTick();
            transaction.PutView(request.Database, new ViewInfo
            {
                Id = id,
                Name = name,
                GloballyUniqueId = transaction.GloballyUniqueId(name, id, isSystem: false),
                Type = type,
                Properties = Properties(definition),
            });
        });
        return RestoreStructureEndpoints.Done();
    }

    /// <summary>Links and entries must name collections and indexes that exist.</summary>
    private static void CheckReferences(WriteTransaction transaction, string database, JsonElement definition)
    {
        if (definition.Find("links") is { ValueKind: JsonValueKind.Object } links)
        {
            foreach (var link in links.EnumerateObject())
            {
                transaction.Catalog.Collection(database, link.Name);
            }
        }

        if (definition.Find("indexes") is not { ValueKind: JsonValueKind.Array } entries)
        {
            return;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            var collection = transaction.Catalog.Collection(database, entry.TextOf("collection") ?? "");
            if (collection.Indexes.All(index => index.Name != entry.TextOf("index")))
            {
                throw new ArangoException(404, 1212, $"index not found: {entry.TextOf("index")}");
            }
        }
    }

    private static JsonElement Properties(JsonElement definition) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in definition.EnumerateObject())
        {
            if (property.Name is not ("id" or "globallyUniqueId" or "name" or "type"))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    });
}
