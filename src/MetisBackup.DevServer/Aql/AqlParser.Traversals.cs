using MetisBackup.DevServer.Aql.Traversals;

namespace MetisBackup.DevServer.Aql;

/// <content>Graph traversals.</content>
internal sealed partial class AqlParser
{
    private bool IsDirection => Current is { Kind: AqlTokenKind.Keyword, Text: "OUTBOUND" or "INBOUND" or "ANY" };

    /// <summary>What follows IN, up to the end of the options.</summary>
    private TraversalStatement ParseTraversal(List<string> names, AqlExpression? depth)
    {
        var direction = ParseDirection();
        if (Current is { Kind: AqlTokenKind.Keyword, Text: "SHORTEST_PATH" or "K_SHORTEST_PATHS" or "K_PATHS" or "ALL_SHORTEST_PATHS" })
        {
            throw AqlErrors.NotSupported("the search for paths");
        }

        var start = ParseExpression();
        var graph = AcceptKeyword("GRAPH") ? new TraversalGraph(ParseGraphName(), []) : new TraversalGraph(null, ParseEdgeCollections(direction));
        var outputs = new TraversalOutputs(
            Declare(names[0]), names.Count > 1 ? Declare(names[1]) : null, names.Count > 2 ? Declare(names[2]) : null);
        return new TraversalStatement(outputs, depth, direction, start, graph, ParseTraversalClauses());
    }

    private TraversalDirection ParseDirection() => _tokens[_at++].Text switch
    {
        "OUTBOUND" => TraversalDirection.Outbound,
        "INBOUND" => TraversalDirection.Inbound,
        _ => TraversalDirection.Any,
    };

    private AqlExpression ParseGraphName()
    {
        if (Current.Kind is not (AqlTokenKind.Identifier or AqlTokenKind.QuotedString))
        {
            return ParsePrimary();
        }

        return new LiteralExpression(AqlValue.From(_tokens[_at++].Text));
    }

    private List<(DataSource Collection, TraversalDirection Direction)> ParseEdgeCollections(TraversalDirection direction)
    {
        var edges = new List<(DataSource Collection, TraversalDirection Direction)>();
        do
        {
            var own = IsDirection ? ParseDirection() : direction;
            var token = Current;
            if (token.Kind is not (AqlTokenKind.Identifier or AqlTokenKind.QuotedString or AqlTokenKind.BindDataSource))
            {
                throw Unexpected();
            }

            _at++;
            var source = SourceOf(token);
            Note(_names.Sources, source);
            edges.Add((source, own));
        }
        while (AcceptSymbol(","));
        return edges;
    }

    private TraversalClauses ParseTraversalClauses()
    {
        AqlVariable? variable = null;
        AqlExpression? prune = null;
        if (AcceptWord("PRUNE"))
        {
            if (Current.Kind == AqlTokenKind.Identifier && _tokens[_at + 1] is { Kind: AqlTokenKind.Symbol, Text: "=" })
            {
                var name = ExpectIdentifier().Text;
                ExpectSymbol("=");
                prune = ParseExpression();
                variable = Declare(name);
            }
            else
            {
                prune = ParseExpression();
            }
        }

        return new TraversalClauses(variable, prune, ParseOptions());
    }
}
