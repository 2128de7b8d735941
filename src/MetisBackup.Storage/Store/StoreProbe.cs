using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Store;

/// <summary>Tries what a snapshot needs of a store, and leaves nothing behind.</summary>
public static class StoreProbe
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
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

    /// <summary>Whether accounts that are neither the owner nor of its group may do anything there.</summary>
    public static bool IsOpenToOthers(string path) => (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;

    /// <summary>Takes these rights away.</summary>
    /// <exception cref="MetisException">12: it belongs to somebody else.</exception>
    public static void CloseToOthers(string path)
    {
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }
}
