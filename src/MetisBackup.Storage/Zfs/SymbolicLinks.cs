namespace MetisBackup.Storage.Zfs;

/// <summary>Finds links inside a directory that a snapshot of it would keep without what they lead to.</summary>
public static class SymbolicLinks
{
    /// <summary>Deep enough for <c>engine-rocksdb/journals</c> and <c>databases/database-1</c>.</summary>
    private const int Depth = 1;

    /// <summary>The links at most two levels below a directory, with where they lead to in the end. What may not be looked into is left out.</summary>
    /// <param name="directory">Absolute, without links; need not exist.</param>
    public static IReadOnlyList<(string Link, string Target)> Below(string directory)
    {
        var found = new List<(string Link, string Target)>();
        var scope = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Depth, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        foreach (var entry in Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFileSystemInfos("*", scope) : [])
        {
            if (entry.LinkTarget is not null)
            {
                found.Add((entry.FullName, MountTable.WithoutLinks(entry.FullName)));
            }
        }

        return found;
    }
}
