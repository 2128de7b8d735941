using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary>Writes collections as the API shows them (arangodb-protocol 3.1).</summary>
internal static class CollectionAnswers
{
    private const int Loaded = 3;

    /// <summary>Identity and state.</summary>
    public static void WriteBasics(Utf8JsonWriter writer, CollectionInfo collection)
    {
        writer.WriteString("globallyUniqueId"u8, collection.GloballyUniqueId);
        writer.WriteBoolean("isSystem"u8, collection.IsSystem);
        writer.WriteNumber("status"u8, Loaded);
        writer.WriteNumber("type"u8, collection.Type);
        writer.WriteString("name"u8, collection.Name);
        writer.WriteString("id"u8, collection.Id);
    }

    /// <summary>Identity, state and every property.</summary>
    public static void WriteProperties(Utf8JsonWriter writer, CollectionInfo collection, ReadTransaction transaction)
    {
        var properties = collection.Properties;
        writer.WriteNumber("writeConcern"u8, (int)(properties.NumberOf("writeConcern") ?? 1));
        writer.WriteBoolean("waitForSync"u8, properties.FlagOf("waitForSync"));
        writer.WriteBoolean("usesRevisionsAsDocumentIds"u8, collection.UsesRevisionsAsDocumentIds);
        writer.WriteBoolean("syncByRevision"u8, collection.SyncByRevision);
        writer.WriteBoolean("supportsRBAC"u8, true);
        writer.WriteString("statusString"u8, "loaded"u8);
        writer.WriteString("id"u8, collection.Id);
        writer.WriteBoolean("isSmartChild"u8, properties.FlagOf("isSmartChild"));
        WriteOrNull(writer, "schema", properties);
        writer.WriteString("name"u8, collection.Name);
        writer.WriteNumber("type"u8, collection.Type);
        writer.WriteNumber("status"u8, Loaded);
        writer.WriteBoolean("cacheEnabled"u8, properties.FlagOf("cacheEnabled"));
        writer.WriteBoolean("isSystem"u8, collection.IsSystem);
        writer.WriteNumber("internalValidatorType"u8, (int)(properties.NumberOf("internalValidatorType") ?? 0));
        writer.WriteString("globallyUniqueId"u8, collection.GloballyUniqueId);
        writer.WritePropertyName("keyOptions"u8);
        WriteKeyOptions(writer, collection, transaction);
        WriteOrNull(writer, "computedValues", properties);
        writer.WriteString("objectId"u8, ObjectId(collection));
    }

    private static void WriteOrNull(Utf8JsonWriter writer, string name, JsonElement properties)
    {
        if (properties.Find(name) is { } value)
        {
            writer.WriteValue(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteKeyOptions(Utf8JsonWriter writer, CollectionInfo collection, ReadTransaction transaction)
    {
        var options = collection.Properties.Find("keyOptions") ?? default;
        writer.WriteStartObject();
        if (options.ValueKind == JsonValueKind.Object)
        {
            foreach (var option in options.EnumerateObject())
            {
                option.WriteTo(writer);
            }
        }

        if (options.TextOf("type") != "uuid")
        {
            writer.WriteNumber("lastValue"u8, transaction.LastKey(collection));
        }

        writer.WriteEndObject();
    }

    /// <summary>The real server numbers the data of a collection apart from its definition, by the next id.</summary>
    private static string ObjectId(CollectionInfo collection) => ulong.TryParse(collection.Id, out var id) ? $"{id + 1}" : collection.Id;
}
