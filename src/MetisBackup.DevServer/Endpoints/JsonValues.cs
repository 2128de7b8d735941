using System.Text.Json;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>Reads and makes small JSON values: options and definitions, never documents.</summary>
internal static class JsonValues
{
    /// <summary>The value that the caller writes.</summary>
    public static JsonElement Build(Action<Utf8JsonWriter> write)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ArangoResponse.WriterOptions))
        {
            write(writer);
        }

        var reader = new Utf8JsonReader(buffer.Span);
        return JsonElement.ParseValue(ref reader);
    }

    public static JsonElement? Find(this JsonElement value, string attribute) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(attribute, out var found) ? found : null;

    /// <summary>A text attribute; null where it is missing or something else.</summary>
    public static string? TextOf(this JsonElement value, string attribute) =>
        value.Find(attribute) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A boolean attribute; the fallback where it is missing or something else.</summary>
    public static bool FlagOf(this JsonElement value, string attribute, bool fallback = false) => value.Find(attribute)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => fallback,
    };

    /// <summary>A boolean attribute; null where it is missing or something else.</summary>
    public static bool? OptionalFlagOf(this JsonElement value, string attribute) => value.Find(attribute)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>An object attribute; null where it is missing or something else.</summary>
    public static JsonElement? ObjectOf(this JsonElement value, string attribute) =>
        value.Find(attribute) is { ValueKind: JsonValueKind.Object } found ? found : null;

    /// <summary>The elements of an array attribute; null where it is missing or something else.</summary>
    public static IReadOnlyList<JsonElement>? ItemsOf(this JsonElement value, string attribute) =>
        value.Find(attribute) is { ValueKind: JsonValueKind.Array } found ? [.. found.EnumerateArray()] : null;

    /// <summary>The texts of an array attribute; other elements are left out.</summary>
    public static IReadOnlyList<string> TextsOf(this JsonElement value, string attribute) =>
        [.. (value.ItemsOf(attribute) ?? []).Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString() ?? "")];

    /// <summary>A number attribute; null where it is missing or something else.</summary>
    public static double? NumberOf(this JsonElement value, string attribute) =>
        value.Find(attribute) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>Writes an attribute as it stands.</summary>
    public static void WriteValue(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
