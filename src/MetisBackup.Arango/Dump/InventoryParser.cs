using System.Text.Json;

namespace MetisBackup.Arango.Dump;

/// <summary>Reads inventories and structure files; every object keeps the bytes it came in.</summary>
public static class InventoryParser
{
    /// <summary>Reads the answer of <c>GET /_api/replication/inventory</c> (arangodb-protocol 4.3).</summary>
    /// <exception cref="FormatException">It is not an inventory.</exception>
    public static Inventory Parse(ReadOnlyMemory<byte> json) => Guard("inventory", () =>
    {
        var parts = Members(json);
        var state = parts.TryGetValue("state", out var stateJson) ? Members(stateJson) : [];
        return new Inventory
        {
            Properties = Require(parts, "properties"),
            Collections = [.. Elements(Require(parts, "collections")).Select(ParseCollectionUnguarded)],
            Views = parts.TryGetValue("views", out var views) ? [.. Elements(views).Select(ParseViewUnguarded)] : [],
            Tick = Text(parts, "tick") ?? "",
            LastLogTick = Text(state, "lastLogTick") ?? "",
            ServerTime = Text(state, "time") ?? "",
        };
    });

    /// <summary>Reads one collection entry, <c>{"indexes":[…],"parameters":{…}}</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CollectionEntry ParseCollection(ReadOnlyMemory<byte> json) => Guard("collection entry", () => ParseCollectionUnguarded(json));

    /// <summary>Reads one view definition.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ViewEntry ParseView(ReadOnlyMemory<byte> json) => Guard("view definition", () => ParseViewUnguarded(json));

    private static T Guard<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The {what} is not the JSON that belongs there.", error);
        }
    }

    private static CollectionEntry ParseCollectionUnguarded(ReadOnlyMemory<byte> json)
    {
        var entry = Members(json);
        var parameters = Require(entry, "parameters");
        var values = Members(parameters);
        var name = Name(values, "collection");
        return new CollectionEntry
        {
            Name = name,
            GloballyUniqueId = Text(values, "globallyUniqueId") ?? "",
            IsEdge = Number(values, "type") == 3,
            IsSystem = name[0] == '_',
            IsDeleted = True(values, "deleted"),
            HasRevisionTree = True(values, "syncByRevision") && True(values, "usesRevisionsAsDocumentIds"),
            DistributeShardsLike = Text(values, "distributeShardsLike"),
            Json = json,
            Parameters = parameters,
            Indexes = entry.TryGetValue("indexes", out var indexes) ? [.. Elements(indexes).Select(ParseIndex)] : [],
        };
    }

    private static IndexEntry ParseIndex(ReadOnlyMemory<byte> json)
    {
        var values = Members(json);
        return new IndexEntry(Text(values, "id") ?? "", Text(values, "name") ?? "", Text(values, "type") ?? "", json);
    }

    private static ViewEntry ParseViewUnguarded(ReadOnlyMemory<byte> json)
    {
        var values = Members(json);
        return new ViewEntry(Name(values, "view"), Text(values, "type") ?? "", json);
    }

    private static string Name(Dictionary<string, ReadOnlyMemory<byte>> values, string what) =>
        Text(values, "name") is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)
            ? name
            : throw new FormatException($"A {what} has no usable name.");

    private static ReadOnlyMemory<byte> Require(Dictionary<string, ReadOnlyMemory<byte>> values, string name) =>
        values.TryGetValue(name, out var value) ? value : throw new FormatException($"The attribute {name} is missing.");

    private static string? Text(Dictionary<string, ReadOnlyMemory<byte>> values, string name)
    {
        if (!values.TryGetValue(name, out var json))
        {
            return null;
        }

        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    private static long? Number(Dictionary<string, ReadOnlyMemory<byte>> values, string name) =>
        long.TryParse(Text(values, name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool True(Dictionary<string, ReadOnlyMemory<byte>> values, string name) =>
        values.TryGetValue(name, out var json) && json.Span.SequenceEqual("true"u8);

    /// <summary>The members of an object as slices of its text; of equal names the last wins.</summary>
    private static Dictionary<string, ReadOnlyMemory<byte>> Members(ReadOnlyMemory<byte> json)
    {
        var members = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json.Span);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            members[name] = Value(ref reader, json);
        }

        return members;
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> json)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(json.Span);
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            elements.Add(json[start..(int)reader.BytesConsumed]);
        }

        return elements;
    }

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new FormatException($"A {reader.TokenType} stands where a {type} belongs.");
        }
    }
}
