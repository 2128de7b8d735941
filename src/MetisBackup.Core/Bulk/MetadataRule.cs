namespace MetisBackup.Core.Bulk;

/// <summary>What beside its content makes an entry another one.</summary>
public static class MetadataRule
{
    /// <summary>What differs, as a clause; null when nothing does.</summary>
    /// <param name="stored">The entry of the snapshot.</param>
    /// <param name="live">The entry as it is.</param>
    /// <param name="owners">Owners count too; only the administrator can set them.</param>
    public static string? Difference(TreeEntry stored, TreeEntry live, bool owners)
    {
        // the rights of a link mean nothing, and the time of a directory moves with whatever is in it
        string?[] parts =
        [
            stored.Kind != TreeEntryKind.Link && stored.Mode != live.Mode ? "rights" : null,
            owners && (stored.Owner != live.Owner || stored.Group != live.Group) ? "owner" : null,
            stored.Kind != TreeEntryKind.Directory && stored.ModifiedAt != live.ModifiedAt ? "time" : null,
            HaveSameAttributes(stored, live) ? null : "attributes",
        ];
        return parts.Any(static part => part is not null) ? string.Join(", ", parts.OfType<string>()) + " differ" : null;
    }

    private static bool HaveSameAttributes(TreeEntry stored, TreeEntry live) =>
        stored.Attributes.Count == live.Attributes.Count
        && stored.Attributes.All(one => live.Attributes.TryGetValue(one.Key, out var value) && value == one.Value);
}
