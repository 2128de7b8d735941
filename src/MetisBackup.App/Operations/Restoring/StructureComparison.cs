using System.Text.Json;
using MetisBackup.Arango.Dump;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Tells where definitions on a server differ from those that were to be restored; identities and counters may.</summary>
internal static class StructureComparison
{
    private static readonly string[] CollectionAttributes =
        ["type", "waitForSync", "cacheEnabled", "schema", "computedValues", "isSystem", "syncByRevision", "usesRevisionsAsDocumentIds"];

    private static readonly string[] KeyAttributes = ["type", "allowUserKeys", "increment", "offset"];

    private static readonly HashSet<string> Identities = new(StringComparer.Ordinal)
    {
        "id", "globallyUniqueId", "planId", "inBackground", "selectivityEstimate", "figures", "isNewlyCreated", "progress", "isBuilding",
    };

    /// <summary>One sentence part per difference, for instance <c>index idx_sku of products is missing</c>.</summary>
    public static IEnumerable<string> Compare(CollectionEntry wanted, CollectionEntry found)
    {
        using var left = JsonDocument.Parse(wanted.Parameters);
        using var right = JsonDocument.Parse(found.Parameters);
        foreach (var name in CollectionAttributes.Where(name => Differs(left.RootElement, right.RootElement, name)))
        {
            yield return $"property {name} of collection {wanted.Name} is different";
        }

        if (left.RootElement.TryGetProperty("keyOptions"u8, out var keys) && keys.ValueKind == JsonValueKind.Object
            && (!right.RootElement.TryGetProperty("keyOptions"u8, out var foundKeys) || KeyAttributes.Any(name => Differs(keys, foundKeys, name))))
        {
            yield return $"the key generator of collection {wanted.Name} is different";
        }

        foreach (var difference in CompareIndexes(wanted, found))
        {
            yield return difference;
        }
    }

    /// <summary>The same for views.</summary>
    public static IEnumerable<string> Compare(ViewEntry wanted, ViewEntry? found)
    {
        if (found is null)
        {
            return [$"view {wanted.Name} is missing"];
        }

        using var left = JsonDocument.Parse(wanted.Json);
        using var right = JsonDocument.Parse(found.Json);
        var isAlias = wanted.Type == "search-alias";
        return [.. left.RootElement.EnumerateObject()
            .Where(member => !Identities.Contains(member.Name) && !(isAlias && member.NameEquals("indexes"u8)) && Differs(left.RootElement, right.RootElement, member.Name))
            .Select(member => $"property {member.Name} of view {wanted.Name} is different")
            .Concat(isAlias && !Entries(left.RootElement).SetEquals(Entries(right.RootElement)) ? [$"the indexes of view {wanted.Name} are different"] : [])];
    }

    private static IEnumerable<string> CompareIndexes(CollectionEntry wanted, CollectionEntry found)
    {
        var live = found.Indexes.ToDictionary(static index => index.Name, StringComparer.Ordinal);
        foreach (var index in wanted.Indexes)
        {
            if (!live.Remove(index.Name, out var other))
            {
                yield return $"index {index.Name} of collection {wanted.Name} is missing";
                continue;
            }

            using var left = JsonDocument.Parse(index.Json);
            using var right = JsonDocument.Parse(other.Json);
            if (left.RootElement.EnumerateObject().Any(member => !Identities.Contains(member.Name) && Differs(left.RootElement, right.RootElement, member.Name)))
            {
                yield return $"index {index.Name} of collection {wanted.Name} is different";
            }
        }

        foreach (var name in live.Keys)
        {
            yield return $"index {name} of collection {wanted.Name} is too much";
        }
    }

    private static HashSet<string> Entries(JsonElement alias) =>
        alias.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array
            ? [.. indexes.EnumerateArray().Select(static one => $"{one.GetProperty("collection"u8).GetString()}/{one.GetProperty("index"u8).GetString()}")]
            : [];

    /// <summary>What the wanted definition does not say may be anything.</summary>
    private static bool Differs(JsonElement wanted, JsonElement found, string name) =>
        wanted.TryGetProperty(name, out var value)
        && (!found.TryGetProperty(name, out var other) ? value.ValueKind != JsonValueKind.Null : !JsonElement.DeepEquals(value, other));
}
