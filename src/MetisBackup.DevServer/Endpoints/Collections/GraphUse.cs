using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary>Knows which named graph holds a collection (arangodb-protocol 12.2).</summary>
internal static class GraphUse
{
    /// <summary>The name of a graph that the collection is part of; null where there is none.</summary>
    public static string? Of(ReadTransaction transaction, string database, string collection)
    {
        if (transaction.Catalog.FindCollection(database, "_graphs") is not { } graphs)
        {
            return null;
        }

        using var cursor = transaction.Scan(graphs);
        while (cursor.MoveNext())
        {
            var stored = cursor.Copy();
            using var graph = JsonDocument.Parse(stored.Body);
            if (Holds(graph.RootElement, collection))
            {
                return stored.Key;
            }
        }

        return null;
    }

    private static bool Holds(JsonElement graph, string collection) =>
        Items(graph, "orphanCollections").Any(name => name.ValueEquals(collection))
        || Items(graph, "edgeDefinitions").Any(definition =>
            definition.TextOf("collection") == collection
            || Items(definition, "from").Concat(Items(definition, "to")).Any(name => name.ValueEquals(collection)));

    private static IReadOnlyList<JsonElement> Items(JsonElement value, string attribute) => value.ItemsOf(attribute) ?? [];
}
