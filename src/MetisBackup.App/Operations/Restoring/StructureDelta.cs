using System.Text.Json;
using MetisBackup.Arango.Dump;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>What has to happen to a collection so that its properties and indexes are the wanted ones; its documents are another matter.</summary>
internal sealed record StructureDelta
{
    private static readonly string[] FixedProperties = ["type", "isSystem", "syncByRevision", "usesRevisionsAsDocumentIds"];

    private static readonly string[] KeyAttributes = ["type", "allowUserKeys", "increment", "offset"];

    // The first two are as good as null where a server does not mention them.
    private static readonly string[] ChangeableProperties = ["schema", "computedValues", "waitForSync", "cacheEnabled"];

    /// <summary>Why the collection has to be made anew; null when it need not.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Names of properties that have to be set.</summary>
    public required IReadOnlyList<string> Properties { get; init; }

    /// <summary>Indexes that are there and have to go: unknown ones, and those that are defined otherwise.</summary>
    public required IReadOnlyList<IndexEntry> ToDrop { get; init; }

    /// <summary>Indexes that have to be made.</summary>
    public required IReadOnlyList<IndexEntry> ToMake { get; init; }

    /// <summary>Names of those among them whose definitions are equal.</summary>
    public required IReadOnlyList<string> Stale { get; init; }

    /// <summary>The same as clauses, for people.</summary>
    public IEnumerable<string> Clauses => Properties.Select(static name => $"property {name} differs")
        .Concat(ToMake.Select(index => $"index {index.Name} {(Stale.Contains(index.Name, StringComparer.Ordinal) ? "uses an analyzer that is made anew" : ToDrop.Any(other => other.Name == index.Name) ? "differs" : "is missing")}"))
        .Concat(ToDrop.Where(index => ToMake.All(other => other.Name != index.Name)).Select(static index => $"index {index.Name} is too much"));

    /// <summary>Compares two definitions; identities and counters may differ.</summary>
    /// <param name="wanted">As it is to be.</param>
    /// <param name="found">As it is.</param>
    /// <param name="stale">Names of indexes that have to be made anew even if they are equal.</param>
    public static StructureDelta Between(CollectionEntry wanted, CollectionEntry found, IReadOnlyCollection<string> stale)
    {
        using var left = JsonDocument.Parse(wanted.Parameters);
        using var right = JsonDocument.Parse(found.Parameters);
        var (drop, make) = CompareIndexes(wanted, found);
        var renewed = stale.Where(name => make.TrueForAll(index => index.Name != name)).ToList();
        drop.AddRange(found.Indexes.Where(index => renewed.Contains(index.Name)));
        make.AddRange(wanted.Indexes.Where(index => renewed.Contains(index.Name)));
        return new StructureDelta
        {
            Stale = renewed,
            Obstacle = FindObstacle(left.RootElement, right.RootElement),
            Properties = [.. ChangeableProperties.Where(name => StructureComparison.Differs(left.RootElement, right.RootElement, name) || IsSurplus(left.RootElement, right.RootElement, name))],
            ToDrop = drop,
            ToMake = make,
        };
    }

    private static string? FindObstacle(JsonElement wanted, JsonElement found)
    {
        if (Array.Find(FixedProperties, name => StructureComparison.Differs(wanted, found, name)) is { } property)
        {
            return $"its property {property} differs and cannot be changed";
        }

        return wanted.TryGetProperty("keyOptions"u8, out var keys) && keys.ValueKind == JsonValueKind.Object
            && (!found.TryGetProperty("keyOptions"u8, out var foundKeys) || Array.Exists(KeyAttributes, name => StructureComparison.Differs(keys, foundKeys, name)))
                ? "its key generator differs and cannot be changed"
                : null;
    }

    /// <summary>A rule that the wanted definition does not know.</summary>
    private static bool IsSurplus(JsonElement wanted, JsonElement found, string name) =>
        name is "schema" or "computedValues"
        && !wanted.TryGetProperty(name, out _)
        && found.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null;

    private static (List<IndexEntry> Drop, List<IndexEntry> Make) CompareIndexes(CollectionEntry wanted, CollectionEntry found)
    {
        var live = found.Indexes.ToDictionary(static index => index.Name, StringComparer.Ordinal);
        var (drop, make) = (new List<IndexEntry>(), new List<IndexEntry>());
        foreach (var index in wanted.Indexes)
        {
            if (live.Remove(index.Name, out var other))
            {
                if (StructureComparison.AreEqual(index, other))
                {
                    continue;
                }

                drop.Add(other);
            }

            make.Add(index);
        }

        drop.AddRange(live.Values);
        return (drop, make);
    }
}
