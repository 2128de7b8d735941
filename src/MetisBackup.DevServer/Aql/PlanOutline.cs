using MetisBackup.DevServer.Aql.Traversals;

namespace MetisBackup.DevServer.Aql;

/// <summary>
/// The nodes that an unoptimised plan of a query has, numbered from 1: what error messages refer to.
/// </summary>
internal sealed class PlanOutline
{
    private readonly List<PlanNode> _nodes = [new(1, "SingletonNode", null)];

    public PlanOutline(AqlQuery query)
    {
        foreach (var statement in query.Statements)
        {
            foreach (var expression in Operands(statement).Where(static e => e is not VariableExpression))
            {
                Add(expression is SubqueryExpression ? "SubqueryNode" : "CalculationNode", null);
            }

            if (NodeType(statement) is { } type)
            {
                Add(type, statement);
            }
        }
    }

    /// <summary>The nodes that an error passes: from the failing one (or the one before it) to the root of the plan.</summary>
    public string PathFrom(AqlStatement statement, bool fromSource)
    {
        var start = Math.Max(0, _nodes.FindIndex(node => node.Statement == statement) - (fromSource ? 1 : 0));
        var passed = _nodes.Skip(start).SelectMany(static node => Enumerable.Repeat(node, node.Type == "SortNode" ? 2 : 1));
        return string.Join(' ', passed.Select(static node => $"[node #{node.Id}: {node.Type}]"));
    }

    private void Add(string type, AqlStatement? statement) => _nodes.Add(new(_nodes.Count + 1, type, statement));

    private static IEnumerable<AqlExpression> Operands(AqlStatement statement) => statement switch
    {
        ForStatement { Source: not DataSourceExpression } loop => [loop.Source],
        LetStatement let => [let.Value],
        FilterStatement filter => [filter.Condition],
        SortStatement sort => sort.Elements.Select(static element => element.Value),
        ReturnStatement answer => [answer.Value],
        CollectStatement collect => collect.Groups.Select(static group => group.Value),
        ModifyStatement modify => new[] { modify.Document, modify.Key }.OfType<AqlExpression>(),
        _ => [],
    };

    private static string? NodeType(AqlStatement statement) => statement switch
    {
        ForStatement { Source: DataSourceExpression } => "EnumerateCollectionNode",
        ForStatement => "EnumerateListNode",
        TraversalStatement => "TraversalNode",
        FilterStatement => "FilterNode",
        SortStatement => "SortNode",
        LimitStatement => "LimitNode",
        CollectStatement => "CollectNode",
        ReturnStatement => "ReturnNode",
        ModifyStatement modify => modify.Kind + "Node",
        UpsertStatement => "UpsertNode",
        _ => null,
    };
}

/// <summary>One node of a plan.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Type">Its type as the server names it.</param>
/// <param name="Statement">The statement it stands for; null for calculations.</param>
internal sealed record PlanNode(int Id, string Type, AqlStatement? Statement);
