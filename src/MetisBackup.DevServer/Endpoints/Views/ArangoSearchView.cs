using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Views;

/// <summary>The definition of a view of type arangosearch: every property with its default (arangodb-protocol 12.4).</summary>
internal static class ArangoSearchView
{
    public const string Type = "arangosearch";

    private static readonly string[] LinkAttributes = ["analyzers", "fields", "includeAllFields", "nested", "storeValues", "trackListPositions", "cache"];

    /// <summary>Properties that stay as they were when the view was created.</summary>
    private static readonly string[] Immutable =
        ["optimizeTopK", "primarySort", "primarySortCompression", "storedValues", "writebufferActive", "writebufferIdle", "writebufferSizeMax"];

    private static readonly JsonElement Defaults = JsonElement.Parse(
        """
        {
          "cleanupIntervalStep": 2,
          "commitIntervalMsec": 1000,
          "consolidationIntervalMsec": 5000,
          "consolidationPolicy": { "type": "tier", "segmentsBytesMax": 8589934592, "maxSkewThreshold": 0.4, "minDeletionRatio": 0.5 },
          "optimizeTopK": [],
          "primarySort": [],
          "primarySortCompression": "lz4",
          "storedValues": [],
          "writebufferActive": 0,
          "writebufferIdle": 64,
          "writebufferSizeMax": 33554432,
          "links": {}
        }
        """);

    /// <summary>The properties of a new view.</summary>
    /// <exception cref="ArangoException">400/E10 for a property of the wrong type.</exception>
    public static JsonElement Create(JsonElement given) => Build(Defaults, given, keepsImmutable: false, mergesLinks: false);

    /// <summary>The properties after a change.</summary>
    /// <param name="current">All properties so far.</param>
    /// <param name="given">What is to change; a link of null goes.</param>
    /// <param name="partial">What is not given stays as it is; otherwise it gets its default.</param>
    /// <exception cref="ArangoException">400/E10 for a property of the wrong type.</exception>
    public static JsonElement Change(JsonElement current, JsonElement given, bool partial) =>
        partial ? Build(current, given, keepsImmutable: true, mergesLinks: true) : Build(WithImmutable(current), given, keepsImmutable: true, mergesLinks: false);

    /// <summary>The properties with the links changed by name; a link of null goes.</summary>
    public static JsonElement WithLinks(JsonElement current, Func<string, string?> rename) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in current.EnumerateObject())
        {
            if (property.Name != "links")
            {
                property.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject("links"u8);
            foreach (var link in property.Value.EnumerateObject())
            {
                if (rename(link.Name) is { } name)
                {
                    writer.WriteValue(name, link.Value);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static JsonElement WithImmutable(JsonElement current) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in Defaults.EnumerateObject())
        {
            writer.WriteValue(property.Name, Immutable.Contains(property.Name, StringComparer.Ordinal) ? current.GetProperty(property.Name) : property.Value);
        }

        writer.WriteEndObject();
    });

    private static JsonElement Build(JsonElement current, JsonElement given, bool keepsImmutable, bool mergesLinks) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in Defaults.EnumerateObject())
        {
            var old = current.Find(property.Name) ?? property.Value;
            var isFixed = keepsImmutable && Immutable.Contains(property.Name, StringComparer.Ordinal);
            var now = isFixed ? null : given.Find(property.Name);
            if (property.Name == "links")
            {
                WriteLinks(writer, mergesLinks ? old : default, now);
            }
            else
            {
                WriteProperty(writer, property, old, now);
            }
        }

        writer.WriteEndObject();
    });

    private static void WriteProperty(Utf8JsonWriter writer, JsonProperty property, JsonElement old, JsonElement? now)
    {
        if (now is not { } value)
        {
            writer.WriteValue(property.Name, old);
            return;
        }

        if (value.ValueKind != property.Value.ValueKind)
        {
            throw ArangoErrors.BadParameter($"error in attribute '{property.Name}' while initializing arangosearch View");
        }

        switch (property.Name)
        {
            case "consolidationPolicy":
                WritePolicy(writer, value, property.Value);
                break;
            case "primarySort":
                WriteSort(writer, value);
                break;
            case "storedValues":
                WriteStoredValues(writer, value);
                break;
            default:
                writer.WriteValue(property.Name, value);
                break;
        }
    }

    private static void WritePolicy(Utf8JsonWriter writer, JsonElement given, JsonElement defaults)
    {
        writer.WriteStartObject("consolidationPolicy"u8);
        if (given.TextOf("type") == "bytes_accum")
        {
            writer.WriteString("type"u8, "bytes_accum"u8);
            writer.WriteNumber("threshold"u8, given.NumberOf("threshold") ?? 0.1);
        }
        else
        {
            foreach (var property in defaults.EnumerateObject())
            {
                writer.WriteValue(property.Name, given.Find(property.Name) ?? property.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteSort(Utf8JsonWriter writer, JsonElement given)
    {
        writer.WriteStartArray("primarySort"u8);
        foreach (var element in given.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteString("field"u8, element.TextOf("field") ?? throw ArangoErrors.BadParameter("error in attribute 'primarySort'"));
            writer.WriteBoolean("asc"u8, element.OptionalFlagOf("asc") ?? element.TextOf("direction")?.ToLowerInvariant() != "desc");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStoredValues(Utf8JsonWriter writer, JsonElement given)
    {
        writer.WriteStartArray("storedValues"u8);
        foreach (var element in given.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteStartArray("fields"u8);
            foreach (var field in element.ValueKind switch
            {
                JsonValueKind.String => [element.GetString()],
                JsonValueKind.Array => element.EnumerateArray().Select(static f => f.GetString()),
                _ => element.TextsOf("fields"),
            })
            {
                writer.WriteStringValue(field);
            }

            writer.WriteEndArray();
            writer.WriteString("compression"u8, element.TextOf("compression") ?? "lz4");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter writer, JsonElement old, JsonElement? now)
    {
        writer.WriteStartObject("links"u8);
        if (old.ValueKind == JsonValueKind.Object)
        {
            foreach (var link in old.EnumerateObject().Where(link => now?.Find(link.Name) is null))
            {
                link.WriteTo(writer);
            }
        }

        if (now is { } links)
        {
            foreach (var link in links.EnumerateObject().Where(static link => link.Value.ValueKind == JsonValueKind.Object))
            {
                WriteLink(writer, link);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter writer, JsonProperty link)
    {
        writer.WriteStartObject(link.Name);
        foreach (var name in LinkAttributes)
        {
            if (link.Value.Find(name) is { } value)
            {
                writer.WriteValue(name, value);
                continue;
            }

            switch (name)
            {
                case "analyzers":
                    writer.WriteStartArray(name);
                    writer.WriteStringValue("identity"u8);
                    writer.WriteEndArray();
                    break;
                case "fields":
                    writer.WriteStartObject(name);
                    writer.WriteEndObject();
                    break;
                case "includeAllFields" or "trackListPositions":
                    writer.WriteBoolean(name, false);
                    break;
                case "storeValues":
                    writer.WriteString(name, "none"u8);
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
