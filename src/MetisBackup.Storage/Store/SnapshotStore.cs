using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>What a run wants to write.</summary>
internal sealed record SnapshotRequest(string Id, string Database, string Description, DateTimeOffset StartedAt);

/// <summary>
/// A folder of snapshots. Readers need no lock; one run at a time writes snapshots of a database. Every method reports what the disk
/// refuses as <see cref="MetisException"/>: Denied (rights, read-only file system), NoSpace, NotFound.
/// </summary>
public sealed class SnapshotStore
{
    private const int IdLength = 16;

    private SnapshotStore(string path, TimeProvider time)
    {
        Path = path;
        Time = time;
    }

    /// <summary>Full path of the store.</summary>
    public string Path { get; }

    internal TimeProvider Time { get; }

    /// <summary>Opens the store at a folder, which is made (mode 0700) when it is missing and <paramref name="createIfMissing"/> is set.</summary>
    /// <exception cref="MetisException">Usage: a file stands there. NotFound: no such folder. Denied: it cannot be made.</exception>
    public static SnapshotStore Open(string path, TimeProvider time, bool createIfMissing)
    {
        var fullPath = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (File.Exists(fullPath))
        {
            throw new MetisException(ErrorCode.Usage, $"'{fullPath}' is a file, not a folder of snapshots.", "name the folder with --store");
        }

        if (!Directory.Exists(fullPath) && !createIfMissing)
        {
            throw new MetisException(
                ErrorCode.NotFound, $"There is no snapshot store at '{fullPath}'.", "create a snapshot first, or name the right store");
        }

        try
        {
            Directory.CreateDirectory(fullPath, StoreFile.PrivateDirectory);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, fullPath);
        }

        return new SnapshotStore(fullPath, time);
    }

    /// <summary>
    /// All snapshots, or those of one database, newest first by their sequence. Damaged ones are listed as such; one whose database is
    /// unknown is listed for every database. Reads only the small metadata of each.
    /// </summary>
    /// <exception cref="MetisException">Denied: the store cannot be read.</exception>
    public IReadOnlyList<SnapshotEntry> List(string? database)
    {
        var entries = SnapshotListing.Read(Path, Time);
        return database is null ? entries : [.. entries.Where(entry => entry.Database is null || entry.Database == database)];
    }

    /// <summary>
    /// The snapshot that a user means: a full name, a unique beginning of one, <c>latest</c>, or <c>latest:DATABASE</c>.
    /// The text never becomes part of a path.
    /// </summary>
    /// <param name="reference">What the user wrote.</param>
    /// <param name="of">The server whose latest is meant, where several keep snapshots here; null when none is in question.</param>
    /// <exception cref="MetisException">
    /// NotFound: nothing matches. Usage: several match (they are listed), or are the latest, each of its server. VerificationFailed:
    /// <c>latest</c> is damaged, and an older one must not be taken in its place unasked.
    /// </exception>
    public SnapshotEntry Find(string reference, LatestOf? of = null) => SnapshotReference.Resolve(SnapshotListing.Read(Path, Time), reference, of);

    /// <summary>Whether a reference is <c>latest</c> or <c>latest:DATABASE</c>: it means another snapshot whenever one is made.</summary>
    public static bool IsLatest(string reference) => SnapshotReference.IsLatest(reference);

    /// <summary>Begins a snapshot of a database: takes the lock, removes what dead runs left behind, makes the hidden folder.</summary>
    /// <exception cref="MetisException">
    /// Locked: another run writes a snapshot of the same database; the message names it. NoSpace, Denied: as the disk says.
    /// </exception>
    public SnapshotWriter Begin(string database, string description)
    {
#pragma warning disable CA2000 // belongs to the writer
        return Begin(StoreLock.Acquire(Path, database, Time), database, description);
#pragma warning restore CA2000
    }

    /// <summary>Begins a hidden copy of a legacy snapshot, which is never going to be visible.</summary>
    /// <exception cref="MetisException">Locked: another run makes one of the same snapshot. NoSpace, Denied: as the disk says.</exception>
    internal SnapshotWriter BeginCopy(SnapshotEntry entry)
    {
        // No database can be called so: the copy is in nobody's way.
        var name = "/copy of " + entry.Name;
        var path = StoreLock.PathOf(Path, CollectionFolder.NameOf(name));
#pragma warning disable CA2000 // belongs to the writer
        var held = StoreLock.TryAcquire(path, Time) ?? throw new MetisException(
            ErrorCode.Locked, $"Snapshot {QuotedName.Of(entry.Name)} is being read by another run: {StoreLock.OwnerOf(path)}.", "wait until it has ended; the lock goes away with that process");
#pragma warning restore CA2000
        return Begin(held, name, entry.Name);
    }

    private SnapshotWriter Begin(StoreLock held, string database, string description)
    {
        try
        {
            StoreLeftovers.Remove(Path, CollectionFolder.NameOf(database));
            var request = new SnapshotRequest(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), database, description, Time.GetUtcNow());
            var folder = System.IO.Path.Combine(Path, StoreLeftovers.IncomingName(database, request.Id));
            StoreFile.CreateDirectory(folder);
            return new SnapshotWriter(this, held, request, folder);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            held.Dispose();
            throw StoreFault.Writing(error, Path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens a snapshot for reading and keeps it from being deleted meanwhile. Checks the list of hashes, manifest and metadata.</summary>
    /// <exception cref="MetisException">
    /// NotFound: it is gone. VerificationFailed: it is damaged. Usage: it was written by the earlier tool or by a newer version.
    /// </exception>
    public SnapshotReader OpenReader(SnapshotEntry entry)
    {
        RequireInside(entry);
        return SnapshotReader.Open(entry);
    }

    /// <summary>Deletes a snapshot: it vanishes from the listing at once, then its files are removed. Other snapshots never notice.</summary>
    /// <exception cref="MetisException">
    /// Refused: it is permanent, or something of the earlier tool that is not whole, and <paramref name="force"/> is not set. Locked: somebody reads it. NotFound: it is gone. Denied: as the disk says.
    /// </exception>
    public void Delete(SnapshotEntry entry, bool force)
    {
        RequireInside(entry);
        if (entry.Permanent && !force)
        {
            throw new MetisException(
                ErrorCode.Refused, $"Snapshot {QuotedName.Of(entry.Name)} is permanent{(entry.Pin is { Reason: { } reason } ? ": " + QuotedName.Of(reason) : "")}.", "delete it with --force, or unpin it first");
        }

        if (entry is { State: SnapshotState.Leftover } or { State: SnapshotState.Legacy, IsWhole: false } && !force)
        {
            throw new MetisException(ErrorCode.Refused, $"{QuotedName.Of(entry.Name)} is no whole snapshot: {entry.Problem}.", "look whether something in it is needed, then delete it with --force");
        }

        using var exclusive = SnapshotUse.Exclusive(entry);
        try
        {
            StoreLeftovers.MoveToTrash(Path, entry);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, entry.Path);
        }
    }

    /// <summary>Makes a snapshot permanent, or no longer.</summary>
    /// <param name="entry">The snapshot.</param>
    /// <param name="permanent">Keep it.</param>
    /// <param name="reason">Why; null for no words.</param>
    /// <param name="until">Until then; null for ever.</param>
    /// <exception cref="MetisException">NotFound: it is gone. NoSpace, Denied: as the disk says.</exception>
    public SnapshotEntry SetPermanent(SnapshotEntry entry, bool permanent, string? reason = null, DateTimeOffset? until = null)
    {
        RequireInside(entry);
        if (!Directory.Exists(entry.Path))
        {
            throw new MetisException(
                ErrorCode.NotFound, $"Snapshot {QuotedName.Of(entry.Name)} has no folder, only an archive, so nothing can be written down about it.", "no rule ever removes such an archive");
        }

        var pin = new SnapshotPin
        {
            Permanent = permanent,
            ChangedAt = Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Reason = reason,
            Until = until,
        };
        try
        {
            StoreFile.Replace(System.IO.Path.Combine(entry.Path, "pin.json"), JsonSerializer.SerializeToUtf8Bytes(pin, SnapshotJson.Default.SnapshotPin));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, entry.Path);
        }

        return entry with { Permanent = permanent && !(until <= Time.GetUtcNow()), Pin = pin };
    }

    /// <summary>
    /// The bytes on the disk that only this snapshot holds: what deleting it would free now. Files that it shares with others do not count,
    /// and count again for the last one that has them. Null when that cannot be told.
    /// </summary>
    public long? MeasureOwnBytes(SnapshotEntry entry)
    {
        RequireInside(entry);
        try
        {
            var folder = Directory.Exists(entry.Path) ? OwnSize.Measure(entry.Path) : 0;
            return entry.Archive is { } archive && System.IO.Path.GetDirectoryName(archive) == Path ? folder + OwnSize.MeasureFile(archive) : folder;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            // It is being deleted, or part of it cannot be read.
            return null;
        }
    }

    /// <summary>Names of hidden folders that killed runs left behind and that no living run uses.</summary>
    public IReadOnlyList<string> FindLeftovers() => StoreLeftovers.Find(Path, ownLock: null);

    /// <summary>Removes them and returns their names.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public IReadOnlyList<string> RemoveLeftovers() => StoreLeftovers.Remove(Path, ownLock: null);

    internal SnapshotEntry ReadEntry(string name) => SnapshotListing.ReadFolder(System.IO.Path.Combine(Path, name), Time)
        ?? throw new InvalidOperationException("A snapshot vanished.");

    /// <summary>The first name for a request that no snapshot has.</summary>
    internal SnapshotName FreeName(SnapshotRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = SnapshotName.Create(request.StartedAt, request.Description, attempt);
            if (!System.IO.Path.Exists(System.IO.Path.Combine(Path, name.Value)))
            {
                return name;
            }
        }
    }

    internal long NextSequence() => SnapshotListing.Read(Path, Time).Select(entry => entry.Sequence).DefaultIfEmpty(0).Max() + 1;

    private void RequireInside(SnapshotEntry entry)
    {
        if (System.IO.Path.GetDirectoryName(entry.Path) != Path || System.IO.Path.GetFileName(entry.Path) != entry.Name)
        {
            throw new ArgumentException("The snapshot lies in another store.", nameof(entry));
        }
    }
}
