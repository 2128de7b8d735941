using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Edges;

/// <summary><c>/_api/edges</c>: the edges that touch a vertex.</summary>
internal static class EdgeEndpoints
{
    private const string Path = "/_api/edges";

    public static void Map(RouteTable routes, ServerContext server)
    {
        routes.Map($"GET {Path}/{{collection}}", request => Read(request, server));
        routes.Map($"POST {Path}/{{collection}}", request => ReadMany(request, server));
        routes.Map($"GET {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter(
            $"expected GET {Path}/<collection-identifier>?vertex=<vertex-handle>&direction=<direction>"));
    }

    private static ArangoResponse Read(ArangoRequest request, ServerContext server)
    {
        var vertex = request.Query.Text("vertex");
        if (string.IsNullOrEmpty(vertex))
        {
            throw new ArangoException(400, ErrorNumber.DocumentHandleBad, "illegal document handle");
        }

        return server.Read(request, request.Route["collection"], (transaction, collection) =>
            Answer(request, (server.Engine.Edges, transaction), collection, [vertex], withStatistics: true));
    }

    private static ArangoResponse ReadMany(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseBody();
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw ArangoErrors.BadParameter("expected array of vertices in body parameter");
        }

        var vertices = body.RootElement.EnumerateArray()
            .Where(vertex => vertex.ValueKind == JsonValueKind.String)
            .Select(vertex => vertex.GetString()!)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return server.Read(request, request.Route["collection"], (transaction, collection) =>
            Answer(request, (server.Engine.Edges, transaction), collection, vertices, withStatistics: false));
    }

    private static ArangoResponse Answer(
        ArangoRequest request,
        (EdgeIndexes Edges, ReadTransaction Reader) source,
        CollectionInfo collection,
        IReadOnlyList<string> vertices,
        bool withStatistics)
    {
        var direction = Direction(request.Query.Text("direction"));
        if (collection.Type != 3)
        {
            throw new ArangoException(400, ErrorNumber.CollectionTypeInvalid, "collection type invalid");
        }

        var output = new PooledBuffer();
        output.Append("{\"edges\":["u8);
        var found = 0;
        foreach (var vertex in vertices)
        {
            if (!CollectionRules.IsId(vertex))
            {
                throw new ArangoException(400, ErrorNumber.DocumentHandleBad, "illegal document handle");
            }

            foreach (var edge in source.Edges.Find(source.Reader, collection, vertex, direction))
            {
                output.Append(found++ > 0 ? ","u8 : ""u8);
                DocumentText.Write(output, collection.Name, edge);
            }
        }

        output.Append("],\"error\":false,\"code\":200"u8);
        if (withStatistics)
        {
            WriteStatistics(output, found);
        }

        output.Append((byte)'}');
        return ArangoResponse.FromBuffer(200, output);
    }

    private static (bool Outgoing, bool Incoming) Direction(string? direction) => direction switch
    {
        null or "" or "any" => (true, true),
        "out" or "outbound" => (true, false),
        "in" or "inbound" => (false, true),
        _ => throw ArangoErrors.HttpBadParameter($"<direction> must by any, in, or out, not: {direction}"),
    };

    /// <summary>What the real server tells of the query behind the call.</summary>
    private static void WriteStatistics(PooledBuffer output, int found)
    {
        output.Append(",\"stats\":"u8);
        using var writer = new Utf8JsonWriter(output, ArangoResponse.WriterOptions);
        writer.WriteStartObject();
        foreach (var name in (string[])["writesExecuted", "writesIgnored", "seeks", "scannedFull", "cursorsRearmed", "cacheHits", "filtered",
            "httpRequests", "executionTime", "peakMemoryUsage", "intermediateCommits"])
        {
            writer.WriteNumber(name, 0);
        }

        writer.WriteNumber("documentLookups"u8, found);
        writer.WriteNumber("scannedIndex"u8, found);
        writer.WriteNumber("searchParallelism"u8, 1);
        writer.WriteNumber("cursorsCreated"u8, 1);
        writer.WriteNumber("cacheMisses"u8, 1);
        writer.WriteEndObject();
    }
}
