namespace MetisBackup.Storage.Store;

/// <summary>What lies in the folder of a snapshot. A snapshot holds no symbolic links, so none is ever followed out of the store.</summary>
internal static class SnapshotFolder
{
    /// <summary>Every file and symbolic link below the folder, as relative paths with <c>/</c>.</summary>
    public static IEnumerable<string> Files(string folder) => Below(new DirectoryInfo(folder)).Select(entry => Path.GetRelativePath(folder, entry.FullName));

    /// <summary>Refuses a snapshot in which a listed file, or a folder on the way to it, is a symbolic link.</summary>
    /// <exception cref="Core.Errors.MetisException">VerificationFailed: names the link.</exception>
    public static void RequireNoLinks(string folder, IEnumerable<string> files)
    {
        foreach (var path in files.SelectMany(WayTo).Distinct(StringComparer.Ordinal).Select(relative => Path.Combine(folder, relative)))
        {
            if (IsLink(new FileInfo(path)))
            {
                throw StoreFault.Damaged($"'{path}' is a symbolic link, and a snapshot holds none.");
            }
        }
    }

    /// <summary>Whether something is there and is a symbolic link.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.LinkTarget is not null;

    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) => folder.EnumerateFileSystemInfos()
        .SelectMany(entry => entry is DirectoryInfo below && !IsLink(below) ? Below(below) : [entry]);

    private static IEnumerable<string> WayTo(string file)
    {
        for (var at = file.IndexOf('/', StringComparison.Ordinal); at > 0; at = file.IndexOf('/', at + 1))
        {
            yield return file[..at];
        }

        yield return file;
    }
}
