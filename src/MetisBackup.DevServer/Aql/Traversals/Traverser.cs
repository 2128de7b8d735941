using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql.Traversals;

/// <summary>Follows the edges of a graph from a start, depth first or breadth first.</summary>
internal sealed class Traverser(QueryContext context, AqlEvaluator evaluator)
{
    private const int EdgeType = 3;

    /// <summary>One row for each path of the right length.</summary>
    public IEnumerable<AqlValue?[]> Traverse(TraversalStatement traversal, IEnumerable<AqlValue?[]> rows)
    {
        foreach (var row in rows)
        {
            var start = evaluator.Evaluate(traversal.Start, row);
            var id = start.IsObject ? start.Attribute("_id").Text : start.IsText ? start.Text : "";
            if (!id.Contains('/', StringComparison.Ordinal))
            {
                context.Warn(10, "Invalid start vertex. Did you use a document or only its key? Only id strings or objects with _id are allowed");
                continue;
            }

            foreach (var found in Traverse(traversal, row, id))
            {
                yield return found;
            }
        }
    }

    private IEnumerable<AqlValue?[]> Traverse(TraversalStatement traversal, AqlValue?[] row, string start)
    {
        var (least, most) = DepthOf(traversal, row);
        var options = TraversalOptions.From(traversal.Clauses.Options is { } given ? evaluator.Evaluate(given, row) : AqlValue.Null);
        var edges = EdgesOf(traversal, row);
        var visited = new HashSet<string>(StringComparer.Ordinal) { start };
        var waiting = new LinkedList<TraversalPath>();
        waiting.AddLast(new TraversalPath(null, start, Vertex(start), null));
        while (waiting.First is { } first)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            waiting.RemoveFirst();
            var path = first.Value;
            var next = With(row, traversal.Outputs, path);
            var pruned = IsPruned(traversal.Clauses, next);
            if (path.Depth >= least)
            {
                yield return next;
            }

            if (!pruned && path.Depth < most)
            {
                Enqueue(waiting, Steps(path, edges, options, visited), options.BreadthFirst);
            }
        }
    }

    private static void Enqueue(LinkedList<TraversalPath> waiting, IEnumerable<TraversalPath> steps, bool breadthFirst)
    {
        LinkedListNode<TraversalPath>? last = null;
        foreach (var step in steps)
        {
            last = breadthFirst ? waiting.AddLast(step) : last is null ? waiting.AddFirst(step) : waiting.AddAfter(last, step);
        }
    }

    private IEnumerable<TraversalPath> Steps(
        TraversalPath path, IReadOnlyList<(CollectionInfo Collection, TraversalDirection Direction)> edges, TraversalOptions options, HashSet<string> visited)
    {
        foreach (var (collection, direction) in edges)
        {
            var ways = (direction != TraversalDirection.Inbound, direction != TraversalDirection.Outbound);
            foreach (var stored in context.Edges.Find(context.Reader, collection, path.VertexId, ways))
            {
                context.Statistics.ScannedIndex++;
                var edge = new AqlDocument(collection.Name, stored);
                var other = OtherEnd(edge, path.VertexId, direction);
                var isRefused = (options.Edges == Uniqueness.Path && path.HasEdge(edge.Attribute("_id").Text))
                    || (options.Vertices == Uniqueness.Path && path.HasVertex(other))
                    || (options.Vertices == Uniqueness.Global && !visited.Add(other));
                if (!isRefused)
                {
                    yield return new TraversalPath(path, other, Vertex(other), edge);
                }
            }
        }
    }

    private static string OtherEnd(AqlValue edge, string vertex, TraversalDirection direction)
    {
        var (from, to) = (edge.Attribute("_from").Text, edge.Attribute("_to").Text);
        return direction == TraversalDirection.Outbound || (direction == TraversalDirection.Any && from == vertex) ? to : from;
    }

    private AqlValue Vertex(string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0
            && context.Lookups.Catalog.FindCollection(context.Database, id[..slash]) is { } collection
            && context.Lookups.TryGet(collection, id[(slash + 1)..], out var document))
        {
            context.Statistics.DocumentLookups++;
            return new AqlDocument(collection.Name, document);
        }

        context.Warn(1202, "document not found: " + id);
        return AqlValue.Null;
    }

    private static AqlValue?[] With(AqlValue?[] row, TraversalOutputs outputs, TraversalPath path)
    {
        var next = (AqlValue?[])row.Clone();
        next[outputs.Vertex.Slot] = path.Vertex;
        if (outputs.Edge is { } edge)
        {
            next[edge.Slot] = path.Edge ?? AqlValue.Null;
        }

        if (outputs.Path is { } whole)
        {
            next[whole.Slot] = path.ToValue();
        }

        return next;
    }

    private bool IsPruned(TraversalClauses clauses, AqlValue?[] row)
    {
        if (clauses.Prune is not { } condition)
        {
            return false;
        }

        var value = evaluator.Evaluate(condition, row);
        if (clauses.PruneVariable is { } variable)
        {
            row[variable.Slot] = value;
        }

        return value.IsTrue;
    }

    private (int Least, int Most) DepthOf(TraversalStatement traversal, AqlValue?[] row)
    {
        if (traversal.Depth is null)
        {
            return (1, 1);
        }

        var depth = evaluator.Evaluate(traversal.Depth, row);
        var (least, most) = depth.IsArray && depth.Items.Count > 0
            ? (depth.Items[0].Number, depth.Items[^1].Number)
            : (depth.Number, depth.Number);
        return least >= 0 && most >= least
            ? ((int)least, (int)most)
            : throw AqlErrors.Bad(1501, "invalid traversal depth");
    }

    private List<(CollectionInfo Collection, TraversalDirection Direction)> EdgesOf(TraversalStatement traversal, AqlValue?[] row)
    {
        var named = traversal.Graph.Name is { } graph
            ? EdgeCollections(evaluator.Evaluate(graph, row).Text).Select(name => (name, traversal.Direction))
            : traversal.Graph.Edges.Select(edge => (context.NameOf(edge.Collection), edge.Direction));
        return [.. named.Select(edge => context.Collection(edge.Item1) is { Type: EdgeType } collection
            ? (collection, edge.Item2)
            : throw AqlErrors.Bad(1218, "collection type invalid: expected an edge collection, got " + edge.Item1))];
    }

    private List<string> EdgeCollections(string graph)
    {
        if (context.Lookups.Catalog.FindCollection(context.Database, "_graphs") is not { } graphs
            || !context.Lookups.TryGet(graphs, graph, out var stored))
        {
            throw new ArangoException(404, 1924, $"graph '{graph}' not found");
        }

        using var definition = JsonDocument.Parse(stored.Body);
        return definition.RootElement.TryGetProperty("edgeDefinitions", out var definitions) && definitions.ValueKind == JsonValueKind.Array
            ? [.. definitions.EnumerateArray().Select(static one => one.GetProperty("collection").GetString() ?? "")]
            : [];
    }
}
