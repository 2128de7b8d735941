using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// A folder of snapshots. Readers need no lock; one run at a time writes snapshots of a database. Every method reports what the disk
/// refuses as <see cref="MetisException"/>: Denied (rights, read-only file system), NoSpace, NotFound.
/// </summary>
public sealed class SnapshotStore
{
    private SnapshotStore(string path, TimeProvider time)
    {
        Path = path;
        Time = time;
    }

    /// <summary>Full path of the store.</summary>
    public string Path { get; }

    internal TimeProvider Time { get; }

    /// <summary>Opens the store at a folder, which is made (mode 0700) when it is missing and <paramref name="createIfMissing"/> is set.</summary>
    /// <exception cref="MetisException">NotFound: no such folder. Denied: it cannot be read or made.</exception>
    public static SnapshotStore Open(string path, TimeProvider time, bool createIfMissing) => throw new NotSupportedException();

    /// <summary>
    /// All snapshots, or those of one database, newest first by their sequence. Damaged ones are listed as such; one whose database is
    /// unknown is listed for every database. Reads only the small metadata of each.
    /// </summary>
    public IReadOnlyList<SnapshotEntry> List(string? database) => throw new NotSupportedException();

    /// <summary>
    /// The snapshot that a user means: a full name, a unique beginning of one, <c>latest</c>, or <c>latest:DATABASE</c>.
    /// The text never becomes part of a path.
    /// </summary>
    /// <exception cref="MetisException">
    /// NotFound: nothing matches. Usage: several match (they are listed). VerificationFailed: <c>latest</c> is damaged, and an older
    /// one must not be taken in its place unasked.
    /// </exception>
    public SnapshotEntry Find(string reference) => throw new NotSupportedException();

    /// <summary>Begins a snapshot of a database: takes the lock, removes what dead runs left behind, makes the hidden folder.</summary>
    /// <exception cref="MetisException">Locked: another run writes a snapshot of the same database; the message names it.</exception>
    public SnapshotWriter Begin(string database, string description) => throw new NotSupportedException();

    /// <summary>Opens a snapshot for reading and keeps it from being deleted meanwhile. Checks manifest and all small files against their hashes.</summary>
    /// <exception cref="MetisException">
    /// NotFound: it is gone. VerificationFailed: it is damaged. Usage: it was written by the earlier tool or by a newer version.
    /// </exception>
    public SnapshotReader OpenReader(SnapshotEntry entry) => throw new NotSupportedException();

    /// <summary>Deletes a snapshot: it vanishes from the listing at once, then its files are removed. Other snapshots never notice.</summary>
    /// <exception cref="MetisException">Refused: it is permanent and <paramref name="force"/> is not set. Locked: somebody reads it.</exception>
    public void Delete(SnapshotEntry entry, bool force) => throw new NotSupportedException();

    /// <summary>Makes a snapshot permanent, or no longer.</summary>
    public SnapshotEntry SetPermanent(SnapshotEntry entry, bool permanent) => throw new NotSupportedException();

    /// <summary>Names of hidden folders that killed runs left behind and that no living run uses.</summary>
    public IReadOnlyList<string> FindLeftovers() => throw new NotSupportedException();

    /// <summary>Removes them and returns their names.</summary>
    public IReadOnlyList<string> RemoveLeftovers() => throw new NotSupportedException();
}
