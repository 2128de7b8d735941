namespace MetisBackup.DevServer.Aql.Traversals;

/// <summary>One way from the start of a traversal: each step knows the one before it.</summary>
/// <param name="Before">Null at the start.</param>
/// <param name="VertexId">Id of the vertex where the path ends.</param>
/// <param name="Vertex">That vertex; null where it does not exist.</param>
/// <param name="Edge">The edge that led there; null at the start.</param>
internal sealed record TraversalPath(TraversalPath? Before, string VertexId, AqlValue Vertex, AqlValue? Edge)
{
    public int Depth { get; } = Before is null ? 0 : Before.Depth + 1;

    public bool HasVertex(string id) => Steps().Any(step => step.VertexId == id);

    public bool HasEdge(string id) => Steps().Any(step => step.Edge is { } edge && edge.Attribute("_id").Text == id);

    /// <summary><c>{"edges":[…],"vertices":[…]}</c>, from the start.</summary>
    public AqlValue ToValue()
    {
        List<TraversalPath> steps = [.. Steps()];
        steps.Reverse();
        return AqlValue.From(
        [
            new KeyValuePair<string, AqlValue>("edges", AqlValue.From([.. steps.Select(static step => step.Edge).OfType<AqlValue>()])),
            new KeyValuePair<string, AqlValue>("vertices", AqlValue.From([.. steps.Select(static step => step.Vertex)])),
        ]);
    }

    private IEnumerable<TraversalPath> Steps()
    {
        for (var step = this; step is not null; step = step.Before)
        {
            yield return step;
        }
    }
}
