using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Store;

/// <summary>Tries what a snapshot needs of a store, and leaves nothing behind.</summary>
public static class StoreProbe
{
    /// <summary>Every right of accounts that are neither the owner nor of its group.</summary>
    public const UnixFileMode Everything = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const string Prefix = ".probe-";

    /// <summary>Writes a file and gives it a second name.</summary>
    /// <returns>False where the file system has no hard links: every snapshot would hold a copy of everything.</returns>
    /// <exception cref="MetisException">12, 17: the store cannot be written.</exception>
    public static bool TryLink(string storePath)
    {
        var folder = Path.Combine(storePath, Prefix + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(folder, StoreFile.PrivateDirectory);
            try
            {
                var file = Path.Combine(folder, "a");
                File.WriteAllText(file, "probe");
                return HardLink.TryCreate(file, Path.Combine(folder, "b"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, storePath);
        }
    }

    /// <summary>What lies in a store and belongs to another account than the store itself, which may not be able to remove it: names, in order.</summary>
    /// <exception cref="MetisException">12: the store cannot be read.</exception>
    public static IReadOnlyList<string> FindForeign(string storePath)
    {
        try
        {
            var owner = OwnSize.OwnerOf(storePath);
            return [.. Directory.EnumerateFileSystemEntries(storePath).Where(path => OwnSize.OwnerOf(path) is { } other && other != owner).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, storePath);
        }
    }

    /// <summary>Whether accounts that are neither the owner nor of its group have some of these rights.</summary>
    public static bool IsOpenToOthers(string path, UnixFileMode rights) => (File.GetUnixFileMode(path) & rights) != UnixFileMode.None;

    /// <summary>Takes these rights away.</summary>
    /// <returns>False when it belongs to somebody else.</returns>
    public static bool TryCloseToOthers(string path, UnixFileMode rights)
    {
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~rights);
            return true;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return false;
        }
    }
}
