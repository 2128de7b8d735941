using System.Text;
using System.Text.Json;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Comparing;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>Finds what changed in definitions; identities, counters and states of the server do not count.</summary>
internal static class DefinitionChanges
{
    private static readonly HashSet<string> Identities = new(StringComparer.Ordinal)
    {
        "id", "cid", "planId", "objectId", "globallyUniqueId", "name", "version", "status", "statusString", "deleted", "inBackground", "selectivityEstimate",
        "figures", "isNewlyCreated", "progress", "isBuilding", "indexes", "count",
    };

    /// <summary>Properties and indexes of a collection.</summary>
    public static IEnumerable<DefinitionChange> OfCollection(CollectionEntry before, CollectionEntry after)
    {
        var properties = DocumentComparison.Compare(before.Parameters, after.Parameters, Identities.Contains).Shown
            .Where(static one => one.Path is not ["keyOptions", "lastValue"] && !IsNothing(one))
            .Select(static one => new DefinitionChange(one.Kind, IsIndex: false, string.Join('.', one.Path), one.Before, one.After));
        return properties.Concat(OfIndexes(before.Indexes, after.Indexes));
    }

    /// <summary>Views, graphs, analyzers and functions.</summary>
    public static IEnumerable<ObjectChange> OfObjects(SnapshotContents before, IComparedSide after)
    {
        var views = Join(before.Views, after.Views, static (left, right) => !AreEqual(left, right))
            .Select(static one => new ObjectChange(one.Kind, RestoreObject.View, one.Name));
        var kinds = new[] { RestoreObject.Graph, RestoreObject.Analyzer, RestoreObject.Function };
        return views.Concat(kinds.Where(kind => !before.Facts.IsUnknown(RestorePlanner.CollectionOf(kind)) && !after.IsUnknown(RestorePlanner.CollectionOf(kind))).SelectMany(kind => Join(ByName(before.Facts.Definitions, kind), ByName(after.Definitions, kind), static (left, right) => left != right)
            .Select(one => new ObjectChange(one.Kind, kind, one.Name))));
    }

    private static IEnumerable<DefinitionChange> OfIndexes(IReadOnlyList<IndexEntry> before, IReadOnlyList<IndexEntry> after)
    {
        var (lefts, rights) = (ByName(before), ByName(after));
        return Join(lefts, rights, static (left, right) => DocumentComparison.Compare(left.Json, right.Json, Identities.Contains).Shown.Any(static one => !IsNothing(one)))
            .Select(one => new DefinitionChange(one.Kind, IsIndex: true, one.Name, Text(lefts, one.Name), Text(rights, one.Name)));
    }

    /// <summary>A property that is null here and missing there.</summary>
    private static bool IsNothing(FieldChange change) => change.Kind != ChangeKind.Changed && (change.Before ?? change.After)!.Json == "null";

    private static bool AreEqual(ViewEntry before, ViewEntry after) =>
        DocumentComparison.Compare(before.Json, after.Json, Identities.Contains).Shown.All(IsNothing) && Parts(before).SetEquals(Parts(after));

    /// <summary>The indexes of a search-alias view, in whatever order.</summary>
    private static HashSet<string> Parts(ViewEntry view)
    {
        using var json = JsonDocument.Parse(view.Json);
        return json.RootElement.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array
            ? indexes.EnumerateArray().Select(static one => one.GetRawText()).ToHashSet(StringComparer.Ordinal)
            : [];
    }

    private static IEnumerable<(ChangeKind Kind, string Name)> Join<T>(
        IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, Func<T, T, bool> differ)
    {
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!before.TryGetValue(name, out var left))
            {
                yield return (ChangeKind.Added, name);
            }
            else if (!after.TryGetValue(name, out var right))
            {
                yield return (ChangeKind.Removed, name);
            }
            else if (differ(left, right))
            {
                yield return (ChangeKind.Changed, name);
            }
        }
    }

    private static Dictionary<string, string> ByName(IReadOnlyList<DefinitionFacts> definitions, RestoreObject kind) => definitions
        .Where(one => one.Kind == kind)
        .GroupBy(static one => one.Name, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => string.Join(' ', group.Select(static one => one.Fingerprint).Order(StringComparer.Ordinal)), StringComparer.Ordinal);

    private static Dictionary<string, IndexEntry> ByName(IReadOnlyList<IndexEntry> indexes) =>
        indexes.DistinctBy(static one => one.Name, StringComparer.Ordinal).ToDictionary(static one => one.Name, StringComparer.Ordinal);

    private static FieldValue? Text(Dictionary<string, IndexEntry> indexes, string name) =>
        indexes.TryGetValue(name, out var index) ? new FieldValue(Encoding.UTF8.GetString(index.Json.Span), index.Json.Length, IsCut: false) : null;
}
