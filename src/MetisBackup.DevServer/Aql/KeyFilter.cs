namespace MetisBackup.DevServer.Aql;

/// <summary>Finds filters that name the documents of a FOR by key, so that they need no scan.</summary>
internal static class KeyFilter
{
    /// <summary>The expression of the key or keys, from the filters that directly follow the loop; null where there is none.</summary>
    public static AqlExpression? Find(AqlVariable variable, IEnumerable<AqlStatement> following) => following
        .TakeWhile(static statement => statement is FilterStatement)
        .SelectMany(static statement => Conjuncts(((FilterStatement)statement).Condition))
        .Select(condition => KeyOf(condition, variable))
        .FirstOrDefault(static key => key is not null);

    private static IEnumerable<BinaryExpression> Conjuncts(AqlExpression condition)
    {
        if (condition is not BinaryExpression binary)
        {
            return [];
        }

        return binary.Operator is "&&" ? Conjuncts(binary.Left).Concat(Conjuncts(binary.Right)) : [binary];
    }

    private static AqlExpression? KeyOf(BinaryExpression condition, AqlVariable variable) => condition.Operator switch
    {
        "==" when IsKey(condition.Left, variable) && IsIndependent(condition.Right, variable) => condition.Right,
        "==" when IsKey(condition.Right, variable) && IsIndependent(condition.Left, variable) => condition.Left,
        "IN" when IsKey(condition.Left, variable) && IsIndependent(condition.Right, variable) => condition.Right,
        _ => null,
    };

    private static bool IsKey(AqlExpression expression, AqlVariable variable) =>
        expression is AttributeExpression { IsIndex: false, Target: VariableExpression target, Name: LiteralExpression name }
        && target.Variable == variable && name.Value.Text == "_key";

    private static bool IsIndependent(AqlExpression expression, AqlVariable variable) => expression switch
    {
        LiteralExpression or ParameterExpression => true,
        VariableExpression other => other.Variable != variable,
        AttributeExpression access => IsIndependent(access.Target, variable) && IsIndependent(access.Name, variable),
        ArrayExpression array => array.Items.All(item => IsIndependent(item, variable)),
        _ => false,
    };
}
