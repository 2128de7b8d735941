using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Graphs;

/// <summary><c>/_api/gharial</c>: named graphs and their collections (arangodb-protocol 12.2).</summary>
internal sealed class GraphEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var graphs = new GraphEndpoints(server);
        routes.Map("GET /_api/gharial", graphs.List);
        routes.Map("POST /_api/gharial", graphs.Create);
        routes.Map("GET /_api/gharial/{graph}", graphs.Get);
        routes.Map("DELETE /_api/gharial/{graph}", graphs.Drop);
        GraphCollectionEndpoints.Map(routes, server);
        GraphDocumentEndpoints.Map(routes, server);
    }

    /// <summary>The answer with a graph's definition; its revision goes into the header without quotes.</summary>
    public static ArangoResponse Answer(int status, StoredGraph graph) => ArangoResponse.Success(status, writer =>
    {
        writer.WriteStartObject("graph"u8);
        Write(writer, graph);
        writer.WriteEndObject();
    }).With("etag", graph.Revision);

    /// <summary>201 when the write was synced, else 202.</summary>
    public static int WriteStatus(ArangoRequest request) => request.Query.Flag("waitForSync") ? 201 : 202;

    private static void Write(Utf8JsonWriter writer, StoredGraph graph)
    {
        writer.WriteString("_key"u8, graph.Definition.Name);
        writer.WriteString("_id"u8, "_graphs/" + graph.Definition.Name);
        writer.WriteString("_rev"u8, graph.Revision);
        graph.Definition.WriteProperties(writer);
        writer.WriteString("name"u8, graph.Definition.Name);
    }

    private ArangoResponse List(ArangoRequest request)
    {
        var graphs = server.Engine.Read(reader => GraphStore.All(reader, request.Database).ToList());
        return ArangoResponse.Success(200, writer =>
        {
            writer.WriteStartArray("graphs"u8);
            foreach (var graph in graphs)
            {
                writer.WriteStartObject();
                Write(writer, graph);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Get(ArangoRequest request) =>
        Answer(200, server.Engine.Read(reader => GraphStore.Get(reader, request.Database, request.Route["graph"])));

    private ArangoResponse Create(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        using var body = request.ParseObject();
        var definition = GraphDefinition.Create(body.RootElement);
        var graph = server.Engine.Write(
            writer => GraphStore.Find(writer, request.Database, definition.Name) is null
                ? GraphStore.Save(writer, request.Database, definition)
                : throw new ArangoException(409, 1925, "graph already exists"),
            request.Query.Flag("waitForSync"));
        return Answer(WriteStatus(request), graph);
    }

    private ArangoResponse Drop(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        server.Engine.Write(writer =>
        {
            var graph = GraphStore.Get(writer, request.Database, request.Route["graph"]).Definition;
            GraphStore.Remove(writer, request.Database, graph.Name);
            if (request.Query.Flag("dropCollections"))
            {
                GraphStore.DropUnused(writer, request.Database, graph.Collections);
            }
        });
        return ArangoResponse.Success(202, static writer => writer.WriteBoolean("removed"u8, true));
    }
}
