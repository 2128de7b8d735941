using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Views;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary><c>/_api/collection</c>: making, listing, dropping; the rest is in the two neighbours (arangodb-protocol 3.1).</summary>
internal static class CollectionEndpoints
{
    private const string Path = "/_api/collection";

    public static void Map(RouteTable routes, ServerContext server)
    {
        routes.Map($"GET {Path}", request => List(request, server));
        routes.Map($"POST {Path}", request => Create(request, server));
        routes.Map($"DELETE {Path}/{{collection}}", request => Drop(request, server));
        routes.Map($"DELETE {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter($"expected DELETE {Path}/<collection-name>"));
        routes.Map("GET /_api/key-generators", static _ => ArangoResponse.Json(
            200, """{"keyGenerators":["upgrade","padded","uuid","autoincrement","traditional"]}"""u8.ToArray()));
        CollectionReads.Map(routes, server);
        CollectionActions.Map(routes, server);
    }

    private static ArangoResponse List(ArangoRequest request, ServerContext server)
    {
        var excludeSystem = request.Query.Flag("excludeSystem");
        var collections = server.Engine.Catalog.Database(request.Database).Collections.Values
            .Where(collection => !excludeSystem || !collection.IsSystem)
            .Where(collection => request.Caller.Level(request.Database, collection.Name) >= AccessLevel.ReadOnly)
            .OrderBy(collection => collection.Name, StringComparer.Ordinal);
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var collection in collections)
            {
                writer.WriteStartObject();
                CollectionAnswers.WriteBasics(writer, collection);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static ArangoResponse Create(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseBody();
        var definition = CollectionDefinition.Parse(body.RootElement);
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        server.RequireWritable();
        return server.Engine.Write(transaction =>
        {
            var collection = transaction.CreateCollection(request.Database, definition);
            return ArangoResponse.Success(200, writer => CollectionAnswers.WriteProperties(writer, collection, transaction));
        });
    }

    private static ArangoResponse Drop(ArangoRequest request, ServerContext server)
    {
        var allowSystem = request.Query.Flag("isSystem");
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        var id = server.Write(request, request.Route["collection"], waitForSync: false, (transaction, collection) =>
        {
            if ((collection.IsSystem && !allowSystem) || CollectionDefaults.IsProtected(collection))
            {
                throw ArangoErrors.Forbidden();
            }

            if (GraphUse.Of(transaction, request.Database, collection.Name) is not null)
            {
                throw new ArangoException(
                    403, ErrorNumber.GraphMustNotDropCollection, "must not drop collection while part of graph");
            }

            ViewLinks.Rename(transaction, request.Database, collection.Name, null);
            transaction.DropCollection(collection);
            return collection.Id;
        });
        return ArangoResponse.Success(200, writer => writer.WriteString("id"u8, id));
    }
}
