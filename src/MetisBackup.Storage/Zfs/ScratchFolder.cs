using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Zfs;

/// <summary>Mount points of clones that are thrown away. A server that runs as another user must be able to get there, but not to look around.</summary>
public static class ScratchFolder
{
    private const UnixFileMode Passable = StoreFile.PrivateDirectory | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes one.</summary>
    /// <exception cref="Core.Errors.MetisException">12, 17: as the disk says.</exception>
    public static string Make(string statePath, string name)
    {
        var path = Path.Combine(statePath, "dr", name);
        try
        {
            StoreFile.CreateDirectory(path);
            File.SetUnixFileMode(statePath, File.GetUnixFileMode(statePath) | Passable);
            File.SetUnixFileMode(Path.Combine(statePath, "dr"), Passable);
            return path;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }

    /// <summary>Removes one that is empty; one that is not, or is gone, is left.</summary>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (IOException)
        {
            // gone, or still mounted: whoever looks for leftovers finds the clone itself
        }
    }
}
