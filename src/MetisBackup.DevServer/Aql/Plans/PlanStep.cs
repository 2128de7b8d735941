using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>One node of a plan.</summary>
/// <param name="Id">Its number: the order in which nodes were made, not in which they run.</param>
/// <param name="Type">Its type as the server names it.</param>
internal sealed record PlanStep(int Id, string Type)
{
    /// <summary>What a calculation computes.</summary>
    public AqlExpression? Expression { get; init; }

    public PlanVariable? In { get; init; }

    public PlanVariable? Out { get; init; }

    /// <summary>The collection that is read or written.</summary>
    public string? Collection { get; init; }

    /// <summary>The index that is used, with the condition on its attribute.</summary>
    public (IndexInfo Index, string CollectionName, BinaryExpression Condition)? Index { get; init; }

    /// <summary>What a SORT sorts by.</summary>
    public IReadOnlyList<(PlanVariable Variable, bool Ascending)> Sorting { get; init; } = [];

    /// <summary>Offset and count of a LIMIT.</summary>
    public (double Offset, double Count) Limit { get; init; }

    /// <summary>The rows below can be fetched ahead of their use.</summary>
    public bool IsPrefetched { get; init; }
}
