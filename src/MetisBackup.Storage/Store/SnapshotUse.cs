using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Keeps a snapshot from being deleted while it is read: readers share the operating system's lock on its list of hashes, deletion takes
/// it alone. Works on stores that are mounted read-only, and ends with the process.
/// </summary>
internal static class SnapshotUse
{
    /// <summary>The file whose lock is taken: of a legacy snapshot, which has no hashes, its archive or metadata.</summary>
    private static string FileOf(SnapshotEntry entry) => entry.State == SnapshotState.Legacy
        ? entry.Archive ?? Path.Combine(entry.Path, "metadata.json")
        : Path.Combine(entry.Path, HashList.FileName);

    /// <summary>Begins to read a snapshot; ends with the stream, which is its list of hashes (of a legacy snapshot another of its files).</summary>
    /// <exception cref="MetisException">NotFound: it is gone or being deleted. VerificationFailed: its list of hashes is missing.</exception>
    public static FileStream Shared(SnapshotEntry entry)
    {
        try
        {
            return StoreFile.Read(FileOf(entry));
        }
        catch (IOException error) when (StoreFault.IsLocked(error) || (entry.Archive is null && !Directory.Exists(entry.Path)))
        {
            throw new MetisException(
                ErrorCode.NotFound, $"Snapshot {QuotedName.Of(entry.Name)} has been deleted.", "'metis-backup list' shows the names", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, FileOf(entry));
        }
    }

    /// <summary>Begins to delete a snapshot. Null when the snapshot has no list of hashes, and hence no reader.</summary>
    /// <exception cref="MetisException">Locked: somebody reads it. NotFound: it is gone.</exception>
    public static FileStream? Exclusive(SnapshotEntry entry)
    {
        try
        {
            return new FileStream(FileOf(entry), FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (IOException error) when (StoreFault.IsLocked(error))
        {
            throw new MetisException(
                ErrorCode.Locked, $"Snapshot {QuotedName.Of(entry.Name)} is being read by another run.", "wait until that run has ended", error);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException error)
        {
            throw new MetisException(
                ErrorCode.NotFound, $"Snapshot {QuotedName.Of(entry.Name)} has been deleted.", "'metis-backup list' shows the names", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw StoreFault.Writing(error, entry.Path);
        }
    }
}
