using System.Text.Json;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>Reads attributes of request bodies whose type is not sure.</summary>
internal static class JsonAttributes
{
    /// <summary>The text; null where the attribute is missing or no text.</summary>
    public static string? Text(this JsonElement body, string name) =>
        Find(body, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The truth value; null where the attribute is missing or of another type.</summary>
    public static bool? Flag(this JsonElement body, string name) =>
        Find(body, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>The number; null where the attribute is missing or of another type.</summary>
    public static double? Number(this JsonElement body, string name) =>
        Find(body, name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>The object; null where the attribute is missing or of another type.</summary>
    public static JsonElement? Object(this JsonElement body, string name) =>
        Find(body, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>The elements of the array; null where the attribute is missing or of another type.</summary>
    public static IReadOnlyList<JsonElement>? Array(this JsonElement body, string name) =>
        Find(body, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : null;

    /// <summary>The texts of an array; elements of other types are left out.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement body, string name) =>
        [.. (Array(body, name) ?? []).Where(static e => e.ValueKind == JsonValueKind.String).Select(static e => e.GetString() ?? "")];

    /// <summary>The attribute; null where it is missing or <paramref name="body"/> is no object.</summary>
    public static JsonElement? Find(this JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : null;
}
