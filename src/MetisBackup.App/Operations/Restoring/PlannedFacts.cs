using System.Text.Json;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Reads from definitions what a planner has to know of them (arangodb-protocol 12.3, 12.4).</summary>
/// <param name="database">The database that the definitions are of, or meant for: its analyzers may be named <c>database::analyzer</c>.</param>
internal sealed class PlannedFacts(string database)
{
    private readonly string _prefix = database + "::";

    /// <summary>A collection.</summary>
    /// <param name="entry">Its definition.</param>
    /// <param name="documents">Number of its documents.</param>
    public CollectionFacts Of(CollectionEntry entry, long documents) => new(entry.Name, entry.IsEdge, documents, entry.GloballyUniqueId)
    {
        SearchIndexes = [.. entry.Indexes.Where(static index => index.Type == "inverted").Select(index => new SearchIndexFacts(index.Name, AnalyzersOf(index.Json)))],
    };

    /// <summary>A view.</summary>
    public ViewFacts Of(ViewEntry view)
    {
        var isAlias = view.Type == "search-alias";
        return new ViewFacts(view.Name, isAlias, [.. CoverageCheck.CollectionsOf(view)])
        {
            Indexes = isAlias ? IndexesOf(view) : [],
            Analyzers = isAlias ? [] : AnalyzersOf(view.Json),
        };
    }

    private static List<ViewIndex> IndexesOf(ViewEntry view)
    {
        using var json = JsonDocument.Parse(view.Json);
        return json.RootElement.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array
            ? [.. indexes.EnumerateArray().Select(static one => new ViewIndex(TextOf(one, "collection"), TextOf(one, "index"))).Where(static one => one is { Collection.Length: > 0, Index.Length: > 0 })]
            : [];
    }

    private static string TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private List<string> AnalyzersOf(ReadOnlyMemory<byte> definition)
    {
        using var json = JsonDocument.Parse(definition, new JsonDocumentOptions { MaxDepth = 1000 });
        return [.. Named(json.RootElement, isAnalyzer: false).Select(name => name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..] : name).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Named(JsonElement value, bool isAnalyzer) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(static one => Named(one.Value, one.Name is "analyzer" or "analyzers")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(one => Named(one, isAnalyzer)),
        JsonValueKind.String when isAnalyzer => [value.GetString()!],
        _ => [],
    };
}
