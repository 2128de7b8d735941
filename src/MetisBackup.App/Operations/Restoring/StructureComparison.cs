using System.Text.Json;
using MetisBackup.Arango.Dump;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Tells where definitions on a server differ from those that were to be restored; identities and counters may.</summary>
internal static class StructureComparison
{
    private static readonly HashSet<string> Identities = new(StringComparer.Ordinal)
    {
        "id", "globallyUniqueId", "planId", "inBackground", "selectivityEstimate", "figures", "isNewlyCreated", "progress", "isBuilding",
    };

    /// <summary>One sentence part per difference, for instance <c>index idx_sku of collection products is missing</c>.</summary>
    public static IEnumerable<string> Compare(CollectionEntry wanted, CollectionEntry found)
    {
        var delta = StructureDelta.Between(wanted, found, stale: []);
        return delta.Clauses.Prepend(delta.Obstacle).OfType<string>().Select(clause => $"in collection {wanted.Name} {clause}");
    }

    /// <summary>Whether two definitions of an index mean the same.</summary>
    public static bool AreEqual(IndexEntry wanted, IndexEntry found)
    {
        using var left = JsonDocument.Parse(wanted.Json);
        using var right = JsonDocument.Parse(found.Json);
        return !left.RootElement.EnumerateObject().Any(member => !Identities.Contains(member.Name) && Differs(left.RootElement, right.RootElement, member.Name));
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

    private static HashSet<string> Entries(JsonElement alias) =>
        alias.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array
            ? [.. indexes.EnumerateArray().Select(static one => $"{one.GetProperty("collection"u8).GetString()}/{one.GetProperty("index"u8).GetString()}")]
            : [];

    /// <summary>What the wanted definition does not say may be anything.</summary>
    public static bool Differs(JsonElement wanted, JsonElement found, string name) =>
        wanted.TryGetProperty(name, out var value)
        && (!found.TryGetProperty(name, out var other) ? value.ValueKind != JsonValueKind.Null : !JsonElement.DeepEquals(value, other));
}
