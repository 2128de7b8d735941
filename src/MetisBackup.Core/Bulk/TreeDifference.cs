using MetisBackup.Core.Comparing;

namespace MetisBackup.Core.Bulk;

/// <summary>An entry in which two trees differ.</summary>
/// <param name="Change">Whether only the later, only the earlier, or both have it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Kind">What it is, in the later tree where both have it.</param>
/// <param name="Reason">What differs, as a clause; empty where only one tree has it.</param>
public sealed record TreeEntryChange(ChangeKind Change, TreePath Path, TreeEntryKind Kind, string Reason);

/// <summary>What changed between two trees.</summary>
/// <param name="Added">Entries that only the later one has.</param>
/// <param name="Changed">Entries that both have and that differ.</param>
/// <param name="Removed">Entries that only the earlier one has.</param>
/// <param name="Named">The first of them in the order of paths.</param>
public sealed record TreeDifference(long Added, long Changed, long Removed, IReadOnlyList<TreeEntryChange> Named)
{
    /// <summary>Number of entries that differ.</summary>
    public long Total => Added + Changed + Removed;

    /// <summary>Compares two trees without holding either. The times of directories do not count: they move with whatever is in them.</summary>
    /// <param name="before">The earlier one, in the order of paths.</param>
    /// <param name="after">The later one, likewise.</param>
    /// <param name="mostNamed">Most entries that are named.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    public static TreeDifference Of(IEnumerable<TreeEntry> before, IEnumerable<TreeEntry> after, int mostNamed, CancellationToken cancellationToken)
    {
        var difference = new TreeDifference(0, 0, 0, []);
        var named = new List<TreeEntryChange>();
        foreach (var change in Changes(before, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            difference = change.Change switch
            {
                ChangeKind.Added => difference with { Added = difference.Added + 1 },
                ChangeKind.Removed => difference with { Removed = difference.Removed + 1 },
                _ => difference with { Changed = difference.Changed + 1 },
            };
            if (named.Count < mostNamed)
            {
                named.Add(change);
            }
        }

        return difference with { Named = named };
    }

    private static IEnumerable<TreeEntryChange> Changes(IEnumerable<TreeEntry> before, IEnumerable<TreeEntry> after)
    {
        using var left = before.GetEnumerator();
        using var right = after.GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var order = !hasRight ? -1 : !hasLeft ? 1 : left.Current.Path.CompareTo(right.Current.Path);
            if (order < 0)
            {
                yield return new TreeEntryChange(ChangeKind.Removed, left.Current.Path, left.Current.Kind, "");
            }
            else if (order > 0)
            {
                yield return new TreeEntryChange(ChangeKind.Added, right.Current.Path, right.Current.Kind, "");
            }
            else if (Reason(left.Current, right.Current) is { } reason)
            {
                yield return new TreeEntryChange(ChangeKind.Changed, right.Current.Path, right.Current.Kind, reason);
            }

            hasLeft = order <= 0 ? left.MoveNext() : hasLeft;
            hasRight = order >= 0 ? right.MoveNext() : hasRight;
        }
    }

    private static string? Reason(TreeEntry before, TreeEntry after)
    {
        if (before.Kind != after.Kind)
        {
            return $"was a {before.Kind.ToString().ToLowerInvariant()}";
        }

        if (before.Hash != after.Hash)
        {
            return "content differs";
        }

        return before.Target.AsSpan().SequenceEqual(after.Target) ? MetadataRule.Difference(before, after, owners: true) : "points elsewhere";
    }
}
