namespace MetisBackup.Core.Planning;

/// <summary>Finds collections that have another name now than in a snapshot.</summary>
public static class RenamedCollections
{
    /// <summary>
    /// Names in the snapshot with the names in the database. A pair has the same identity, is of one kind, and neither name is used by
    /// the other side. An identity alone proves nothing (arangodb-protocol 9.1); the documents have to be compared all the same.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Find(DatabaseContents snapshot, DatabaseContents live)
    {
        var stored = snapshot.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var present = live.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var candidates = live.Collections
            .Where(one => !stored.Contains(one.Name) && !one.IsSystem && one.Identity.Length > 0)
            .GroupBy(static one => one.Identity, StringComparer.Ordinal)
            .Where(static group => group.Count() == 1)
            .ToDictionary(static group => group.Key, static group => group.Single(), StringComparer.Ordinal);
        return snapshot.Collections
            .Where(one => !present.Contains(one.Name) && candidates.TryGetValue(one.Identity, out var other) && other.IsEdge == one.IsEdge)
            .DistinctBy(static one => one.Identity, StringComparer.Ordinal)
            .ToDictionary(static one => one.Name, one => candidates[one.Identity].Name, StringComparer.Ordinal);
    }
}
