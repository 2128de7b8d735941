using System.Buffers;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>The properties that every collection has, and the collections that every database has.</summary>
internal static class CollectionDefaults
{
    private static readonly JsonElement Properties = Element(
        """
        {"allowUserKeys":true,"cacheEnabled":false,"computedValues":null,"internalValidatorType":0,"isDisjoint":false,"isSmart":false,
        "isSmartChild":false,"keyOptions":{"allowUserKeys":true,"type":"traditional"},"minReplicationFactor":1,"numberOfShards":1,
        "replicationFactor":1,"schema":null,"shardKeys":["_key"],"waitForSync":false,"writeConcern":1}
        """);

    /// <summary>System collections of every database (arangodb-protocol 2.1).</summary>
    public static readonly string[] OfEveryDatabase =
        ["_analyzers", "_appbundles", "_apps", "_aqlfunctions", "_frontend", "_graphs", "_jobs", "_queues"];

    /// <summary>System collections that only <c>_system</c> has besides.</summary>
    public static readonly string[] OfSystemDatabase = ["_statistics", "_statistics15", "_statisticsRaw", "_users"];

    /// <summary>Whether the server needs the collection so much that it is emptied rather than dropped (arangodb-protocol 9.1).</summary>
    public static bool IsProtected(CollectionInfo collection) =>
        collection.IsSystem && (OfEveryDatabase.Contains(collection.Name, StringComparer.Ordinal) || OfSystemDatabase.Contains(collection.Name, StringComparer.Ordinal));

    /// <summary>An empty JSON object.</summary>
    public static JsonElement NoProperties { get; } = Element("{}");

    /// <summary>
    /// The defaults overlaid with what was given. Attributes that say who or in which state a collection is are left out; unknown ones too.
    /// </summary>
    public static JsonElement Merge(JsonElement given)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var property in Properties.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                var value = given.ValueKind == JsonValueKind.Object && given.TryGetProperty(property.Name, out var other) ? other : property.Value;
                if (property.Name == "keyOptions")
                {
                    WriteKeyOptions(writer, value);
                }
                else
                {
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        using var merged = JsonDocument.Parse(output.WrittenMemory);
        return merged.RootElement.Clone();
    }

    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Brings key options to their full form; <c>lastValue</c> lives in the counters, not here.</summary>
    private static void WriteKeyOptions(Utf8JsonWriter writer, JsonElement given)
    {
        var isObject = given.ValueKind == JsonValueKind.Object;
        var type = isObject && given.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString() ?? "traditional"
            : "traditional";
        var allowUserKeys = !isObject || !given.TryGetProperty("allowUserKeys", out var allow) || allow.ValueKind != JsonValueKind.False;
        writer.WriteStartObject();
        writer.WriteBoolean("allowUserKeys", allowUserKeys);
        writer.WriteString("type", type);
        if (type == "autoincrement")
        {
            writer.WriteNumber("offset", Number(given, "offset", 0));
            writer.WriteNumber("increment", Number(given, "increment", 1));
        }

        writer.WriteEndObject();
    }

    private static ulong Number(JsonElement options, string name, ulong otherwise) =>
        options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number)
            ? number
            : otherwise;
}
