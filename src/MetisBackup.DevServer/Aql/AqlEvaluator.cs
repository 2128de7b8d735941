using System.Text.RegularExpressions;

namespace MetisBackup.DevServer.Aql;

/// <summary>Computes the value of an expression for one row.</summary>
internal sealed class AqlEvaluator(QueryContext context, Func<AqlQuery, AqlValue?[], IEnumerable<AqlValue>> runSubquery)
{
    public AqlValue Evaluate(AqlExpression expression, AqlValue?[] row) => expression switch
    {
        LiteralExpression literal => literal.Value,
        VariableExpression variable => row[variable.Variable.Slot] ?? AqlValue.Null,
        ParameterExpression parameter => context.Parameter(parameter.Name),
        AttributeExpression attribute => Access(attribute, row),
        BinaryExpression binary => Binary(binary, row),
        UnaryExpression unary => Unary(unary, row),
        CallExpression call => Call(call, row),
        ArrayExpression array => AqlValue.From(Items(array.Items, row)),
        ObjectExpression entries => AqlValue.From(Attributes(entries, row)),
        TernaryExpression ternary => Ternary(ternary, row),
        RangeExpression range => new AqlRange((long)Evaluate(range.From, row).Number, (long)Evaluate(range.To, row).Number),
        SubqueryExpression subquery => AqlValue.From([.. runSubquery(subquery.Query, row)]),
        ExpansionExpression expansion => Expand(expansion, row),
        QuantifiedExpression quantified => Quantified(quantified, row),
        DataSourceExpression source => AqlValue.From([.. QuerySources.Documents(context, source.Source)]),
        _ => throw AqlErrors.NotSupported(expression.GetType().Name),
    };

    public bool IsTrue(AqlExpression expression, AqlValue?[] row) => Evaluate(expression, row).IsTrue;

    private List<AqlValue> Items(IReadOnlyList<AqlExpression> expressions, AqlValue?[] row)
    {
        var items = new List<AqlValue>(expressions.Count);
        foreach (var expression in expressions)
        {
            if (expression is SpreadExpression spread)
            {
                items.AddRange(Evaluate(spread.Value, row).Items);
            }
            else
            {
                items.Add(Evaluate(expression, row));
            }
        }

        return items;
    }

    private List<KeyValuePair<string, AqlValue>> Attributes(ObjectExpression expression, AqlValue?[] row)
    {
        var attributes = new AttributeList(expression.Entries.Count);
        foreach (var entry in expression.Entries)
        {
            var value = Evaluate(entry.Value, row);
            if (entry.Name is null)
            {
                attributes.SetAll(value);
            }
            else
            {
                attributes.Set(Evaluate(entry.Name, row).Text, value);
            }
        }

        return attributes.Items;
    }

    private AqlValue Access(AttributeExpression access, AqlValue?[] row)
    {
        var target = Evaluate(access.Target, row);
        var name = Evaluate(access.Name, row);
        if (target.IsArray && access.IsIndex)
        {
            var index = (int)name.Number;
            var items = target.Items;
            index += index < 0 ? items.Count : 0;
            return index >= 0 && index < items.Count ? items[index] : AqlValue.Null;
        }

        return target.IsObject ? target.Attribute(name.Text) : AqlValue.Null;
    }

    private AqlValue Ternary(TernaryExpression ternary, AqlValue?[] row)
    {
        var condition = Evaluate(ternary.Condition, row);
        return condition.IsTrue
            ? ternary.Then is null ? condition : Evaluate(ternary.Then, row)
            : Evaluate(ternary.Else, row);
    }

    private AqlValue Unary(UnaryExpression unary, AqlValue?[] row)
    {
        var operand = Evaluate(unary.Operand, row);
        return unary.Operator switch
        {
            "!" => AqlValue.From(!operand.IsTrue),
            "-" => AqlValue.From(-operand.Number),
            _ => AqlValue.From(operand.Number),
        };
    }

    private AqlValue Binary(BinaryExpression binary, AqlValue?[] row)
    {
        var left = Evaluate(binary.Left, row);
        switch (binary.Operator)
        {
            case "&&":
                return left.IsTrue ? Evaluate(binary.Right, row) : left;
            case "||":
                return left.IsTrue ? left : Evaluate(binary.Right, row);
        }

        var right = Evaluate(binary.Right, row);
        return binary.Operator is "+" or "-" or "*" or "/" or "%"
            ? Arithmetic(binary.Operator, left.Number, right.Number)
            : AqlValue.From(Compare(binary.Operator, left, right));
    }

    private AqlValue Arithmetic(string symbol, double left, double right)
    {
        if (right == 0 && symbol is "/" or "%")
        {
            context.Warn(AqlErrors.DivisionByZero, "division by zero");
            return AqlValue.Null;
        }

        return AqlValue.From(symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            _ => left % right,
        });
    }

    private bool Compare(string symbol, AqlValue left, AqlValue right) => symbol switch
    {
        "==" => AqlComparer.Instance.Compare(left, right) == 0,
        "!=" => AqlComparer.Instance.Compare(left, right) != 0,
        "<" => AqlComparer.Instance.Compare(left, right) < 0,
        "<=" => AqlComparer.Instance.Compare(left, right) <= 0,
        ">" => AqlComparer.Instance.Compare(left, right) > 0,
        ">=" => AqlComparer.Instance.Compare(left, right) >= 0,
        "IN" => Contains(right, left),
        "NOT IN" => right.IsArray && !Contains(right, left),
        "LIKE" => TextPatterns.Like(left.Text, right.Text, ignoreCase: false),
        "NOT LIKE" => !TextPatterns.Like(left.Text, right.Text, ignoreCase: false),
        "=~" => Matches(left, right),
        _ => !Matches(left, right),
    };

    private bool Contains(AqlValue list, AqlValue value)
    {
        if (!list.IsArray)
        {
            context.Warn(AqlErrors.ArrayExpected, "array expected");
            return false;
        }

        return list.Items.Contains(value, AqlComparer.Instance);
    }

    private bool Matches(AqlValue text, AqlValue pattern)
    {
        try
        {
            return TextPatterns.IsMatch(text.Text, pattern.Text, ignoreCase: false);
        }
        catch (RegexParseException)
        {
            context.Warn(1543, "invalid regex value");
            return false;
        }
    }

    private AqlValue Quantified(QuantifiedExpression quantified, AqlValue?[] row)
    {
        var comparison = quantified.Comparison;
        var left = Evaluate(comparison.Left, row);
        if (!left.IsArray)
        {
            return AqlValue.False;
        }

        var right = Evaluate(comparison.Right, row);
        var hits = left.Items.Count(item => Compare(comparison.Operator, item, right));
        return AqlValue.From(quantified.Quantifier switch
        {
            "ALL" => hits == left.Items.Count,
            "ANY" => hits > 0,
            "NONE" => hits == 0,
            _ => hits >= Evaluate(quantified.AtLeast ?? comparison.Right, row).Number,
        });
    }

    private AqlValue Expand(ExpansionExpression expansion, AqlValue?[] row)
    {
        var target = Evaluate(expansion.Target, row);
        IEnumerable<AqlValue> items = target.Items;
        for (var level = 1; level < expansion.Levels; level++)
        {
            items = items.SelectMany(static item => item.IsArray ? item.Items : [item]);
        }

        var inner = (AqlValue?[])row.Clone();
        var result = new List<AqlValue>();
        foreach (var item in items)
        {
            inner[expansion.Current.Slot] = item;
            if (expansion.Clauses.Filter is null || IsTrue(expansion.Clauses.Filter, inner))
            {
                result.Add(expansion.Clauses.Projection is { } projection ? Evaluate(projection, inner) : item);
            }
        }

        return expansion.Clauses.Limit is { } limit
            ? AqlValue.From([.. result.Skip((int)Evaluate(limit.Offset, row).Number).Take((int)Evaluate(limit.Count, row).Number)])
            : AqlValue.From(result);
    }

    /// <summary>A few functions look at a collection itself rather than at its documents.</summary>
    private AqlValue Call(CallExpression call, AqlValue?[] row)
    {
        var arguments = new AqlValue[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (call.Arguments[i] is not DataSourceExpression source)
            {
                arguments[i] = Evaluate(call.Arguments[i], row);
            }
            else if (call.Function is "LENGTH" or "COUNT")
            {
                return AqlValue.From(context.Lookups.Count(context.Collection(source.Source)));
            }
            else
            {
                arguments[i] = AqlFunctions.TakesName(call.Function) ? AqlValue.From(context.NameOf(source.Source)) : Evaluate(source, row);
            }
        }

        return AqlFunctions.Call(call.Function, context, arguments);
    }
}
