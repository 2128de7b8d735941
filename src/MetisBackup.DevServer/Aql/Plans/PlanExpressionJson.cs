using System.Text.Json;

namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>Expressions inside plans: nodes with the numbers of the server's node types.</summary>
internal static class PlanExpressionJson
{
    private const int AndType = 62;
    private const int OrType = 63;

    /// <summary>The condition of an index: alternatives of conjunctions, here one of one.</summary>
    public static void WriteCondition(Utf8JsonWriter writer, BinaryExpression condition) => Node(writer, "n-ary or", OrType, () =>
        Node(writer, "n-ary and", AndType, () => Write(writer, condition)));

    public static void Write(Utf8JsonWriter writer, AqlExpression expression)
    {
        switch (expression)
        {
            case LiteralExpression { Value: { IsArray: true } array }:
                Leaf(writer, "array", 41, () => WriteValue(writer, "raw", array));
                break;
            case LiteralExpression { Value: { IsObject: true } entries }:
                Leaf(writer, "object", 42, () => WriteValue(writer, "raw", entries));
                break;
            case LiteralExpression literal:
                Leaf(writer, "value", 40, () => WriteScalar(writer, literal.Value));
                break;
            case VariableExpression variable:
                Leaf(writer, "reference", 45, () =>
                {
                    writer.WriteString("name"u8, variable.Variable.Name);
                    writer.WriteNumber("id"u8, variable.Variable.Slot);
                    writer.WriteBoolean("subqueryReference"u8, false);
                });
                break;
            case AttributeExpression { IsIndex: false, Name: LiteralExpression name } access:
                Node(writer, "attribute access", 35, () => Write(writer, access.Target), () => writer.WriteString("name"u8, name.Value.Text));
                break;
            case RangeExpression range:
                Node(writer, "range", 49, () => WriteAll(writer, [range.From, range.To]));
                break;
            case CallExpression call:
                Node(writer, "function call", 47, () => WriteArguments(writer, call.Arguments), () => writer.WriteString("name"u8, call.Function));
                break;
            case BinaryExpression binary:
                WriteBinary(writer, binary);
                break;
            default:
                WriteOther(writer, expression);
                break;
        }
    }

    private static void WriteOther(Utf8JsonWriter writer, AqlExpression expression)
    {
        switch (expression)
        {
            case ArrayExpression array:
                Node(writer, "array", 41, () => WriteAll(writer, array.Items));
                break;
            case UnaryExpression unary:
                Node(writer, unary.Operator == "!" ? "unary not" : "unary minus", unary.Operator == "!" ? 17 : 16, () => Write(writer, unary.Operand));
                break;
            case TernaryExpression ternary:
                Node(writer, "ternary", 33, () => WriteAll(writer, new[] { ternary.Condition, ternary.Then, ternary.Else }.OfType<AqlExpression>()));
                break;
            case AttributeExpression access:
                Node(writer, "indexed access", 37, () => WriteAll(writer, [access.Target, access.Name]));
                break;
            case ObjectExpression entries:
                Node(writer, "object", 42, () =>
                {
                    foreach (var entry in entries.Entries)
                    {
                        Node(writer, "object element", 43, () => Write(writer, entry.Value), () => writer.WriteString("name"u8, (entry.Name as LiteralExpression)?.Value.Text ?? ""));
                    }
                });
                break;
            default:
                Leaf(writer, "no-op", 50, static () => { });
                break;
        }
    }

    /// <summary>Constant arguments stand as one raw array.</summary>
    private static void WriteArguments(Utf8JsonWriter writer, IReadOnlyList<AqlExpression> arguments)
    {
        if (arguments.All(static a => a is LiteralExpression))
        {
            Write(writer, new LiteralExpression(AqlValue.From([.. arguments.Select(static a => ((LiteralExpression)a).Value)])));
        }
        else
        {
            Node(writer, "array", 41, () => WriteAll(writer, arguments));
        }
    }

    private static void WriteBinary(Utf8JsonWriter writer, BinaryExpression binary)
    {
        var (name, number) = binary.Operator switch
        {
            "&&" => ("logical and", 18),
            "||" => ("logical or", 19),
            "+" => ("plus", 20),
            "-" => ("minus", 21),
            "*" => ("times", 22),
            "/" => ("division", 23),
            "%" => ("modulus", 24),
            "==" => ("compare ==", 25),
            "!=" => ("compare !=", 26),
            "<" => ("compare <", 27),
            "<=" => ("compare <=", 28),
            ">" => ("compare >", 29),
            ">=" => ("compare >=", 30),
            "IN" => ("compare in", 31),
            _ => ("compare not in", 32),
        };
        Node(writer, name, number, () => WriteAll(writer, [binary.Left, binary.Right]), () =>
        {
            if (number is >= 25 and <= 32)
            {
                writer.WriteBoolean("excludesNull"u8, false);
            }
        });
    }

    private static void WriteScalar(Utf8JsonWriter writer, AqlValue value)
    {
        WriteValue(writer, "value", value);
        writer.WriteNumber("vTypeID"u8, value.Type switch
        {
            AqlType.Null => 0,
            AqlType.Bool => 1,
            AqlType.Number => value.Number == Math.Floor(value.Number) ? 2 : 3,
            _ => 4,
        });
    }

    private static void WriteValue(Utf8JsonWriter writer, string attribute, AqlValue value)
    {
        writer.WritePropertyName(attribute);
        value.WriteTo(writer);
    }

    private static void WriteAll(Utf8JsonWriter writer, IEnumerable<AqlExpression> expressions)
    {
        foreach (var expression in expressions)
        {
            Write(writer, expression);
        }
    }

    private static void Leaf(Utf8JsonWriter writer, string type, int number, Action attributes)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteNumber("typeID"u8, number);
        attributes();
        writer.WriteEndObject();
    }

    private static void Node(Utf8JsonWriter writer, string type, int number, Action children, Action? attributes = null) => Leaf(writer, type, number, () =>
    {
        attributes?.Invoke();
        writer.WriteStartArray("subNodes"u8);
        children();
        writer.WriteEndArray();
    });
}
