using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Store;

/// <summary>The right to write snapshots of one database into a store. Held by one process at a time, ended by disposal or death: on one host the
/// operating system sees to that, between hosts the <see cref="LockHeartbeat"/>.</summary>
internal sealed class StoreLock : IDisposable
{
    /// <summary>Where the locks of a store are.</summary>
    public const string Folder = ".locks";

    private readonly FileStream _file;
    private readonly LockHeartbeat _heartbeat;

    private StoreLock(FileStream file, LockHeartbeat heartbeat) => (_file, _heartbeat) = (file, heartbeat);

    /// <summary>A sentence about the run that ended without giving the lock back; null when there was none.</summary>
    public string? TakenOver => _heartbeat.TakenFrom is { } dead ? $"Took over the lock of a run that died: {dead}" : null;

    /// <summary>Takes the lock or says who has it.</summary>
    /// <exception cref="MetisException">Locked, or what the disk refused.</exception>
    public static StoreLock Acquire(string storePath, string database, TimeProvider time)
    {
        var path = PathOf(storePath, CollectionFolder.NameOf(database));
        return TryAcquire(path, time) ?? throw new MetisException(
            ErrorCode.Locked,
            $"Another run writes a snapshot of database {QuotedName.Of(database)}: {OwnerOf(path)}.",
            "wait until it has ended; the lock goes away with that process");
    }

    /// <summary>Takes the lock that is a file, whose folder is made when missing.</summary>
    /// <param name="path">The file; beside it another one, ending in <c>.owner</c>, tells who holds it.</param>
    /// <param name="time">Tells since when.</param>
    /// <returns>Null when a living process has it.</returns>
    /// <exception cref="MetisException">What the disk refused.</exception>
    public static StoreLock? TryAcquire(string path, TimeProvider time)
    {
        try
        {
            StoreFile.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
#pragma warning disable CA2000 // belongs to the lock
            if (TryOpen(path) is not { } file)
#pragma warning restore CA2000
            {
                return null;
            }

            try
            {
#pragma warning disable CA2000 // belongs to the lock
                if (LockHeartbeat.TryTake(OwnerPath(path), file, time) is { } heartbeat)
#pragma warning restore CA2000
                {
                    return new StoreLock(file, heartbeat);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            return null;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }

    /// <summary>Who holds the lock that is this file, for a message.</summary>
    public static string OwnerOf(string path) => LockOwner.Read(OwnerPath(path))?.ToString() ?? "an unknown process";

    /// <summary>Whether a living process writes a snapshot of the database whose lock has this name.</summary>
    public static bool IsHeld(string storePath, string lockName) => IsHeld(PathOf(storePath, lockName));

    /// <summary>Whether a living process holds the lock that is this file.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = TryLook(path);
        return file is null || LockHeartbeat.IsAlive(OwnerPath(path), file);
    }

    /// <summary>Makes sure, before something becomes visible, that the lock was not lost while this process stood still.</summary>
    /// <exception cref="MetisException">Locked: another host took it.</exception>
    public void Require() => _heartbeat.Require();

    public void Dispose()
    {
        _heartbeat.Dispose();
        _file.Dispose();
    }

    /// <summary>The file of the lock with this name.</summary>
    public static string PathOf(string storePath, string lockName) => System.IO.Path.Combine(storePath, Folder, lockName + ".lock");

    private static string OwnerPath(string lockPath) => System.IO.Path.ChangeExtension(lockPath, ".owner");

    /// <summary>As <see cref="TryOpen"/>, also where nothing can be written: who only looks needs no right to.</summary>
    private static FileStream? TryLook(string path)
    {
        try
        {
            return TryOpen(path);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || error.HResult == StoreFault.ReadOnlyFileSystem)
        {
            return TryOpenToRead(path);
        }
    }

    private static FileStream? TryOpenToRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (StoreFault.IsLocked(error))
        {
            return null;
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException error) when (StoreFault.IsLocked(error))
        {
            return null;
        }
    }
}
