using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>The two sides of a comparison.</summary>
internal sealed record TreeComparison
{
    /// <summary>The files of the snapshot, in the order of a walk.</summary>
    public required IEnumerable<TreeEntry> Stored { get; init; }

    /// <summary>When their capture began.</summary>
    public required FileTime Began { get; init; }

    /// <summary>The live directory; null when it is missing.</summary>
    public required TreeDirectory? Root { get; init; }

    /// <summary>What is passed over on both sides.</summary>
    public required NameFilter Filter { get; init; }

    /// <summary>Whether owners count.</summary>
    public required bool Owners { get; init; }
}

/// <summary>
/// Finds what has to be done to a live tree so that it is the one of a snapshot. Holds no list of either. Directories are made before what
/// is in them and removed after it; one in which something excluded lies stays.
/// </summary>
internal sealed class TreeComparer(TreeComparison comparison, IProgress<long>? progress) : IDisposable
{
    private const int MostObstacles = 10;

    private readonly Stack<(TreePath Path, TreeEntry? After)> _removals = new();
    private readonly HashSet<TreePath> _staying = [];
    private readonly HashSet<TreePath> _renewed = [];
    private readonly Dictionary<(ulong Device, ulong Inode), TreePath> _owners = [];
    private readonly Dictionary<TreePath, (ulong Device, ulong Inode)> _shared = [];
    private readonly List<string> _obstacles = [];
    private readonly LiveFileReader _reader = new(progress);
    private TreePath? _foreign;
    private ulong _device;

    /// <summary>Entries that are as they should be.</summary>
    public long Kept { get; private set; }

    /// <summary>Entries of the snapshot that the filter leaves out.</summary>
    public long LeftOut { get; private set; }

    /// <summary>What stands against the changes.</summary>
    public IReadOnlyList<string> Obstacles => _obstacles;

    /// <summary>The changes in the order in which they can be done.</summary>
    /// <exception cref="FormatException">The list of the snapshot is damaged.</exception>
    /// <exception cref="IOException">The live tree cannot be read.</exception>
    public IEnumerable<TreeChange> Changes(CancellationToken cancellationToken)
    {
        _device = comparison.Root?.Status().Device ?? 0;
        using var walk = comparison.Root is { } root ? new TreeWalk(root, comparison.Filter) { PassedOver = Stay } : null;
        using var stored = Stored().GetEnumerator();
        using var live = (walk?.Entries() ?? []).GetEnumerator();
        var (hasStored, hasLive) = (stored.MoveNext(), live.MoveNext());
        while (hasStored || hasLive)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var order = !hasLive ? -1 : !hasStored ? 1 : stored.Current.Path.CompareTo(live.Current.Path);
            foreach (var change in Leave(order <= 0 ? stored.Current.Path : live.Current.Path))
            {
                yield return change;
            }

            var judged = order < 0 ? Missing(stored.Current) : order > 0 ? Surplus(live.Current) : Judge(stored.Current, live.Current, cancellationToken);
            if (judged is not null && IsPossible(judged))
            {
                yield return judged;
            }

            hasStored = order <= 0 ? stored.MoveNext() : hasStored;
            hasLive = order >= 0 ? live.MoveNext() : hasLive;
        }

        foreach (var change in Leave(next: null))
        {
            yield return change;
        }
    }

    public void Dispose() => _reader.Dispose();

    private IEnumerable<TreeEntry> Stored()
    {
        foreach (var entry in comparison.Stored)
        {
            if (comparison.Filter.ExcludesAnyOf(entry.Path) || BulkTrash.IsInnerName(entry.Path.Names()[0]))
            {
                LeftOut++;
                continue;
            }

            yield return entry.SameAs is { } first && comparison.Filter.ExcludesAnyOf(first) ? entry with { SameAs = null } : entry;
        }
    }

    private TreeChange Missing(TreeEntry stored) => Renewing(TreeAction.Create, stored, was: null, "");

    private TreeChange? Surplus(WalkedEntry live)
    {
        NoticeForeign(live);
        switch (live.Status.Kind)
        {
            case null:
                // a pipe or socket was never captured, so that the snapshot lacks it says nothing
                Stay(live.Path.Parent);
                return null;
            case TreeEntryKind.Directory:
                _removals.Push((live.Path, After: null));
                return null;
            default:
                return new TreeChange(TreeAction.Remove, live.Path, Entry: null, live.Status.Kind, "");
        }
    }

    private TreeChange? Judge(TreeEntry stored, WalkedEntry live, CancellationToken cancellationToken)
    {
        NoticeForeign(live);
        if (live.Status.Kind != stored.Kind)
        {
            if (live.Status.Kind == TreeEntryKind.Directory)
            {
                _removals.Push((live.Path, stored));
                return null;
            }

            return Renewing(TreeAction.Replace, stored, live.Status.Kind, $"is {Name(live.Status.Kind)} now");
        }

        var (reason, described) = stored.Kind switch
        {
            TreeEntryKind.File => JudgeFile(stored, live, cancellationToken),
            TreeEntryKind.Link => live.Parent.ReadLink(live.Path.Name).AsSpan().SequenceEqual(stored.Target) ? (null, live.Status.Describe(live.Path)) : ("points elsewhere", null),
            _ => (null, live.Status.Describe(live.Path) with { Attributes = FileAttributeSet.Read(live.Directory!.Handle, live.Path) }),
        };
        if (reason is not null)
        {
            return Renewing(TreeAction.Replace, stored, stored.Kind, reason);
        }

        if (described is not null && MetadataRule.Difference(stored, described, comparison.Owners) is { } difference)
        {
            return new TreeChange(TreeAction.Adjust, stored.Path, stored, stored.Kind, difference);
        }

        Kept++;
        return null;
    }

    /// <summary>Why the content has to be replaced; otherwise what the file is, or null for exactly what was captured.</summary>
    private (string? Reason, TreeEntry? Described) JudgeFile(TreeEntry stored, WalkedEntry live, CancellationToken cancellationToken)
    {
        var identity = (live.Status.Device, live.Status.Stamp.Inode);
        if (stored.SameAs is { } first)
        {
            return _shared.TryGetValue(first, out var other) && other == identity && !_renewed.Contains(first)
                ? (null, null)
                : ("has to be another name of an earlier file", null);
        }

        if (live.Status.Links > 1 && !_owners.TryAdd(identity, stored.Path))
        {
            return ($"is another name of '{_owners[identity]}'", null);
        }

        if (live.Status.Links > 1)
        {
            _shared[stored.Path] = identity;
        }

        if (CaptureRule.IsUnchanged(stored, comparison.Began, live.Status.Size, live.Status.ModifiedAt, live.Status.Stamp))
        {
            return (null, null);
        }

        return live.Status.Size != stored.Size ? ("has another size", null) : _reader.Compare(stored, live, cancellationToken);
    }

    private TreeChange Renewing(TreeAction action, TreeEntry stored, TreeEntryKind? was, string reason)
    {
        if (stored.Kind == TreeEntryKind.File)
        {
            _renewed.Add(stored.Path);
        }

        return new TreeChange(action, stored.Path, stored, was, reason);
    }

    /// <summary>Directories that the walk is through with, innermost first.</summary>
    private IEnumerable<TreeChange> Leave(TreePath? next)
    {
        while (_removals.TryPeek(out var removal) && next?.IsWithin(removal.Path) != true)
        {
            _removals.Pop();
            if (_staying.Remove(removal.Path))
            {
                Stay(removal.Path.Parent);
                if (removal.After is { } blocked)
                {
                    Oppose($"'{blocked.Path}' has to become {Name(blocked.Kind)} again, but that directory holds something that is excluded.");
                }

                continue;
            }

            var change = new TreeChange(TreeAction.Remove, removal.Path, Entry: null, TreeEntryKind.Directory, "");
            if (IsPossible(change))
            {
                yield return change;
                if (removal.After is { } entry)
                {
                    yield return Missing(entry);
                }
            }
        }
    }

    /// <summary>Something in a directory stays whatever happens, so the directory does.</summary>
    private void Stay(TreePath directory)
    {
        if (_removals.Any(removal => removal.Path == directory))
        {
            _staying.Add(directory);
        }
    }

    private void NoticeForeign(WalkedEntry live)
    {
        if (live.Status.Device != _device && (_foreign is null || !live.Path.IsWithin(_foreign)))
        {
            _foreign = live.Path;
        }
    }

    /// <summary>Nothing can be moved to the trash from one file system to another.</summary>
    private bool IsPossible(TreeChange change)
    {
        if (_foreign is null || !change.Path.IsWithin(_foreign) || change.Action == TreeAction.Adjust)
        {
            return true;
        }

        Oppose($"'{change.Path}' lies on another file system than the directory of the files, so it cannot be exchanged in one step.");
        return false;
    }

    private void Oppose(string sentence)
    {
        if (_obstacles.Count < MostObstacles)
        {
            _obstacles.Add(sentence);
        }
    }

    private static string Name(TreeEntryKind? kind) => kind switch
    {
        TreeEntryKind.File => "a file",
        TreeEntryKind.Directory => "a directory",
        TreeEntryKind.Link => "a link",
        _ => "a pipe, socket or device",
    };
}
