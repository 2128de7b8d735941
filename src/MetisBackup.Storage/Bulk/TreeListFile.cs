using MetisBackup.Core.Bulk;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Bulk;

/// <summary>The list of a tree's entries in a snapshot: one JSON object per line, in the order of a walk, in one zstd frame.</summary>
internal static class TreeListFile
{
    /// <summary>The list in a snapshot's folder.</summary>
    public const string Name = BulkRecord.ListPath;

    /// <summary>The entries; each path is checked, comes behind the one before it, and lies in a directory that the list names.</summary>
    /// <exception cref="FormatException">The list is damaged; the message says how.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IEnumerable<TreeEntry> Read(string path)
    {
        TreePath? last = null;
        var above = new Stack<TreePath>([TreePath.Root]);
        foreach (var line in PackedLines.Read(path))
        {
            var entry = TreeListJson.Read(line);
            if (last is not null && entry.Path <= last)
            {
                throw new FormatException($"'{entry.Path}' is out of order");
            }

            last = entry.Path;
            while (!entry.Path.IsWithin(above.Peek()))
            {
                above.Pop();
            }

            if (entry.Path.Parent != above.Peek() || (entry.SameAs is { } first && first >= entry.Path))
            {
                throw new FormatException($"'{entry.Path}' lies in no directory or names no earlier file");
            }

            if (entry.Kind == TreeEntryKind.Directory)
            {
                above.Push(entry.Path);
            }

            yield return entry;
        }
    }
}
