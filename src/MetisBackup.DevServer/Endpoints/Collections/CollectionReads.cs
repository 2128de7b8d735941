using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary><c>GET /_api/collection/name[/…]</c> (arangodb-protocol 3.1).</summary>
internal static class CollectionReads
{
    private const string Path = "/_api/collection";

    public static void Map(RouteTable routes, ServerContext server)
    {
        void MapRead(string resource, Action<ArangoRequest, ReadTransaction, CollectionInfo, Utf8JsonWriter> write) =>
            routes.Map($"GET {Path}/{{collection}}/{resource}", request => Answer(request, server, write));

        routes.Map($"GET {Path}/{{collection}}", request => server.Read(
            request,
            request.Route["collection"],
            (_, collection) => ArangoResponse.Success(200, writer => CollectionAnswers.WriteBasics(writer, collection))));
        MapRead("properties", static (_, transaction, collection, writer) => CollectionAnswers.WriteProperties(writer, collection, transaction));
        MapRead("count", static (_, transaction, collection, writer) =>
        {
            CollectionAnswers.WriteProperties(writer, collection, transaction);
            writer.WriteNumber("count"u8, transaction.Count(collection));
        });
        MapRead("figures", WriteFigures);
        MapRead("revision", static (_, transaction, collection, writer) =>
        {
            CollectionAnswers.WriteProperties(writer, collection, transaction);
            writer.WriteString("revision"u8, transaction.LastRevision(collection).ToString());
        });
        MapRead("checksum", WriteChecksum);
        routes.Map($"GET {Path}/{{collection}}/shards", request => server.Read<ArangoResponse>(
            request, request.Route["collection"], static (_, _) => throw new ArangoException(500, 4, "internal error")));
        routes.Map($"GET {Path}/{{collection}}/{{resource}}", request => server.Read<ArangoResponse>(
            request, request.Route["collection"], static (_, _) => throw new ArangoException(
                404,
                404,
                "expecting one of the resources 'checksum', 'count', 'figures', 'properties', 'responsibleShard', 'revision', 'shards'")));
        routes.Map($"GET {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter($"expect GET {Path}/<collection-name>/<method>"));
    }

    /// <summary>Where the answer of a collection call lives.</summary>
    public static string Location(ArangoRequest request) => $"/_db/{Uri.EscapeDataString(request.Database)}{request.Path}";

    private static ArangoResponse Answer(
        ArangoRequest request, ServerContext server, Action<ArangoRequest, ReadTransaction, CollectionInfo, Utf8JsonWriter> write) =>
        server.Read(
            request,
            request.Route["collection"],
            (transaction, collection) => ArangoResponse
                .Success(200, writer => write(request, transaction, collection, writer))
                .With("location", Location(request)));

    private static void WriteFigures(ArangoRequest request, ReadTransaction transaction, CollectionInfo collection, Utf8JsonWriter writer)
    {
        var count = transaction.Count(collection);
        writer.WriteStartObject("figures"u8);
        writer.WriteStartObject("indexes"u8);
        writer.WriteNumber("count"u8, collection.Indexes.Length);
        writer.WriteNumber("size"u8, 0);
        writer.WriteEndObject();
        writer.WriteNumber("documentsSize"u8, 0);
        writer.WriteBoolean("cacheInUse"u8, false);
        writer.WriteNumber("cacheSize"u8, 0);
        writer.WriteNumber("cacheUsage"u8, 0);
        if (request.Query.Flag("details"))
        {
            writer.WriteStartObject("engine"u8);
            writer.WriteNumber("documents"u8, count);
            writer.WriteStartArray("indexes"u8);
            foreach (var index in collection.Indexes)
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, index.Type);
                writer.WriteNumber("id"u8, ulong.Parse(index.Id));
                writer.WriteNumber("count"u8, index.Type == "edge" ? 2 * count : count);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        CollectionAnswers.WriteProperties(writer, collection, transaction);
        writer.WriteNumber("count"u8, count);
    }

    private static void WriteChecksum(ArangoRequest request, ReadTransaction transaction, CollectionInfo collection, Utf8JsonWriter writer)
    {
        var checksum = CollectionChecksum.Compute(
            transaction, collection, request.Query.Flag("withRevisions"), request.Query.Flag("withData"));
        CollectionAnswers.WriteBasics(writer, collection);
        writer.WriteString("revision"u8, transaction.LastRevision(collection).ToString());
        writer.WriteString("checksum"u8, $"{checksum}");
    }
}
