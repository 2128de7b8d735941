using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>The types of values in their order of comparison.</summary>
internal enum AqlType
{
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>A value of a query: immutable; arrays and objects of stored documents are read only when asked for.</summary>
internal abstract class AqlValue
{
    public static readonly AqlValue Null = new AqlNull();
    public static readonly AqlValue True = new AqlBool(value: true);
    public static readonly AqlValue False = new AqlBool(value: false);

    public abstract AqlType Type { get; }

    /// <summary>The value as a condition.</summary>
    public abstract bool IsTrue { get; }

    /// <summary>The value as a number, with the rules of TO_NUMBER; 0 where there is none.</summary>
    public virtual double Number => 0;

    /// <summary>The value as a text, with the rules of TO_STRING.</summary>
    public abstract string Text { get; }

    /// <summary>Elements of an array; of every other value none.</summary>
    public virtual IReadOnlyList<AqlValue> Items => [];

    /// <summary>Attributes of an object in their order; of every other value none.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, AqlValue>> Attributes => [];

    public bool IsNull => Type == AqlType.Null;

    public bool IsText => Type == AqlType.Text;

    public bool IsNumber => Type == AqlType.Number;

    public bool IsArray => Type == AqlType.Array;

    public bool IsObject => Type == AqlType.Object;

    public static AqlValue From(bool value) => value ? True : False;

    public static AqlValue From(double value) => double.IsFinite(value) ? new AqlNumber(value) : Null;

    public static AqlValue From(long value) => new AqlNumber(value);

    public static AqlValue From(string value) => new AqlText(value);

    public static AqlValue From(IReadOnlyList<AqlValue> items) => new AqlArray(items);

    public static AqlValue From(IReadOnlyList<KeyValuePair<string, AqlValue>> attributes) => new AqlObject(attributes);

    public static AqlValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new AqlJsonObject(element),
        JsonValueKind.Array => new AqlJsonArray(element),
        JsonValueKind.String => new AqlText(element.GetString() ?? ""),
        JsonValueKind.Number => new AqlNumber(element.GetDouble(), element.GetRawText()),
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        _ => Null,
    };

    /// <summary>The attribute of this name; null where there is none.</summary>
    public virtual AqlValue Attribute(string name) => Null;

    public virtual bool HasAttribute(string name) => false;

    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>The value as JSON text.</summary>
    public string ToJson() => System.Text.Encoding.UTF8.GetString(AqlJson.ToUtf8(this).Span);
}

internal sealed class AqlNull : AqlValue
{
    public override AqlType Type => AqlType.Null;

    public override bool IsTrue => false;

    public override string Text => "";

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteNullValue();
}

internal sealed class AqlBool(bool value) : AqlValue
{
    public override AqlType Type => AqlType.Bool;

    public override bool IsTrue => value;

    public override double Number => value ? 1 : 0;

    public override string Text => value ? "true" : "false";

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteBooleanValue(value);
}

/// <summary>A number; one that came from JSON keeps its text, so that it leaves as it came.</summary>
internal sealed class AqlNumber(double value, string? text = null) : AqlValue
{
    private const double LargestExact = 9007199254740992;

    public override AqlType Type => AqlType.Number;

    public override bool IsTrue => value != 0;

    public override double Number => value;

    public override string Text => text ?? Format(value);

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Text, skipInputValidation: true);

    /// <summary>Whole numbers below 10^21 are written without an exponent.</summary>
    private static string Format(double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) <= LargestExact)
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var exponent = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0 || Math.Abs(number) is < 1 or >= 1e21)
        {
            return shortest;
        }

        var digits = shortest[..exponent].Replace(".", "", StringComparison.Ordinal);
        var sign = digits[0] == '-' ? 1 : 0;
        return digits.PadRight(sign + 1 + int.Parse(shortest.AsSpan(exponent + 1), CultureInfo.InvariantCulture), '0');
    }
}

internal sealed class AqlText(string value) : AqlValue
{
    public override AqlType Type => AqlType.Text;

    public override bool IsTrue => value.Length > 0;

    public override double Number =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;

    public override string Text => value;

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteStringValue(value);
}
