using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Views;

/// <summary>The definition of a view of type search-alias: a list of inverted indexes (arangodb-protocol 12.4).</summary>
internal static class SearchAliasView
{
    public const string Type = "search-alias";

    private static readonly JsonElement Nothing = JsonElement.Parse("""{"indexes":[]}""");

    /// <summary>The properties of a new view.</summary>
    /// <exception cref="ArangoException">404/E1203 or E1212 for a collection or index that is not there; 400/E10 for one that is not inverted.</exception>
    public static JsonElement Create(DatabaseInfo database, JsonElement given) => Change(database, Nothing, given, partial: false);

    /// <summary>The properties after a change: indexes are added, or taken away by <c>"operation":"del"</c>.</summary>
    /// <inheritdoc cref="Create"/>
    public static JsonElement Change(DatabaseInfo database, JsonElement current, JsonElement given, bool partial)
    {
        if (given.Find("indexes") is { ValueKind: not JsonValueKind.Array })
        {
            throw ArangoErrors.BadParameter("expecting array for 'indexes'");
        }

        var indexes = partial ? Entries(current) : [];
        foreach (var element in given.ItemsOf("indexes") ?? [])
        {
            var entry = (Collection: element.TextOf("collection") ?? "", Index: element.TextOf("index") ?? "");
            if (element.TextOf("operation") == "del")
            {
                indexes.Remove(entry);
                continue;
            }

            entry = Resolve(database, entry.Collection, entry.Index);
            if (!indexes.Contains(entry))
            {
                indexes.Add(entry);
            }
        }

        return Write(indexes);
    }

    /// <summary>The properties with the collections changed by name; the indexes of null go.</summary>
    public static JsonElement WithCollections(JsonElement current, Func<string, string?> rename) =>
        Write(Entries(current).Select(entry => (Collection: rename(entry.Collection) ?? "", entry.Index)).Where(static entry => entry.Collection.Length > 0));

    private static List<(string Collection, string Index)> Entries(JsonElement properties) =>
        [.. (properties.ItemsOf("indexes") ?? []).Select(static entry => (entry.TextOf("collection") ?? "", entry.TextOf("index") ?? ""))];

    private static (string Collection, string Index) Resolve(DatabaseInfo database, string collection, string index)
    {
        var info = database.Collections.GetValueOrDefault(collection)
            ?? database.Collections.Values.FirstOrDefault(c => c.Id == collection)
            ?? throw new ArangoException(404, 1203, $"Cannot find collection {collection}");
        var found = info.Indexes.FirstOrDefault(i => i.Name == index || i.Id == index)
            ?? throw new ArangoException(404, 1212, $"Cannot find index {index} in collection {collection}");
        return found.Type == "inverted"
            ? (info.Name, found.Name)
            : throw ArangoErrors.BadParameter($"Only inverted index can be added to search-alias View, index {index} has type {found.Type}");
    }

    private static JsonElement Write(IEnumerable<(string Collection, string Index)> indexes) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("indexes"u8);
        foreach (var (collection, index) in indexes)
        {
            writer.WriteStartObject();
            writer.WriteString("collection"u8, collection);
            writer.WriteString("index"u8, index);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
