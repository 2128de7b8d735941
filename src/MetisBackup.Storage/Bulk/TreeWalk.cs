using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>An entry that a walk met. The directories are open until the next entry is asked for.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Status">What it is.</param>
/// <param name="Parent">The directory that holds it.</param>
/// <param name="Directory">The entry itself, when it is a directory.</param>
internal sealed record WalkedEntry(TreePath Path, FileStatus Status, TreeDirectory Parent, TreeDirectory? Directory);

/// <summary>
/// Walks a tree in the order of <see cref="TreePath"/>, without following links and without entering what is excluded. Holds the names of
/// the directories between the root and the present place, nothing else.
/// </summary>
internal sealed class TreeWalk(TreeDirectory root, NameFilter filter) : IDisposable
{
    private const int LooksAtOneName = 3;

    /// <summary>Four times as long as a path can be that is given to the system; what is nested deeper serves to exhaust whoever follows it.</summary>
    private const int LongestPath = 16 * 1024;
    private readonly Stack<Level> _levels = new();

    /// <summary>Entries that were in a directory and gone when they were looked at.</summary>
    public long Vanished { get; private set; }

    /// <summary>Told of each directory in which something was passed over.</summary>
    public Action<TreePath>? PassedOver { get; init; }

    /// <summary>Every entry below the root.</summary>
    /// <exception cref="IOException">A directory or entry cannot be looked at.</exception>
    public IEnumerable<WalkedEntry> Entries()
    {
        _levels.Push(new Level(root, root.Names()));
        while (_levels.TryPeek(out var level))
        {
            if (level.Next == level.Names.Count)
            {
                Leave();
                continue;
            }

            var name = level.Names[level.Next++];
            if (IsLeftOut(filter, level.Directory, name))
            {
                PassedOver?.Invoke(level.Directory.Path);
                continue;
            }

            if (Look(level.Directory, name) is not { } entry)
            {
                continue;
            }

            if (entry.Directory is { } directory)
            {
                _levels.Push(new Level(directory, directory.Names()));
            }

            yield return entry;
        }
    }

    /// <summary>Closes what is still open; the root stays as it is.</summary>
    public void Dispose()
    {
        while (_levels.Count > 0)
        {
            Leave();
        }
    }

    private static bool IsLeftOut(NameFilter filter, TreeDirectory parent, ReadOnlySpan<byte> name) =>
        filter.Excludes(name) || (parent.Path.IsRoot && BulkTrash.IsInnerName(name));

    private void Leave()
    {
        var level = _levels.Pop();
        if (!ReferenceEquals(level.Directory, root))
        {
            level.Directory.Dispose();
        }
    }

    /// <summary>An entry may turn into something else between the look at it and its opening: then it is looked at again.</summary>
    private WalkedEntry? Look(TreeDirectory parent, byte[] name)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (parent.Status(name) is not { } status)
            {
                Vanished++;
                return null;
            }

            if (status.Kind != TreeEntryKind.Directory)
            {
                return new WalkedEntry(parent.Path.Child(name), status, parent, Directory: null);
            }

            if (parent.Path.Bytes.Length > LongestPath)
            {
                throw new IOException($"Directories are nested deeper than {LongestPath} characters of path below '{TreePath.Printable(parent.Path.Names()[0])}'.");
            }

            try
            {
#pragma warning disable CA2000 // closed when its level is left
                var directory = parent.Open(name);
#pragma warning restore CA2000
                return new WalkedEntry(directory.Path, directory.Status(), parent, directory);
            }
            catch (IOException error) when (attempt < LooksAtOneName && error.HResult is FileCalls.NoEntry or FileCalls.NotDirectory or FileCalls.TooManyLinks)
            {
                continue;
            }
        }
    }

    private sealed class Level(TreeDirectory directory, List<byte[]> names)
    {
        public TreeDirectory Directory => directory;

        public List<byte[]> Names => names;

        public int Next { get; set; }
    }
}
