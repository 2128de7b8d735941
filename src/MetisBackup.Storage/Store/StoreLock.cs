using System.Text.Json;
using System.Text.Json.Serialization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Store;

/// <summary>Who holds a lock: for messages only, the lock itself is the operating system's and ends with the process.</summary>
internal sealed record LockOwner(string User, string Host, int ProcessId, string Since)
{
    public override string ToString() => $"process {ProcessId} of {User} on {Host}, since {Since}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LockOwner))]
internal sealed partial class LockJson : JsonSerializerContext;

/// <summary>The right to write snapshots of one database into a store. Held by one process at a time, ended by disposal or death.</summary>
internal sealed class StoreLock : IDisposable
{
    private const string Folder = ".locks";

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

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

            var owner = new LockOwner(
                Environment.UserName, Environment.MachineName, Environment.ProcessId, time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
            StoreFile.Replace(OwnerPath(path), JsonSerializer.SerializeToUtf8Bytes(owner, LockJson.Default.LockOwner));
            return new StoreLock(file);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }

    /// <summary>Who holds the lock that is this file, for a message.</summary>
    public static string OwnerOf(string path) => ReadOwner(path)?.ToString() ?? "an unknown process";

    /// <summary>Whether a living process writes a snapshot of the database whose lock has this name.</summary>
    public static bool IsHeld(string storePath, string lockName) => IsHeld(PathOf(storePath, lockName));

    /// <summary>Whether a living process holds the lock that is this file.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = TryOpen(path);
        return file is null;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The file of the lock with this name.</summary>
    public static string PathOf(string storePath, string lockName) => System.IO.Path.Combine(storePath, Folder, lockName + ".lock");

    private static string OwnerPath(string lockPath) => System.IO.Path.ChangeExtension(lockPath, ".owner");

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

    private static LockOwner? ReadOwner(string lockPath)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(OwnerPath(lockPath)), LockJson.Default.LockOwner);
        }
        catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException)
        {
            return null;
        }
    }
}
