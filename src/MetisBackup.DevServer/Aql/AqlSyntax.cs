namespace MetisBackup.DevServer.Aql;

/// <summary>A variable of a query; <see cref="Slot"/> is its place in every row.</summary>
internal sealed record AqlVariable(string Name, int Slot);

/// <summary>A whole query or subquery: statements in their order.</summary>
internal sealed record AqlQuery(IReadOnlyList<AqlStatement> Statements);

/// <summary>A place where a collection or view is named.</summary>
/// <param name="Name">The name, or the name of the bind parameter.</param>
/// <param name="IsParameter">Given as <c>@@name</c> (or <c>@name</c> after IN and INTO).</param>
internal sealed record DataSource(string Name, bool IsParameter);

internal abstract record AqlStatement;

internal sealed record ForStatement(AqlVariable Variable, AqlExpression Source, AqlExpression? Search, ObjectExpression? Options) : AqlStatement;

internal sealed record LetStatement(AqlVariable Variable, AqlExpression Value) : AqlStatement;

internal sealed record FilterStatement(AqlExpression Condition) : AqlStatement;

internal sealed record SortStatement(IReadOnlyList<SortElement> Elements) : AqlStatement;

internal sealed record SortElement(AqlExpression Value, bool Ascending);

internal sealed record LimitStatement(AqlExpression Offset, AqlExpression Count) : AqlStatement;

internal sealed record ReturnStatement(AqlExpression Value, bool Distinct) : AqlStatement;

/// <summary>COLLECT in all its forms.</summary>
/// <param name="Groups">Grouping variables.</param>
/// <param name="Aggregates">AGGREGATE variables with their function calls.</param>
/// <param name="Into">The variable of INTO, with the projection and the variables kept.</param>
/// <param name="CountInto">The variable of WITH COUNT INTO.</param>
internal sealed record CollectStatement(
    IReadOnlyList<LetStatement> Groups, IReadOnlyList<Aggregate> Aggregates, IntoClause? Into, AqlVariable? CountInto) : AqlStatement;

internal sealed record Aggregate(AqlVariable Variable, string Function, AqlExpression Argument);

internal sealed record IntoClause(AqlVariable Variable, AqlExpression? Projection, IReadOnlyList<AqlVariable> Kept);

/// <summary>INSERT, UPDATE, REPLACE or REMOVE.</summary>
internal sealed record ModifyStatement(
    ModifyKind Kind, AqlExpression? Key, AqlExpression? Document, DataSource Target, ModifyClauses Clauses) : AqlStatement;

internal sealed record UpsertStatement(
    AqlExpression Search, AqlExpression Insert, AqlExpression Update, bool Replace, DataSource Target, ModifyClauses Clauses) : AqlStatement;

/// <summary>What follows every modification: its options and the pseudo variables OLD and NEW.</summary>
internal sealed record ModifyClauses(AqlExpression? Options, AqlVariable Old, AqlVariable New);

internal enum ModifyKind
{
    Insert,
    Update,
    Replace,
    Remove,
}

internal abstract record AqlExpression;

internal sealed record LiteralExpression(AqlValue Value) : AqlExpression;

internal sealed record ArrayExpression(IReadOnlyList<AqlExpression> Items) : AqlExpression;

internal sealed record ObjectExpression(IReadOnlyList<ObjectEntry> Entries) : AqlExpression;

/// <summary>One attribute; a null <paramref name="Name"/> spreads the value's attributes.</summary>
internal sealed record ObjectEntry(AqlExpression? Name, AqlExpression Value);

internal sealed record SpreadExpression(AqlExpression Value) : AqlExpression;

internal sealed record VariableExpression(AqlVariable Variable) : AqlExpression;

internal sealed record ParameterExpression(string Name) : AqlExpression;

internal sealed record DataSourceExpression(DataSource Source) : AqlExpression;

internal sealed record AttributeExpression(AqlExpression Target, AqlExpression Name, bool IsIndex) : AqlExpression;

/// <summary><c>target[* FILTER … LIMIT … RETURN …]</c>; each further star flattens one level.</summary>
internal sealed record ExpansionExpression(AqlExpression Target, int Levels, AqlVariable Current, ExpansionClauses Clauses) : AqlExpression;

internal sealed record ExpansionClauses(AqlExpression? Filter, LimitStatement? Limit, AqlExpression? Projection);

internal sealed record UnaryExpression(string Operator, AqlExpression Operand) : AqlExpression;

internal sealed record BinaryExpression(string Operator, AqlExpression Left, AqlExpression Right) : AqlExpression;

/// <summary><c>left ALL|ANY|NONE|AT LEAST (n) operator right</c>.</summary>
internal sealed record QuantifiedExpression(string Quantifier, AqlExpression? AtLeast, BinaryExpression Comparison) : AqlExpression;

internal sealed record TernaryExpression(AqlExpression Condition, AqlExpression? Then, AqlExpression Else) : AqlExpression;

internal sealed record RangeExpression(AqlExpression From, AqlExpression To) : AqlExpression;

internal sealed record CallExpression(string Function, IReadOnlyList<AqlExpression> Arguments) : AqlExpression;

internal sealed record SubqueryExpression(AqlQuery Query) : AqlExpression;
