using System.Text.Json;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>Lays a patch over a document as <c>PATCH</c> does (arangodb-protocol 11.1: keepNull, mergeObjects).</summary>
internal static class DocumentMerge
{
    /// <summary>The merged object; attributes of the old one keep their places, new ones follow.</summary>
    /// <param name="old">The object to change.</param>
    /// <param name="patch">The attributes to set.</param>
    /// <param name="mergeObjects">Objects on both sides are merged instead of exchanged.</param>
    /// <param name="keepNull">False removes what the patch sets to null.</param>
    public static ReadOnlyMemory<byte> Merge(ReadOnlyMemory<byte> old, ReadOnlyMemory<byte> patch, bool mergeObjects, bool keepNull)
    {
        var options = new JsonDocumentOptions { MaxDepth = DocumentBatch.MaxDepth };
        using var left = JsonDocument.Parse(old, options);
        using var right = JsonDocument.Parse(patch, options);
        using var buffer = new PooledBuffer(old.Length + patch.Length);
        using (var writer = new Utf8JsonWriter(buffer, ArangoResponse.WriterOptions))
        {
            Write(writer, left.RootElement, right.RootElement, mergeObjects, keepNull);
        }

        return buffer.Written.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement old, JsonElement patch, bool mergeObjects, bool keepNull)
    {
        writer.WriteStartObject();
        foreach (var property in old.EnumerateObject())
        {
            if (!patch.TryGetProperty(property.Name, out var value))
            {
                writer.WritePropertyName(property.Name);
                property.Value.WriteTo(writer);
            }
            else if (mergeObjects && value.ValueKind == JsonValueKind.Object && property.Value.ValueKind == JsonValueKind.Object)
            {
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value, value, mergeObjects, keepNull);
            }
            else
            {
                WriteNew(writer, property.Name, value, keepNull);
            }
        }

        foreach (var property in patch.EnumerateObject())
        {
            if (!old.TryGetProperty(property.Name, out _))
            {
                WriteNew(writer, property.Name, property.Value, keepNull);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteNew(Utf8JsonWriter writer, string name, JsonElement value, bool keepNull)
    {
        if (!keepNull && value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        writer.WritePropertyName(name);
        if (keepNull || value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            WriteNew(writer, property.Name, property.Value, keepNull);
        }

        writer.WriteEndObject();
    }
}
