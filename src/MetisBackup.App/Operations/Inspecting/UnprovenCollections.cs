using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>A collection of a snapshot that could not be shown to be complete.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Half a sentence.</param>
internal sealed record UnprovenCollection(string Name, string Reason);

/// <summary>Says what a snapshot does not vouch for.</summary>
internal static class UnprovenCollections
{
    /// <summary>Those of a snapshot, in its order.</summary>
    public static IReadOnlyList<UnprovenCollection> Of(Manifest manifest) =>
        [.. manifest.Collections.Where(static one => one.Unproven is not null).Select(static one => new UnprovenCollection(one.Name, one.Unproven!))];

    /// <summary>Warnings for whoever restores some collections of a snapshot, or all when none is named.</summary>
    public static IEnumerable<string> Warn(Manifest manifest, IReadOnlyCollection<string> names) => Of(manifest)
        .Where(one => names.Count == 0 || names.Contains(one.Name, StringComparer.Ordinal))
        .Select(static one => $"Collection {QuotedName.Of(one.Name)} of the snapshot was unproven when it was taken: {one.Reason}.");
}
