namespace MetisBackup.DevServer.Aql.Traversals;

/// <summary>The options of a traversal that change its results.</summary>
/// <param name="BreadthFirst">Vertices come in the order of their depth.</param>
/// <param name="Vertices">Which vertices are visited once only.</param>
/// <param name="Edges">Which edges are followed once only.</param>
internal sealed record TraversalOptions(bool BreadthFirst, Uniqueness Vertices, Uniqueness Edges)
{
    /// <summary>Reads the object behind OPTIONS.</summary>
    /// <exception cref="Engine.ArangoException">400/E10: vertices that are unique in the whole traversal need breadth first.</exception>
    public static TraversalOptions From(AqlValue options)
    {
        var breadthFirst = options.Attribute("bfs").IsTrue || options.Attribute("order").Text == "bfs";
        var vertices = Of(options.Attribute("uniqueVertices"), Uniqueness.None);
        return vertices == Uniqueness.Global && !breadthFirst
            ? throw AqlErrors.Bad(10, "uniqueVertices: 'global' is only supported, with mode: bfs || weighted due to otherwise unpredictable results.")
            : new TraversalOptions(breadthFirst, vertices, Of(options.Attribute("uniqueEdges"), Uniqueness.Path));
    }

    private static Uniqueness Of(AqlValue value, Uniqueness otherwise) => value.Text switch
    {
        "none" => Uniqueness.None,
        "path" => Uniqueness.Path,
        "global" => Uniqueness.Global,
        _ => otherwise,
    };
}

internal enum Uniqueness
{
    None,
    Path,
    Global,
}
