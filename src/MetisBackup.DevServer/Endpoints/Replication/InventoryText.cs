using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>Definitions in the form of the inventory (arangodb-protocol 4.3).</summary>
internal static class InventoryText
{
    private const int FormatVersion = 8;

    public static void WriteProperties(Utf8JsonWriter writer, DatabaseInfo database)
    {
        writer.WriteStartObject("properties"u8);
        writer.WriteString("id"u8, database.Id);
        writer.WriteString("name"u8, database.Name);
        writer.WriteBoolean("isSystem"u8, database.IsSystem);
        writer.WriteString("sharding"u8, database.Options.TextOf("sharding") ?? "");
        writer.WritePropertyName("replicationFactor"u8);
        WriteOr(writer, database.Options.Find("replicationFactor"), 1);
        writer.WritePropertyName("writeConcern"u8);
        WriteOr(writer, database.Options.Find("writeConcern"), 1);
        writer.WriteString("replicationVersion"u8, "1"u8);
        writer.WriteEndObject();
    }

    public static void WriteCollection(Utf8JsonWriter writer, CollectionInfo collection, ulong lastKey)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("indexes"u8);
        foreach (var index in collection.Indexes.Where(index => index.Type is not ("primary" or "edge")))
        {
            WriteIndex(writer, index);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("parameters"u8);
        WriteParameters(writer, collection, lastKey);
        writer.WriteEndObject();
    }

    public static void WriteView(Utf8JsonWriter writer, ViewInfo view)
    {
        writer.WriteStartObject();
        foreach (var property in view.Properties.EnumerateObject())
        {
            if (property.Name is not ("id" or "globallyUniqueId" or "name" or "type"))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteString("id"u8, view.Id);
        writer.WriteString("globallyUniqueId"u8, view.GloballyUniqueId);
        writer.WriteString("name"u8, view.Name);
        writer.WriteString("type"u8, view.Type);
        writer.WriteEndObject();
    }

    public static void WriteParameters(Utf8JsonWriter writer, CollectionInfo collection, ulong lastKey)
    {
        writer.WriteStartObject();
        foreach (var property in collection.Properties.EnumerateObject())
        {
            if (property.Name == "keyOptions")
            {
                WriteKeyOptions(writer, property.Value, lastKey);
            }
            else
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteString("cid"u8, collection.Id);
        writer.WriteBoolean("deleted"u8, false);
        writer.WriteString("globallyUniqueId"u8, collection.GloballyUniqueId);
        writer.WriteString("id"u8, collection.Id);
        writer.WriteBoolean("isSystem"u8, collection.IsSystem);
        writer.WriteString("name"u8, collection.Name);
        writer.WriteString("planId"u8, collection.Id);
        writer.WriteNumber("status"u8, 3);
        writer.WriteBoolean("syncByRevision"u8, collection.SyncByRevision);
        writer.WriteNumber("type"u8, collection.Type);
        writer.WriteBoolean("usesRevisionsAsDocumentIds"u8, collection.UsesRevisionsAsDocumentIds);
        writer.WriteNumber("version"u8, FormatVersion);
        writer.WriteEndObject();
    }

    /// <summary>The generator's last value is part of the options, except for uuid, which has none.</summary>
    private static void WriteKeyOptions(Utf8JsonWriter writer, JsonElement options, ulong lastKey)
    {
        writer.WriteStartObject("keyOptions"u8);
        foreach (var option in options.EnumerateObject())
        {
            option.WriteTo(writer);
        }

        if (options.TextOf("type") != "uuid")
        {
            writer.WriteNumber("lastValue"u8, lastKey);
        }

        writer.WriteEndObject();
    }

    public static void WriteIndex(Utf8JsonWriter writer, IndexInfo index)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, index.Id);
        writer.WriteString("name"u8, index.Name);
        writer.WriteString("type"u8, index.Type);
        writer.WriteBoolean("unique"u8, index.Unique);
        writer.WriteBoolean("sparse"u8, index.Sparse);
        foreach (var property in index.Definition.EnumerateObject())
        {
            if (property.Name is not ("id" or "name" or "type" or "unique" or "sparse" or "selectivityEstimate" or "isNewlyCreated"))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteOr(Utf8JsonWriter writer, JsonElement? value, int otherwise)
    {
        if (value is { ValueKind: JsonValueKind.Number or JsonValueKind.String } given)
        {
            given.WriteTo(writer);
        }
        else
        {
            writer.WriteNumberValue(otherwise);
        }
    }
}
