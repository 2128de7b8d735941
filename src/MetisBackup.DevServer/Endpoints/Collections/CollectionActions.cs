using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Views;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary><c>PUT /_api/collection/name/…</c> (arangodb-protocol 3.1).</summary>
internal static class CollectionActions
{
    private const string Path = "/_api/collection";

    public static void Map(RouteTable routes, ServerContext server)
    {
        void MapAction(string action, Func<ArangoRequest, ServerContext, ArangoResponse> act) =>
            routes.Map($"PUT {Path}/{{collection}}/{action}", request => act(request, server).With("location", CollectionReads.Location(request)));

        MapAction("load", Load);
        MapAction("unload", ShowBasics);
        MapAction("compact", ShowBasics);
        MapAction("truncate", Truncate);
        MapAction("rename", Rename);
        MapAction("properties", ChangeProperties);
        MapAction("loadIndexesIntoMemory", static (request, context) => context.Read(
            request, request.Route["collection"], static (_, _) => ArangoResponse.Result(200, static writer => writer.WriteBooleanValue(true))));
        MapAction("recalculateCount", RecalculateCount);
        MapAction("responsibleShard", static (request, context) => context.Read<ArangoResponse>(
            request,
            request.Route["collection"],
            static (_, _) => throw new ArangoException(
                501, ErrorNumber.ClusterOnlyOnCoordinator, "this operation is only valid on a coordinator in a cluster")));
        MapAction("{action}", static (request, context) => context.Read<ArangoResponse>(
            request,
            request.Route["collection"],
            static (_, _) => throw new ArangoException(
                404,
                404,
                "expecting one of the actions 'load', 'unload', 'truncate', 'properties', 'compact', 'rename', 'loadIndexesIntoMemory'")));
        routes.Map($"PUT {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter($"expected PUT {Path}/<collection-name>/<action>"));
    }

    private static ArangoResponse Basics(CollectionInfo collection) =>
        ArangoResponse.Success(200, writer => CollectionAnswers.WriteBasics(writer, collection));

    private static ArangoResponse ShowBasics(ArangoRequest request, ServerContext server) =>
        server.Read(request, request.Route["collection"], static (_, collection) => Basics(collection));

    private static ArangoResponse Load(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseObject();
        var withCount = body.RootElement.FlagOf("count", fallback: true);
        return server.Read(request, request.Route["collection"], (transaction, collection) => ArangoResponse.Success(200, writer =>
        {
            if (withCount)
            {
                writer.WriteNumber("count"u8, transaction.Count(collection));
            }

            CollectionAnswers.WriteBasics(writer, collection);
        }));
    }

    private static ArangoResponse RecalculateCount(ArangoRequest request, ServerContext server) =>
        server.Write(request, request.Route["collection"], waitForSync: false, static (transaction, collection) =>
        {
            var count = transaction.Count(collection);
            return ArangoResponse.Success(200, writer =>
            {
                writer.WriteBoolean("result"u8, true);
                writer.WriteNumber("count"u8, count);
            });
        });

    private static ArangoResponse Truncate(ArangoRequest request, ServerContext server) =>
        server.Write(request, request.Route["collection"], IsSynced(request, server), static (transaction, collection) =>
        {
            transaction.Truncate(collection);
            return Basics(collection);
        });

    private static bool IsSynced(ArangoRequest request, ServerContext server) =>
        request.Query.Flag("waitForSync") || server.WaitsForSync(request.Database, request.Route["collection"]);

    private static ArangoResponse ChangeProperties(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseObject();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        return server.Write(request, request.Route["collection"], waitForSync: false, (transaction, collection) =>
        {
            var changed = collection with { Properties = CollectionDefinition.Change(collection, body.RootElement) };
            transaction.UpdateCollection(changed);
            return ArangoResponse.Success(200, writer => CollectionAnswers.WriteProperties(writer, changed, transaction));
        });
    }

    private static ArangoResponse Rename(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseObject();
        var name = body.RootElement.Find("name") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        if (name.Length == 0)
        {
            throw ArangoErrors.IllegalName("name is empty");
        }

        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        return server.Write(request, request.Route["collection"], waitForSync: false, (transaction, collection) =>
        {
            if (collection.IsSystem)
            {
                throw ArangoErrors.Forbidden();
            }

            if (!ObjectNames.IsCollection(name, isSystem: false))
            {
                throw ArangoErrors.IllegalName();
            }

            if (name == collection.Name)
            {
                throw ArangoErrors.DuplicateName();
            }

            var renamed = collection with { Name = name };
            transaction.UpdateCollection(renamed);
            ViewLinks.Rename(transaction, request.Database, collection.Name, name);
            return Basics(renamed);
        });
    }
}
