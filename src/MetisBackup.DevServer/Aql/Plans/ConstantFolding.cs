namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>Finds expressions that have the same value for every row and computes them before the query runs.</summary>
internal static class ConstantFolding
{
    private static readonly HashSet<string> Changing =
        ["SLEEP", "RAND", "DATE_NOW", "UUID", "RANDOM_TOKEN", "DOCUMENT", "COLLECTION_COUNT", "COLLECTIONS", "FAIL", "ASSERT", "WARN", "CURRENT_USER", "CURRENT_DATABASE", "VERSION"];

    /// <summary>The expression as a literal where it is constant; else the expression itself.</summary>
    public static AqlExpression Fold(AqlExpression expression, QueryContext context)
    {
        if (expression is LiteralExpression or RangeExpression || !IsConstant(expression))
        {
            return expression;
        }

        var evaluator = new AqlEvaluator(context, static (_, _) => []);
        return new LiteralExpression(evaluator.Evaluate(expression, new AqlValue?[context.Query.Slots]));
    }

    private static bool IsConstant(AqlExpression expression) => expression switch
    {
        LiteralExpression or ParameterExpression => true,
        ArrayExpression array => array.Items.All(IsConstant),
        ObjectExpression entries => entries.Entries.All(static e => (e.Name is null || IsConstant(e.Name)) && IsConstant(e.Value)),
        UnaryExpression unary => IsConstant(unary.Operand),
        BinaryExpression binary => IsConstant(binary.Left) && IsConstant(binary.Right),
        TernaryExpression ternary => IsConstant(ternary.Condition) && (ternary.Then is null || IsConstant(ternary.Then)) && IsConstant(ternary.Else),
        AttributeExpression access => IsConstant(access.Target) && IsConstant(access.Name),
        CallExpression call => !Changing.Contains(call.Function) && !call.Function.Contains("::", StringComparison.Ordinal) && call.Arguments.All(IsConstant),
        _ => false,
    };
}
