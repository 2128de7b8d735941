using System.Text.Json;
using MetisBackup.DevServer.Aql.Traversals;

namespace MetisBackup.DevServer.Aql;

/// <summary>The syntax tree of a query in the server's words: nodes of <c>{type, name?, value?, id?, subNodes?}</c>.</summary>
internal sealed class SyntaxJson
{
    private readonly Utf8JsonWriter _writer;

    private SyntaxJson(Utf8JsonWriter writer) => _writer = writer;

    public static void Write(Utf8JsonWriter writer, AqlQuery query) => new SyntaxJson(writer).WriteQuery("root", query);

    private void WriteQuery(string type, AqlQuery query) => Node(type, () =>
    {
        foreach (var statement in query.Statements)
        {
            WriteStatement(statement);
        }
    });

    private void WriteStatement(AqlStatement statement)
    {
        switch (statement)
        {
            case ForStatement loop:
                Node("for", () =>
                {
                    WriteVariable(loop.Variable);
                    WriteExpression(loop.Source);
                    WriteOptional(loop.Options);
                });
                break;
            case TraversalStatement traversal:
                Node("traversal", () => WriteExpression(traversal.Start));
                break;
            case LetStatement let:
                WriteAssignment("let", let);
                break;
            case FilterStatement filter:
                Node("filter", () => WriteExpression(filter.Condition));
                break;
            case LimitStatement limit:
                Node("limit", () =>
                {
                    WriteExpression(limit.Offset);
                    WriteExpression(limit.Count);
                });
                break;
            case SortStatement sort:
                WriteSort(sort);
                break;
            case ReturnStatement answer:
                Node("return", () => WriteDistinct(answer));
                break;
            case CollectStatement collect:
                WriteCollect(collect);
                break;
            case ModifyStatement modify:
                WriteModify(modify);
                break;
            case UpsertStatement upsert:
                Node("upsert", () =>
                {
                    WriteOptional(upsert.Clauses.Options);
                    WriteSource(upsert.Target);
                    WriteExpression(upsert.Search);
                    WriteExpression(upsert.Insert);
                    WriteExpression(upsert.Update);
                });
                break;
        }
    }

    private void WriteDistinct(ReturnStatement answer)
    {
        if (answer.Distinct)
        {
            Node("distinct", () => WriteExpression(answer.Value));
        }
        else
        {
            WriteExpression(answer.Value);
        }
    }

    private void WriteAssignment(string type, LetStatement let) => Node(type, () =>
    {
        WriteVariable(let.Variable);
        WriteExpression(let.Value);
    });

    private void WriteSort(SortStatement sort) => Node("sort", () => Node("array", () =>
    {
        foreach (var element in sort.Elements)
        {
            Node("sort element", () =>
            {
                WriteExpression(element.Value);
                WriteValue(AqlValue.From(element.Ascending));
            });
        }
    }));

    private void WriteCollect(CollectStatement collect) => Node(collect.CountInto is null ? "collect" : "collect with count", () =>
    {
        WriteOptional(null);
        Node("array", () =>
        {
            foreach (var group in collect.Groups)
            {
                WriteAssignment("assign", group);
            }
        });
        if (collect.Aggregates.Count > 0)
        {
            Node("aggregations", () => Node("array", () =>
            {
                foreach (var aggregate in collect.Aggregates)
                {
                    WriteAssignment("assign", new LetStatement(aggregate.Variable, new CallExpression(aggregate.Function, [aggregate.Argument])));
                }
            }));
        }

        if ((collect.Into?.Variable ?? collect.CountInto) is { } into)
        {
            WriteVariable(into);
        }
    });

    private void WriteModify(ModifyStatement modify) => Node(modify.Kind.ToString().ToLowerInvariant(), () =>
    {
        WriteOptional(modify.Clauses.Options);
        WriteSource(modify.Target);
        foreach (var operand in new[] { modify.Document, modify.Key }.OfType<AqlExpression>())
        {
            WriteExpression(operand);
        }
    });

    private void WriteExpression(AqlExpression expression)
    {
        switch (expression)
        {
            case LiteralExpression literal:
                WriteValue(literal.Value);
                break;
            case VariableExpression variable:
                Leaf("reference", () =>
                {
                    _writer.WriteString("name"u8, variable.Variable.Name);
                    _writer.WriteNumber("id"u8, variable.Variable.Slot);
                    _writer.WriteBoolean("subqueryReference"u8, false);
                });
                break;
            case ParameterExpression parameter:
                Leaf("parameter", () => _writer.WriteString("name"u8, parameter.Name));
                break;
            case DataSourceExpression source:
                WriteSource(source.Source);
                break;
            case AttributeExpression access:
                WriteAccess(access);
                break;
            default:
                WriteOperation(expression);
                break;
        }
    }

    private void WriteOperation(AqlExpression expression)
    {
        switch (expression)
        {
            case ArrayExpression array:
                Node("array", () => WriteAll(array.Items));
                break;
            case ObjectExpression entries:
                Node("object", () => WriteEntries(entries));
                break;
            case UnaryExpression unary:
                Node(unary.Operator switch { "!" => "unary not", "-" => "unary minus", _ => "unary plus" }, () => WriteExpression(unary.Operand));
                break;
            case BinaryExpression binary:
                Node(OperatorNames.Of(binary.Operator), () => WriteAll([binary.Left, binary.Right]));
                break;
            case QuantifiedExpression quantified:
                Node("array " + OperatorNames.Of(quantified.Comparison.Operator), () => WriteAll([quantified.Comparison.Left, quantified.Comparison.Right]));
                break;
            case TernaryExpression ternary:
                Node("ternary", () => WriteAll(new[] { ternary.Condition, ternary.Then, ternary.Else }.OfType<AqlExpression>()));
                break;
            case RangeExpression range:
                Node("range", () => WriteAll([range.From, range.To]));
                break;
            case CallExpression call:
                WriteCall(call);
                break;
            case SubqueryExpression subquery:
                WriteQuery("subquery", subquery.Query);
                break;
            case ExpansionExpression expansion:
                Node("expansion", () => WriteExpression(expansion.Target));
                break;
        }
    }

    private void WriteAll(IEnumerable<AqlExpression> expressions)
    {
        foreach (var expression in expressions)
        {
            WriteExpression(expression);
        }
    }

    private void WriteEntries(ObjectExpression entries)
    {
        foreach (var entry in entries.Entries)
        {
            if (entry.Name is LiteralExpression name)
            {
                Node("object element", () => WriteExpression(entry.Value), () => _writer.WriteString("name"u8, name.Value.Text));
            }
            else
            {
                Node("calculated object element", () => WriteAll(new[] { entry.Name, entry.Value }.OfType<AqlExpression>()));
            }
        }
    }

    private void WriteAccess(AttributeExpression access)
    {
        if (access is { IsIndex: false, Name: LiteralExpression name })
        {
            Node("attribute access", () => WriteExpression(access.Target), () => _writer.WriteString("name"u8, name.Value.Text));
        }
        else
        {
            Node(access.IsIndex ? "indexed access" : "bound attribute access", () => WriteAll([access.Target, access.Name]));
        }
    }

    private void WriteCall(CallExpression call) => Node(
        call.Function.Contains("::", StringComparison.Ordinal) ? "user function call" : "function call",
        () => Node("array", () => WriteAll(call.Arguments)),
        () => _writer.WriteString("name"u8, call.Function));

    private void WriteSource(DataSource source) =>
        Leaf(source.IsParameter ? "datasource parameter" : "collection", () => _writer.WriteString("name"u8, source.Name));

    private void WriteVariable(AqlVariable variable) => Leaf("variable", () =>
    {
        _writer.WriteString("name"u8, variable.Name);
        _writer.WriteNumber("id"u8, variable.Slot);
    });

    private void WriteOptional(AqlExpression? expression)
    {
        if (expression is null)
        {
            Leaf("no-op", static () => { });
        }
        else
        {
            WriteExpression(expression);
        }
    }

    private void WriteValue(AqlValue value) => Leaf("value", () =>
    {
        _writer.WritePropertyName("value"u8);
        value.WriteTo(_writer);
    });

    private void Leaf(string type, Action attributes)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        attributes();
        _writer.WriteEndObject();
    }

    private void Node(string type, Action children, Action? attributes = null) => Leaf(type, () =>
    {
        attributes?.Invoke();
        _writer.WriteStartArray("subNodes"u8);
        children();
        _writer.WriteEndArray();
    });
}
