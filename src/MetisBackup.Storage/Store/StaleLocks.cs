using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;

namespace MetisBackup.Storage.Store;

/// <summary>A lock that nobody gave back.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Owner">Who had it, for messages.</param>
public sealed record StaleLock(string Path, string Owner);

/// <summary>Locks of runs that died. They are in nobody's way: the next run that needs one takes it over.</summary>
public static class StaleLocks
{
    /// <summary>Those of a state directory: of its service and its data sets.</summary>
    /// <exception cref="MetisException">12: it may not be looked into.</exception>
    public static IReadOnlyList<StaleLock> OfState(string folder) => [.. Find(folder), .. Find(Path.Combine(folder, "dr"))];

    /// <summary>Those of a store: of snapshots that were being written, and of restores.</summary>
    /// <exception cref="MetisException">12: it may not be looked into.</exception>
    public static IReadOnlyList<StaleLock> OfStore(string path) => [.. Find(Path.Combine(path, StoreLock.Folder)), .. Find(Path.Combine(path, RestoreJournal.Folder))];

    /// <summary>Those of a directory of bulk files: of restores.</summary>
    /// <exception cref="MetisException">12: it may not be looked into.</exception>
    public static IReadOnlyList<StaleLock> OfFiles(string path)
    {
        var trash = BulkTrash.Of(path);
        try
        {
            return trash.IsOwn() ? Find(trash.Path) : [];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, trash.Path);
        }
    }

    /// <summary>Takes a lock over and gives it back.</summary>
    /// <returns>False when a living process has it by now.</returns>
    /// <exception cref="MetisException">12, 17: as the disk says.</exception>
    public static bool TryRelease(StaleLock stale, TimeProvider clock)
    {
        using var held = StoreLock.TryAcquire(stale.Path, clock);
        return held is not null;
    }

    private static IReadOnlyList<StaleLock> Find(string folder)
    {
        try
        {
            return !Directory.Exists(folder) ? [] :
            [
                .. from owner in Directory.EnumerateFiles(folder, "*.owner").Order(StringComparer.Ordinal)
                   let path = Path.ChangeExtension(owner, ".lock")
                   let name = StoreLock.OwnerOf(path)
                   where !StoreLock.IsHeld(path) && File.Exists(owner) // one that was given back meanwhile has no owner any more
                   select new StaleLock(path, name),
            ];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, folder);
        }
    }
}
