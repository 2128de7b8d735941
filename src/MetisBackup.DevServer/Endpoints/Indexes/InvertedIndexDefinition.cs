using System.Text.Json;

namespace MetisBackup.DevServer.Endpoints.Indexes;

/// <summary>The many options of an inverted index, each with its default.</summary>
internal static class InvertedIndexDefinition
{
    private static readonly JsonElement DefaultConsolidation = JsonElement.Parse(
        """{"type":"tier","segmentsBytesMax":8589934592,"maxSkewThreshold":0.4,"minDeletionRatio":0.5}"""u8);

    private static readonly JsonElement NoValues = JsonElement.Parse("[]"u8);

    public static void Write(Utf8JsonWriter writer, JsonElement body)
    {
        var analyzer = body.TextOf("analyzer") ?? "identity";
        writer.WriteString("analyzer"u8, analyzer);
        WriteFeatures(writer, body, analyzer);
        WriteFields(writer, body);
        WritePrimarySort(writer, body);
        writer.WriteBoolean("includeAllFields"u8, body.FlagOf("includeAllFields"));
        writer.WriteBoolean("searchField"u8, body.FlagOf("searchField"));
        writer.WriteBoolean("trackListPositions"u8, body.FlagOf("trackListPositions"));
        writer.WriteNumber("cleanupIntervalStep"u8, (int)(body.NumberOf("cleanupIntervalStep") ?? 2));
        writer.WriteNumber("commitIntervalMsec"u8, (int)(body.NumberOf("commitIntervalMsec") ?? 1000));
        writer.WriteNumber("consolidationIntervalMsec"u8, (int)(body.NumberOf("consolidationIntervalMsec") ?? 5000));
        writer.WriteValue("consolidationPolicy", body.Find("consolidationPolicy") is { ValueKind: JsonValueKind.Object } policy ? policy : DefaultConsolidation);
        writer.WriteValue("optimizeTopK", body.Find("optimizeTopK") ?? NoValues);
        writer.WriteValue("storedValues", body.Find("storedValues") ?? NoValues);
        writer.WriteNumber("version"u8, (int)(body.NumberOf("version") ?? 1));
        writer.WriteNumber("writebufferActive"u8, (long)(body.NumberOf("writebufferActive") ?? 0));
        writer.WriteNumber("writebufferIdle"u8, (long)(body.NumberOf("writebufferIdle") ?? 64));
        writer.WriteNumber("writebufferSizeMax"u8, (long)(body.NumberOf("writebufferSizeMax") ?? 33554432));
    }

    private static void WriteFields(Utf8JsonWriter writer, JsonElement body)
    {
        var fields = body.Find("fields");
        if (fields is { ValueKind: not JsonValueKind.Array } || (fields is null && !body.FlagOf("includeAllFields")))
        {
            throw IndexDefinition.Invalid("Failed to parse index definition: fields must be an array");
        }

        if (!body.FlagOf("includeAllFields") && fields is { } array && array.GetArrayLength() == 0)
        {
            throw IndexDefinition.Invalid("Failed to parse index definition: at least one field is required");
        }

        writer.WriteStartArray("fields"u8);
        foreach (var field in fields?.EnumerateArray() ?? default)
        {
            WriteField(writer, field);
        }

        writer.WriteEndArray();
    }

    private static void WriteField(Utf8JsonWriter writer, JsonElement field)
    {
        var name = field.ValueKind == JsonValueKind.String ? field.GetString() : field.TextOf("name");
        if (string.IsNullOrEmpty(name))
        {
            throw IndexDefinition.Invalid("Failed to parse index definition: field without a name");
        }

        writer.WriteStartObject();
        if (field.ValueKind == JsonValueKind.Object)
        {
            if (field.TextOf("analyzer") is { } analyzer)
            {
                WriteFeatures(writer, field, analyzer);
                writer.WriteString("analyzer"u8, analyzer);
            }

            foreach (var option in field.EnumerateObject())
            {
                if (option.Name is not ("name" or "analyzer") && (option.Name != "features" || field.TextOf("analyzer") is null))
                {
                    option.WriteTo(writer);
                }
            }
        }

        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
    }

    private static void WritePrimarySort(Utf8JsonWriter writer, JsonElement body)
    {
        var sort = body.Find("primarySort") ?? default;
        writer.WriteStartObject("primarySort"u8);
        writer.WriteStartArray("fields"u8);
        foreach (var field in sort.Find("fields")?.EnumerateArray() ?? default)
        {
            writer.WriteStartObject();
            writer.WriteString("field"u8, field.TextOf("field") ?? "");
            writer.WriteBoolean("asc"u8, field.FlagOf("asc", field.TextOf("direction") is not { } direction || !direction.Equals("desc", StringComparison.OrdinalIgnoreCase)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("compression"u8, sort.TextOf("compression") ?? "lz4");
        writer.WriteEndObject();
    }

    /// <summary>Features that were asked for, else those of the analyzer.</summary>
    private static void WriteFeatures(Utf8JsonWriter writer, JsonElement owner, string analyzer)
    {
        if (owner.Find("features") is { ValueKind: JsonValueKind.Array } given)
        {
            writer.WriteValue("features", given);
            return;
        }

        writer.WriteStartArray("features"u8);
        writer.WriteStringValue("frequency"u8);
        if (analyzer.StartsWith("text_", StringComparison.Ordinal))
        {
            writer.WriteStringValue("position"u8);
        }

        writer.WriteStringValue("norm"u8);
        writer.WriteEndArray();
    }
}
