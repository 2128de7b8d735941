using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary>Checks what a client asks of a new collection or of its changed properties (arangodb-protocol 1.3, 3.1, 12.6).</summary>
internal static class CollectionDefinition
{
    private static readonly string[] Levels = ["none", "new", "moderate", "strict"];
    private static readonly string[] Generators = ["traditional", "autoincrement", "uuid", "padded"];

    /// <summary>A new collection.</summary>
    /// <exception cref="ArangoException">400/E1208 for the name, 400/E10, E1232, E1621 for an option.</exception>
    public static NewCollection Parse(JsonElement body)
    {
        var isSystem = body.FlagOf("isSystem");
        var name = body.TextOf("name");
        if (name is null or "" || !ObjectNames.IsCollection(name, isSystem))
        {
            throw ArangoErrors.IllegalName(name is null or "" ? "illegal name" : "illegal name: collection name is not allowed");
        }

        CheckFlags(body, "waitForSync", "cacheEnabled", "isSystem");
        CheckKeyOptions(body);
        foreach (var number in (string[])["numberOfShards", "replicationFactor", "writeConcern", "minReplicationFactor"])
        {
            if (body.Find(number) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.String) } value
                && !(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0))
            {
                throw ArangoErrors.BadParameter($"invalid value for '{number}'");
            }
        }

        return new NewCollection
        {
            Name = name,
            Type = TypeOf(body),
            IsSystem = isSystem,
            SyncByRevision = body.FlagOf("syncByRevision", fallback: true),
            UsesRevisionsAsDocumentIds = body.FlagOf("usesRevisionsAsDocumentIds", fallback: true),
            Properties = WithChecked(body, body),
        };
    }

    /// <summary>The properties of a collection after a change; attributes that cannot be changed are passed over.</summary>
    /// <exception cref="ArangoException">400/E10, E1621.</exception>
    public static JsonElement Change(CollectionInfo collection, JsonElement body)
    {
        CheckFlags(body, "waitForSync", "cacheEnabled");
        var changed = JsonValues.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in collection.Properties.EnumerateObject())
            {
                var isChangeable = property.Name
                    is "waitForSync" or "cacheEnabled" or "schema" or "computedValues" or "replicationFactor" or "writeConcern" or "minReplicationFactor";
                writer.WriteValue(property.Name, isChangeable && body.Find(property.Name) is { } value ? value : property.Value);
            }

            writer.WriteEndObject();
        });
        return WithChecked(changed, body);
    }

    private static int TypeOf(JsonElement body) => body.Find("type") switch
    {
        null or { ValueKind: JsonValueKind.Null } => 2,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var type) && type is 2 or 3 => number.GetInt32(),
        { ValueKind: JsonValueKind.String } text when text.GetString() is "edge" or "3" => 3,
        { ValueKind: JsonValueKind.String } text when text.GetString() is "document" or "2" => 2,
        _ => throw ArangoErrors.BadParameter("collection type invalid"),
    };

    private static void CheckFlags(JsonElement body, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (body.Find(name) is { ValueKind: not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null) })
            {
                throw ArangoErrors.BadParameter($"invalid value for '{name}', expecting boolean");
            }
        }
    }

    private static void CheckKeyOptions(JsonElement body)
    {
        if (body.Find("keyOptions") is not { ValueKind: not JsonValueKind.Null } options)
        {
            return;
        }

        if (options.ValueKind != JsonValueKind.Object)
        {
            throw InvalidGenerator("invalid key generator: key options must be an object");
        }

        if (options.TextOf("type") is { } type && !Generators.Contains(type, StringComparer.Ordinal))
        {
            throw InvalidGenerator($"invalid key generator: unknown key generator type '{type}'");
        }

        if (options.NumberOf("increment") is < 1 or > 65535)
        {
            throw InvalidGenerator("invalid key generator: increment value must be greater than zero");
        }

        if (options.NumberOf("offset") is < 0)
        {
            throw InvalidGenerator("invalid key generator: offset value must be zero or greater");
        }
    }

    private static ArangoException InvalidGenerator(string message) => new(400, ErrorNumber.InvalidKeyGenerator, message);

    /// <summary>The properties with schema and computed values in their full form.</summary>
    private static JsonElement WithChecked(JsonElement properties, JsonElement body)
    {
        var schema = CheckedSchema(body.Find("schema"));
        var computed = CheckedComputedValues(body.Find("computedValues"));
        if (schema is null && computed is null)
        {
            return properties.Clone();
        }

        return JsonValues.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in properties.EnumerateObject())
            {
                writer.WriteValue(property.Name, property.Name switch
                {
                    "schema" => schema ?? property.Value,
                    "computedValues" => computed ?? property.Value,
                    _ => property.Value,
                });
            }

            writer.WriteEndObject();
        });
    }

    private static JsonElement? CheckedSchema(JsonElement? given)
    {
        if (given is not { } schema)
        {
            return null;
        }

        if (schema.ValueKind == JsonValueKind.Null || (schema.ValueKind == JsonValueKind.Object && !schema.EnumerateObject().Any()))
        {
            return JsonValues.Build(static writer => writer.WriteNullValue());
        }

        if (schema.Find("rule") is not { ValueKind: JsonValueKind.Object } rule)
        {
            throw InvalidSchema("expecting an object in 'rule'");
        }

        var level = schema.TextOf("level") ?? "strict";
        if (!Levels.Contains(level, StringComparer.Ordinal) || schema.Find("level") is { ValueKind: not JsonValueKind.String })
        {
            throw InvalidSchema("valid validation levels are: none, new, moderate, strict");
        }

        return JsonValues.Build(writer =>
        {
            writer.WriteStartObject();
            writer.WriteValue("rule", rule);
            writer.WriteString("level"u8, level);
            writer.WriteString("message"u8, schema.TextOf("message") ?? "");
            writer.WriteString("type"u8, schema.TextOf("type") ?? "json");
            writer.WriteEndObject();
        });
    }

    private static ArangoException InvalidSchema(string why) =>
        new(400, ErrorNumber.ValidationBadParameter, $"invalid schema validation parameter: {why}");

    private static JsonElement? CheckedComputedValues(JsonElement? given)
    {
        if (given is not { } values)
        {
            return null;
        }

        if (values.ValueKind == JsonValueKind.Null || (values.ValueKind == JsonValueKind.Array && values.GetArrayLength() == 0))
        {
            return JsonValues.Build(static writer => writer.WriteNullValue());
        }

        if (values.ValueKind != JsonValueKind.Array)
        {
            throw ArangoErrors.BadParameter("Error when validating computedValues: expecting array for computed values");
        }

        return JsonValues.Build(writer =>
        {
            writer.WriteStartArray();
            foreach (var value in values.EnumerateArray())
            {
                WriteComputedValue(writer, value);
            }

            writer.WriteEndArray();
        });
    }

    private static void CheckExpression(string expression, string problem)
    {
        try
        {
            ComputedValues.Parse(expression);
        }
        catch (ArangoException e)
        {
            throw ArangoErrors.BadParameter($"{problem}{e.Message}");
        }
    }

    private static void WriteComputedValue(Utf8JsonWriter writer, JsonElement value)
    {
        const string Problem = "Error when validating computedValues: ";
        var name = value.TextOf("name") ?? throw ArangoErrors.BadParameter($"{Problem}invalid 'name' attribute");
        var expression = value.TextOf("expression") ?? throw ArangoErrors.BadParameter($"{Problem}invalid 'expression' attribute for '{name}'");
        CheckExpression(expression, Problem);
        if (name is "" or "_key" or "_id" or "_rev" or "_from" or "_to")
        {
            throw ArangoErrors.BadParameter($"{Problem}'name' must not be a system attribute");
        }

        if (value.Find("overwrite") is not { ValueKind: JsonValueKind.True or JsonValueKind.False })
        {
            throw ArangoErrors.BadParameter($"{Problem}'overwrite' must be a boolean");
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString("expression"u8, expression);
        writer.WriteStartArray("computeOn"u8);
        var moments = value.Find("computeOn") is { ValueKind: JsonValueKind.Array } given
            ? given.EnumerateArray().Select(moment => moment.GetString()!)
            : ["insert", "update", "replace"];
        foreach (var moment in moments)
        {
            writer.WriteStringValue(moment);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("overwrite"u8, value.FlagOf("overwrite"));
        writer.WriteBoolean("failOnWarning"u8, value.FlagOf("failOnWarning"));
        writer.WriteBoolean("keepNull"u8, value.FlagOf("keepNull", fallback: true));
        writer.WriteEndObject();
    }
}
