using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>A restore that used the trash, as <c>restore.json</c> in its folder tells.</summary>
/// <param name="Snapshot">What was restored.</param>
/// <param name="Root">The directory that was changed.</param>
/// <param name="BeganAt">When.</param>
/// <param name="CompletedAt">When it ended with everything proven; null when it did not.</param>
public sealed record TrashEntry(string Snapshot, string Root, DateTimeOffset BeganAt, DateTimeOffset? CompletedAt)
{
    /// <summary>Folder of what was removed or replaced.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(TrashEntry))]
internal sealed partial class TrashJson : JsonSerializerContext;

/// <summary>
/// Where a restore puts what it removes or replaces: one folder per restore, on the same file system as the files, so that everything gets
/// there by a rename. Beside the directory of the files; inside of it when that has a file system of its own.
/// </summary>
public sealed class BulkTrash
{
    internal const string EntryFile = "restore.json";
    private const string InnerName = ".metis-trash";
    private const string LockName = ".lock";
    private const int LargestEntryFile = 64 * 1024;
    private const int RightsOfOthersToWrite = 0x12;
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private readonly string _root;

    private BulkTrash(string root, string path) => (_root, Path) = (root, path);

    /// <summary>The folder of the trash, which may be missing.</summary>
    public string Path { get; }

    /// <summary>The trash of a directory of files.</summary>
    public static BulkTrash Of(string root)
    {
        var full = RealPath(root);
        var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full) ?? "/", $".{System.IO.Path.GetFileName(full)}{InnerName}");
        var inside = System.IO.Path.Combine(full, InnerName);
        return new BulkTrash(full, CanHold(full, Directory.Exists(beside), Directory.Exists(inside)) ? beside : inside);
    }

    /// <summary>The restores whose trash is still there, oldest first.</summary>
    /// <exception cref="MetisException">Denied: it cannot be read.</exception>
    public IReadOnlyList<TrashEntry> List()
    {
        try
        {
            using var folder = OpenOrNull();
            return folder is null ? [] : [.. folder.Names().Select(name => Read(folder, name)).OfType<TrashEntry>().OrderBy(static one => one.BeganAt)];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, Path);
        }
    }

    /// <summary>Restores that began to change the files, did not end, and are not under way.</summary>
    /// <exception cref="MetisException">Denied: it cannot be read.</exception>
    public IReadOnlyList<TrashEntry> FindUnfinished() => IsBusy() ? [] : [.. List().Where(static one => one.CompletedAt is null)];

    /// <summary>The restores that ended longer ago than <paramref name="keep"/>.</summary>
    /// <exception cref="MetisException">Denied: it cannot be read.</exception>
    public IReadOnlyList<TrashEntry> FindExpired(TimeSpan keep, DateTimeOffset now) => [.. List().Where(one => one.CompletedAt is { } ended && ended + keep < now)];

    /// <summary>Removes the folders of restores that ended longer ago than <paramref name="keep"/> and returns them.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public IReadOnlyList<TrashEntry> RemoveExpired(TimeSpan keep, DateTimeOffset now)
    {
        var expired = FindExpired(keep, now);
        if (expired.Count == 0)
        {
            return [];
        }

        RequireOwn();
        try
        {
            using var folder = OpenOrNull();
            foreach (var entry in expired)
            {
                TreeRemoval.Remove(folder!, NameOf(entry.Path));
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, Path);
        }

        return expired;
    }

    /// <summary>Fails when the files are between two states, because a restore of them runs or was killed.</summary>
    /// <exception cref="MetisException">Locked: a restore runs. Refused: one did not end.</exception>
    public void RequireNone()
    {
        if (IsBusy())
        {
            throw new MetisException(ErrorCode.Locked, $"Another run restores the files of '{_root}': {StoreLock.OwnerOf(LockPath)}.", "wait until it has ended; the lock goes away with that process");
        }

        if (FindUnfinished() is [var first, ..])
        {
            throw new MetisException(
                ErrorCode.Refused,
                $"The files of '{_root}' are between two states: a restore of {first.Snapshot} did not end.",
                $"run 'metis-backup restore {first.Snapshot} --only-bulk' again to finish it; if the files are as you want them, remove {System.IO.Path.Combine(first.Path, EntryFile)}");
        }
    }

    /// <summary>Fails when the files were, or are being, restored since their capture began: then it holds both states.</summary>
    /// <exception cref="MetisException">Locked, Refused: as the restore is now, or it ended.</exception>
    internal void RequireNoneSince(DateTimeOffset began)
    {
        RequireNone();
        if (List().FirstOrDefault(one => one.CompletedAt >= began) is { } restore)
        {
            throw new MetisException(ErrorCode.Refused, $"The files of '{_root}' were restored to {restore.Snapshot} while they were captured.", "run the same command again");
        }
    }

    internal static bool IsInnerName(ReadOnlySpan<byte> name) => name.SequenceEqual(".metis-trash"u8);

    /// <summary>Whether it is a folder that nobody else can write: only then the locks in it are ours.</summary>
    internal bool IsOwn()
    {
        using var folder = OpenOrNull();
        return folder is not null && IsPrivate(folder.Status());
    }

    /// <summary>Takes the right to restore the files.</summary>
    internal StoreLock Lock(TimeProvider time)
    {
        RequireOwn();
        return StoreLock.TryAcquire(LockPath, time)
            ?? throw new MetisException(ErrorCode.Locked, $"Another run restores the files of '{_root}': {StoreLock.OwnerOf(LockPath)}.", "wait until it has ended; the lock goes away with that process");
    }

    /// <summary>A folder for one restore, with what it says of itself.</summary>
    internal TrashEntry Begin(string snapshot, DateTimeOffset now)
    {
        var name = $"{now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var entry = new TrashEntry(snapshot, _root, now, CompletedAt: null) { Path = System.IO.Path.Combine(Path, name) };
        StoreFile.CreateDirectory(entry.Path);
        Write(entry);
        DirectoryFlush.Flush(entry.Path);
        DirectoryFlush.Flush(Path);
        return entry;
    }

    /// <summary>Writes down what became of a restore.</summary>
    internal static void Write(TrashEntry entry) =>
        StoreFile.Replace(System.IO.Path.Combine(entry.Path, EntryFile), JsonSerializer.SerializeToUtf8Bytes(entry, TrashJson.Default.TrashEntry));

    private string LockPath => System.IO.Path.Combine(Path, LockName);

    /// <summary>
    /// A lock in a folder that others may write is neither believed nor touched: to ask whether it is held opens it, and in its place could be a link to any file.
    /// Nor is the folder looked up twice: by its handle it stays the one that was judged.
    /// </summary>
    private bool IsBusy()
    {
        try
        {
            using var folder = OpenOrNull();
            return folder is not null && IsPrivate(folder.Status()) && StoreLock.IsHeld(System.IO.Path.Combine($"/proc/self/fd/{folder.Handle.DangerousGetHandle()}", LockName));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, Path);
        }
    }

    private static bool IsPrivate(FileStatus folder) => folder.Owner == FileCalls.EffectiveUser() && (folder.Mode & RightsOfOthersToWrite) == 0;

    /// <summary>The folder of the trash, never by way of a link in its place; null when there is none.</summary>
    private TreeDirectory? OpenOrNull()
    {
        if (!Directory.Exists(Path))
        {
            return null;
        }

        using var above = TreeDirectory.OpenRoot(System.IO.Path.GetDirectoryName(Path)!);
        return above.Status(NameOf(Path)) is { Kind: TreeEntryKind.Directory } ? above.Open(NameOf(Path)) : null;
    }

    /// <summary>Null for what is not ours, or was told by the user to be over: that is never removed by us.</summary>
    private TrashEntry? Read(TreeDirectory folder, byte[] name)
    {
        if (folder.Status(name) is not { Kind: TreeEntryKind.Directory })
        {
            return null;
        }

        using var restore = folder.Open(name);
        if (restore.Status(Encoding.UTF8.GetBytes(EntryFile)) is not { Kind: TreeEntryKind.File, Size: <= LargestEntryFile } status)
        {
            return null;
        }

        using var file = restore.OpenFile(Encoding.UTF8.GetBytes(EntryFile));
        var content = new byte[status.Size];
        var length = RandomAccess.Read(file, content, 0);
        try
        {
            return JsonSerializer.Deserialize(content.AsSpan(0, length), TrashJson.Default.TrashEntry) is { Snapshot: not null } entry
                ? entry with { Path = System.IO.Path.Combine(Path, Encoding.UTF8.GetString(name)) }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whoever may write beside the files could have put a folder or link of that name there.</summary>
    private void RequireOwn()
    {
        try
        {
            StoreFile.CreateDirectory(Path);
            using var above = TreeDirectory.OpenRoot(System.IO.Path.GetDirectoryName(Path)!);
            var status = above.Status(NameOf(Path));
            if (status is not { Kind: TreeEntryKind.Directory } || !IsPrivate(status.Value))
            {
                throw new MetisException(ErrorCode.Denied, $"'{Path}' is not a private folder of this user, so nothing can be kept there.", "look at it, then move it away");
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, Path);
        }
    }

    /// <summary>Whether the directory above lies on the same file system, and holds the trash already or may be written to.</summary>
    private static bool CanHold(string root, bool isBeside, bool isInside)
    {
        try
        {
            using var above = TreeDirectory.OpenRoot(System.IO.Path.GetDirectoryName(root) ?? "/");
            var status = above.Status();
            var isThere = Directory.Exists(root);
            return (!isThere || DeviceOf(root) == status.Device)
                && (isBeside || (!isInside && (!isThere || FileCalls.EffectiveUser() == 0 || status.Owner == FileCalls.EffectiveUser())));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return false;
        }
    }

    private static ulong DeviceOf(string path)
    {
        using var directory = TreeDirectory.OpenRoot(path);
        return directory.Status().Device;
    }

    private static byte[] NameOf(string path) => Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(path));

    private static string RealPath(string root)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root));
        return Directory.Exists(full) && new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : full;
    }
}
