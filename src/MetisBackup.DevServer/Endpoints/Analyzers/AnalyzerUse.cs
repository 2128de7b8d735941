using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Analyzers;

/// <summary>Knows which views and indexes use an analyzer.</summary>
internal static class AnalyzerUse
{
    /// <summary>The analyzers named by a link or field of a view, at every depth.</summary>
    public static IEnumerable<string> Names(JsonElement field)
    {
        var nested = (field.ObjectOf("fields")?.EnumerateObject() ?? default).Concat(field.ObjectOf("nested")?.EnumerateObject() ?? default);
        return field.TextsOf("analyzers").Concat(nested.SelectMany(static inner => Names(inner.Value)));
    }

    public static bool IsUsed(DatabaseInfo database, string analyzer)
    {
        var names = new[] { analyzer, $"{database.Name}::{analyzer}" };
        return database.Views.Values.Any(view => InView(view, names)) || database.Collections.Values.Any(collection => InIndexes(collection, names));
    }

    /// <summary>Passes an index whose analyzers all exist.</summary>
    /// <exception cref="ArangoException">400/E10 for an inverted index with an unknown one.</exception>
    public static void Require(ReadTransaction reader, CollectionInfo collection, IndexInfo index)
    {
        if (index.Type != "inverted")
        {
            return;
        }

        var database = reader.Catalog.DatabaseById(collection.DatabaseId)!.Name;
        foreach (var field in (index.Definition.ItemsOf("fields") ?? []).Append(index.Definition))
        {
            if (field.TextOf("analyzer") is { } analyzer && AnalyzerStore.Find(reader, database, analyzer) is null)
            {
                throw ArangoErrors.BadParameter($"Failed to parse index definition: unknown analyzer '{analyzer}'");
            }
        }
    }

    private static bool InView(ViewInfo view, string[] names) =>
        (view.Properties.ObjectOf("links")?.EnumerateObject() ?? default).SelectMany(static link => Names(link.Value)).Any(names.Contains);

    private static bool InIndexes(CollectionInfo collection, string[] names) => collection.Indexes
        .Where(static index => index.Type == "inverted")
        .SelectMany(static index => (index.Definition.ItemsOf("fields") ?? []).Append(index.Definition))
        .Any(field => names.Contains(field.TextOf("analyzer"), StringComparer.Ordinal));
}
