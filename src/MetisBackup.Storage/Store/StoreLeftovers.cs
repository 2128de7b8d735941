namespace MetisBackup.Storage.Store;

/// <summary>
/// The hidden folders of a store: <c>.incoming-LOCK.ID</c> while a snapshot is written, where LOCK is the name of the lock that its run
/// holds, and <c>.trash-NAME.ID</c> while one is deleted. One whose lock nobody holds was left behind by a run that was killed.
/// </summary>
internal static class StoreLeftovers
{
    private const string Incoming = ".incoming-";
    private const string Trash = ".trash-";

    public static string IncomingName(string database, string id) => Incoming + CollectionFolder.NameOf(database) + "." + id;

    /// <summary>Names of the folders left behind; those of <paramref name="ownLock"/>, which the caller holds, are among them.</summary>
    public static IReadOnlyList<string> Find(string storePath, string? ownLock)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(storePath, ".*").Select(folder => Path.GetFileName(folder)).Where(name => IsDead(storePath, name, ownLock)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, storePath);
        }
    }

    public static IReadOnlyList<string> Remove(string storePath, string? ownLock)
    {
        var found = Find(storePath, ownLock);
        foreach (var name in found)
        {
            try
            {
                Delete(Path.Combine(storePath, name));
            }
            catch (Exception error) when (StoreFault.IsDisk(error))
            {
                throw StoreFault.Writing(error, Path.Combine(storePath, name));
            }
        }

        return found;
    }

    /// <summary>
    /// Makes a snapshot invisible in one step, then removes its files. An archive beside the folder goes into the folder first; a kill
    /// between the two leaves the whole snapshot, which is found there too.
    /// </summary>
    public static void MoveToTrash(string storePath, SnapshotEntry entry)
    {
        var trash = Path.Combine(storePath, Trash + entry.Name + "." + Path.GetRandomFileName());
        if (entry.Archive is { } archive && Path.GetDirectoryName(archive) == storePath)
        {
            var place = Directory.Exists(entry.Path) ? entry.Path : trash;
            StoreFile.CreateDirectory(place);
            File.Move(archive, Path.Combine(place, Path.GetFileName(archive)));
        }

        if (Directory.Exists(entry.Path))
        {
            Directory.Move(entry.Path, trash);
        }

        DirectoryFlush.Flush(storePath);
        Delete(trash);
    }

    private static bool IsDead(string storePath, string name, string? ownLock)
    {
        if (name.StartsWith(Trash, StringComparison.Ordinal))
        {
            return true;
        }

        if (!name.StartsWith(Incoming, StringComparison.Ordinal))
        {
            return false;
        }

        var end = name.LastIndexOf('.');
        var lockName = end > Incoming.Length ? name[Incoming.Length..end] : string.Empty;
        return lockName == ownLock || lockName.Length == 0 || !StoreLock.IsHeld(storePath, lockName);
    }

    /// <summary>Another run may be removing the same folder.</summary>
    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
    }
}
