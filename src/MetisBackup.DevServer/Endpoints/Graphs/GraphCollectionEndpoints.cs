using System.Collections.Immutable;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Graphs;

/// <summary>The vertex collections and edge definitions of a graph.</summary>
internal sealed class GraphCollectionEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var collections = new GraphCollectionEndpoints(server);
        routes.Map("GET /_api/gharial/{graph}/vertex", request => collections.List(request, static graph => graph.VertexCollections));
        routes.Map("GET /_api/gharial/{graph}/edge", request => collections.List(request, static graph => graph.EdgeCollections));
        routes.Map("POST /_api/gharial/{graph}/vertex", collections.AddVertices);
        routes.Map("POST /_api/gharial/{graph}/edge", collections.AddEdges);
        routes.Map("PUT /_api/gharial/{graph}/edge/{collection}", collections.ReplaceEdges);
        routes.Map("DELETE /_api/gharial/{graph}/vertex/{collection}", collections.RemoveVertices);
        routes.Map("DELETE /_api/gharial/{graph}/edge/{collection}", collections.RemoveEdges);
    }

    private ArangoResponse List(ArangoRequest request, Func<GraphDefinition, IEnumerable<string>> names)
    {
        var graph = server.Engine.Read(reader => GraphStore.Get(reader, request.Database, request.Route["graph"])).Definition;
        return ArangoResponse.Success(200, writer => GraphDefinition.WriteNames(writer, "collections", names(graph)));
    }

    private ArangoResponse AddVertices(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var name = body.RootElement.TextOf("collection") is { Length: > 0 } text ? text : throw ArangoErrors.BadParameter("bad parameter");
        return Change(request, [], graph =>
        {
            if (graph.Edges.Any(edge => edge.Vertices.Contains(name, StringComparer.Ordinal)))
            {
                throw new ArangoException(400, 1929, "collection already used in edge def");
            }

            return graph.Orphans.Contains(name, StringComparer.Ordinal)
                ? throw new ArangoException(400, 1938, "collection used in orphans")
                : graph with { Orphans = [.. graph.Orphans.Add(name).Order(StringComparer.Ordinal)] };
        });
    }

    private ArangoResponse AddEdges(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var added = EdgeDefinition.Parse(body.RootElement);
        return Change(request, [], graph => graph.Edges.Any(edge => edge.Collection == added.Collection)
            ? throw new ArangoException(400, 1920, $"{added.Collection} multi use of edge collection in edge def")
            : WithEdges(graph, graph.Edges.Add(added)));
    }

    private ArangoResponse ReplaceEdges(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var name = request.Route["collection"];
        var replacement = EdgeDefinition.Parse(body.RootElement);
        return Change(request, [], graph => graph.Edges.Any(edge => edge.Collection == name) && replacement.Collection == name
            ? WithEdges(graph, [.. graph.Edges.Select(edge => edge.Collection == name ? replacement : edge)])
            : throw NotUsed(replacement.Collection));
    }

    private ArangoResponse RemoveVertices(ArangoRequest request)
    {
        var name = request.Route["collection"];
        var dropped = request.Query.Flag("dropCollection") || request.Query.Flag("dropCollections") ? [name] : Array.Empty<string>();
        return Change(request, dropped, graph =>
        {
            if (graph.Orphans.Contains(name, StringComparer.Ordinal))
            {
                return graph with { Orphans = graph.Orphans.Remove(name, StringComparer.Ordinal) };
            }

            throw graph.VertexCollections.Contains(name, StringComparer.Ordinal)
                ? new ArangoException(400, 1929, "collection already used in edge def")
                : new ArangoException(404, 1928, "collection is not in list of orphan collections");
        });
    }

    private ArangoResponse RemoveEdges(ArangoRequest request)
    {
        var name = request.Route["collection"];
        var dropped = request.Query.Flag("dropCollections") || request.Query.Flag("dropCollection") ? [name] : Array.Empty<string>();
        return Change(request, dropped, graph => graph.Edges.Any(edge => edge.Collection == name)
            ? WithEdges(graph, [.. graph.Edges.Where(edge => edge.Collection != name)])
            : throw NotUsed(name));
    }

    private static ArangoException NotUsed(string name) => new(404, 1930, $"edge collection not used in graph: {name}");

    /// <summary>Vertex collections that lose their last edge definition become orphans; orphans that gain one no longer are.</summary>
    private static GraphDefinition WithEdges(GraphDefinition graph, ImmutableArray<EdgeDefinition> edges)
    {
        var used = edges.SelectMany(static edge => edge.Vertices).ToHashSet(StringComparer.Ordinal);
        return graph with { Edges = edges, Orphans = [.. graph.VertexCollections.Where(vertex => !used.Contains(vertex))] };
    }

    private ArangoResponse Change(ArangoRequest request, IReadOnlyList<string> dropped, Func<GraphDefinition, GraphDefinition> change)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        var graph = server.Engine.Write(
            writer =>
            {
                var changed = change(GraphStore.Get(writer, request.Database, request.Route["graph"]).Definition);
                var saved = GraphStore.Save(writer, request.Database, changed);
                GraphStore.DropUnused(writer, request.Database, dropped);
                return saved;
            },
            request.Query.Flag("waitForSync"));
        return GraphEndpoints.Answer(GraphEndpoints.WriteStatus(request), graph);
    }
}
