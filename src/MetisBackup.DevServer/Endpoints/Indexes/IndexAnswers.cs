using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Indexes;

/// <summary>Writes indexes as the API shows them: every attribute in the order of its name.</summary>
internal static class IndexAnswers
{
    /// <summary>The full id: collection, slash, number.</summary>
    public static string Id(CollectionInfo collection, IndexInfo index) => $"{collection.Name}/{index.Id}";

    /// <summary>Writes the attributes of an index into an object that is open.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="collection">The collection of the index.</param>
    /// <param name="index">The index.</param>
    /// <param name="isNew">For the answer to a creation; null elsewhere.</param>
    /// <param name="withFigures">Adds figures.</param>
    public static void Write(Utf8JsonWriter writer, CollectionInfo collection, IndexInfo index, bool? isNew = null, bool withFigures = false)
    {
        var attributes = new SortedDictionary<string, Action>(StringComparer.Ordinal)
        {
            ["id"] = () => writer.WriteString("id"u8, Id(collection, index)),
            ["name"] = () => writer.WriteString("name"u8, index.Name),
            ["type"] = () => writer.WriteString("type"u8, index.Type),
            ["unique"] = () => writer.WriteBoolean("unique"u8, index.Unique),
            ["sparse"] = () => writer.WriteBoolean("sparse"u8, index.Sparse),
        };
        foreach (var property in index.Definition.EnumerateObject())
        {
            attributes[property.Name] = () => property.WriteTo(writer);
        }

        if (HasEstimate(index))
        {
            attributes["selectivityEstimate"] = () => writer.WriteNumber("selectivityEstimate"u8, 1);
        }

        if (isNew is { } created)
        {
            attributes["isNewlyCreated"] = () => writer.WriteBoolean("isNewlyCreated"u8, created);
        }

        if (withFigures)
        {
            attributes["figures"] = () =>
            {
                writer.WriteStartObject("figures"u8);
                writer.WriteNumber("memory"u8, 0);
                writer.WriteBoolean("cacheInUse"u8, false);
                writer.WriteNumber("cacheSize"u8, 0);
                writer.WriteNumber("cacheUsage"u8, 0);
                writer.WriteEndObject();
            };
        }

        foreach (var write in attributes.Values)
        {
            write();
        }
    }

    /// <summary>Whether the server knows how selective the index is.</summary>
    public static bool HasEstimate(IndexInfo index) =>
        index.Type is "primary" or "edge"
        || (index.Type is "persistent" or "hash" or "skiplist" or "mdi" or "mdi-prefixed" && (index.Unique || index.Definition.FlagOf("estimates")));
}
