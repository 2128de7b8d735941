using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>A plan as explain and profiles show it.</summary>
internal static class PlanJson
{
    public static void Write(Utf8JsonWriter writer, ParsedQuery query)
    {
        var outline = new PlanOutline(query.Root);
        writer.WriteStartObject();
        writer.WriteStartArray("nodes"u8);
        foreach (var node in outline.Nodes)
        {
            WriteNode(writer, node);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rules"u8);
        writer.WriteEndArray();
        WriteCollections(writer, query);
        writer.WriteStartArray("variables"u8);
        writer.WriteEndArray();
        writer.WriteNumber("estimatedCost"u8, outline.Nodes.Count);
        writer.WriteNumber("estimatedNrItems"u8, 1);
        writer.WriteBoolean("isModificationQuery"u8, query.IsModification);
        writer.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter writer, PlanNode node)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, node.Type);
        writer.WriteStartArray("dependencies"u8);
        if (node.Id > 1)
        {
            writer.WriteNumberValue(node.Id - 1);
        }

        writer.WriteEndArray();
        writer.WriteNumber("id"u8, node.Id);
        writer.WriteNumber("estimatedCost"u8, node.Id);
        writer.WriteNumber("estimatedNrItems"u8, 1);
        writer.WriteEndObject();
    }

    private static void WriteCollections(Utf8JsonWriter writer, ParsedQuery query)
    {
        writer.WriteStartArray("collections"u8);
        foreach (var source in query.Names.Sources.Concat(query.Names.Targets).Distinct())
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, source.Name);
            writer.WriteString("type"u8, query.Names.Targets.Contains(source) ? "write" : "read");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
