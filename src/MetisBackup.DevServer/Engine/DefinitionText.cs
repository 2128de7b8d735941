using System.Buffers;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>The form in which definitions lie in the table <c>definitions</c>.</summary>
internal static class DefinitionText
{
    public const int DatabaseKind = 1;
    public const int CollectionKind = 2;
    public const int ViewKind = 3;

    public static byte[] Write(DatabaseInfo database) => Write(writer =>
    {
        writer.WriteString("name", database.Name);
        WriteElement(writer, "options", database.Options);
    });

    public static DatabaseInfo ReadDatabase(string id, JsonElement text) => new()
    {
        Id = id,
        Name = Text(text, "name"),
        Options = text.GetProperty("options").Clone(),
    };

    public static byte[] Write(CollectionInfo collection) => Write(writer =>
    {
        writer.WriteString("name", collection.Name);
        writer.WriteNumber("type", collection.Type);
        writer.WriteString("globallyUniqueId", collection.GloballyUniqueId);
        writer.WriteBoolean("isSystem", collection.IsSystem);
        writer.WriteBoolean("syncByRevision", collection.SyncByRevision);
        writer.WriteBoolean("usesRevisionsAsDocumentIds", collection.UsesRevisionsAsDocumentIds);
        WriteElement(writer, "properties", collection.Properties);
        writer.WriteStartArray("indexes");
        foreach (var index in collection.Indexes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", index.Id);
            writer.WriteNumber("storage", index.Storage);
            writer.WriteString("name", index.Name);
            writer.WriteString("type", index.Type);
            writer.WriteBoolean("unique", index.Unique);
            writer.WriteBoolean("sparse", index.Sparse);
            WriteElement(writer, "definition", index.Definition);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static CollectionInfo ReadCollection(string id, string databaseId, JsonElement text) => new()
    {
        Id = id,
        DatabaseId = databaseId,
        Name = Text(text, "name"),
        Type = text.GetProperty("type").GetInt32(),
        GloballyUniqueId = Text(text, "globallyUniqueId"),
        IsSystem = text.GetProperty("isSystem").GetBoolean(),
        SyncByRevision = text.GetProperty("syncByRevision").GetBoolean(),
        UsesRevisionsAsDocumentIds = text.GetProperty("usesRevisionsAsDocumentIds").GetBoolean(),
        Properties = text.GetProperty("properties").Clone(),
        Indexes = [.. text.GetProperty("indexes").EnumerateArray().Select(ReadIndex)],
    };

    public static byte[] Write(ViewInfo view) => Write(writer =>
    {
        writer.WriteString("name", view.Name);
        writer.WriteString("globallyUniqueId", view.GloballyUniqueId);
        writer.WriteString("type", view.Type);
        WriteElement(writer, "properties", view.Properties);
    });

    public static ViewInfo ReadView(string id, JsonElement text) => new()
    {
        Id = id,
        Name = Text(text, "name"),
        GloballyUniqueId = Text(text, "globallyUniqueId"),
        Type = Text(text, "type"),
        Properties = text.GetProperty("properties").Clone(),
    };

    private static IndexInfo ReadIndex(JsonElement text) => new()
    {
        Id = Text(text, "id"),
        Storage = text.GetProperty("storage").GetInt64(),
        Name = Text(text, "name"),
        Type = Text(text, "type"),
        Unique = text.GetProperty("unique").GetBoolean(),
        Sparse = text.GetProperty("sparse").GetBoolean(),
        Definition = text.GetProperty("definition").Clone(),
    };

    private static string Text(JsonElement text, string name) =>
        text.GetProperty(name).GetString() ?? throw new InvalidDataException($"The definition lacks '{name}'.");

    private static void WriteElement(Utf8JsonWriter writer, string name, JsonElement element)
    {
        writer.WritePropertyName(name);
        element.WriteTo(writer);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
