using System.Buffers;
using System.Text.Json;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>Reads the definition of a collection or view as any version of the stock tool wrote it (arangodb-protocol 8.3).</summary>
internal static class DumpDefinition
{
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal) { "objectId", "selectivityEstimate", "isBuilding", "figures" };

    /// <summary>Reads a structure file.</summary>
    /// <exception cref="FormatException">It is none; the message says why, as half a sentence.</exception>
    public static (JsonElement Parameters, JsonElement Indexes) ReadCollection(ReadOnlyMemory<byte> json)
    {
        var entry = Parse(json);
        if (!entry.TryGetProperty("parameters"u8, out var parameters) || parameters.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("has no parameters");
        }

        // Very old dumps keep the indexes inside of the parameters.
        return (entry.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array)
            || (parameters.TryGetProperty("indexes"u8, out indexes) && indexes.ValueKind == JsonValueKind.Array)
            ? (parameters, indexes)
            : throw new FormatException("has no list of indexes");
    }

    /// <summary>Reads a view file.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ViewInDump ReadView(ReadOnlyMemory<byte> json)
    {
        var view = Parse(json);
        return new ViewInDump(RequireName(view), Text(view, "type"), json);
    }

    /// <summary>The name in parameters or in a view.</summary>
    /// <exception cref="FormatException">There is none that a server would take.</exception>
    public static string RequireName(JsonElement definition) => Text(definition, "name") is { } name && ServerNames.IsCollection(name)
        ? name
        : throw new FormatException("has no name that a collection or view can have");

    /// <summary>An attribute that is a text or a number, as text; null when it is neither. Half a character, which Python writes for bytes that are no text, is none.</summary>
    public static string? Text(JsonElement parent, string name)
    {
        try
        {
            return !parent.TryGetProperty(name, out var value) ? null : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The entry of an inventory that stands for the same collection: indexes lifted out of the parameters, each with a name as servers
    /// give it, without those that every collection has by itself.
    /// </summary>
    public static (byte[] Json, int Indexes) ToEntry(JsonElement parameters, JsonElement indexes)
    {
        var own = indexes.EnumerateArray().Where(static index => index.ValueKind == JsonValueKind.Object && Text(index, "type") is not ("primary" or "edge")).ToList();
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("indexes"u8);
            foreach (var (position, index) in own.Index())
            {
                WriteIndex(json, index, position);
            }

            json.WriteEndArray();
            json.WriteStartObject("parameters"u8);
            WriteMembers(json, parameters, static name => name is "indexes" or "shadowCollections");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return (body.WrittenSpan.ToArray(), own.Count);
    }

    private static void WriteIndex(Utf8JsonWriter json, JsonElement index, int position)
    {
        json.WriteStartObject();
        if (Text(index, "name") is null)
        {
            json.WriteString("name"u8, $"idx_{Text(index, "id") ?? position.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        }

        WriteMembers(json, index, Bookkeeping.Contains);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, JsonElement source, Func<string, bool> isLeftOut)
    {
        foreach (var member in source.EnumerateObject().Where(member => !isLeftOut(member.Name)))
        {
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new FormatException("is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new FormatException("is not JSON", error);
        }
    }
}
