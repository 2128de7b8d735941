namespace MetisBackup.DevServer.Aql.Traversals;

/// <summary><c>FOR v, e, p IN min..max OUTBOUND start GRAPH name</c>, or with edge collections.</summary>
/// <param name="Outputs">The variables of vertex, edge and path.</param>
/// <param name="Depth">A number or a range; null for 1.</param>
/// <param name="Direction">The direction of edge collections without one of their own.</param>
/// <param name="Start">Id of a vertex, or the vertex.</param>
/// <param name="Graph">Name of the graph, or the edge collections.</param>
/// <param name="Clauses">What follows.</param>
internal sealed record TraversalStatement(
    TraversalOutputs Outputs, AqlExpression? Depth, TraversalDirection Direction, AqlExpression Start, TraversalGraph Graph, TraversalClauses Clauses)
    : AqlStatement;

internal sealed record TraversalOutputs(AqlVariable Vertex, AqlVariable? Edge, AqlVariable? Path);

/// <summary>One of the two is given.</summary>
internal sealed record TraversalGraph(AqlExpression? Name, IReadOnlyList<(DataSource Collection, TraversalDirection Direction)> Edges);

/// <summary>PRUNE and OPTIONS.</summary>
internal sealed record TraversalClauses(AqlVariable? PruneVariable, AqlExpression? Prune, ObjectExpression? Options);

internal enum TraversalDirection
{
    Outbound,
    Inbound,
    Any,
}
