using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Store;

/// <summary>Says in the product's terms what the disk refused.</summary>
internal static class StoreFault
{
    /// <summary>Number of the error of a write to what is mounted for reading.</summary>
    public const int ReadOnlyFileSystem = 30;

    private const int NotPermitted = 1;
    private const int WouldBlock = 11;
    private const int AccessDenied = 13;
    private const int AlreadyExists = 17;
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception comes from the file system.</summary>
    public static bool IsDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>Whether another process holds the lock on a file.</summary>
    public static bool IsLocked(IOException error) => error.HResult == WouldBlock;

    /// <summary>Whether something has the name already, or had it when it was asked for.</summary>
    public static bool IsTaken(IOException error) => error.HResult == AlreadyExists;

    /// <summary>The fault of writing <paramref name="path"/>, which may also be a folder.</summary>
    public static MetisException Writing(Exception error, string path) => (error, error.HResult) switch
    {
        (_, NoSpaceLeft or WindowsDiskFull) => new MetisException(
            ErrorCode.NoSpace, $"No space is left to write '{path}'.", "free space on that file system, or delete snapshots that are no longer needed", error),
        (_, QuotaExceeded) => new MetisException(
            ErrorCode.NoSpace, $"The quota is used up, '{path}' cannot be written.", "raise the quota, or delete snapshots that are no longer needed", error),
        (_, ReadOnlyFileSystem) => new MetisException(
            ErrorCode.Denied, $"'{path}' lies on a read-only file system.", "mount it for writing, or name another store", error),
        (UnauthorizedAccessException, _) or (_, AccessDenied or NotPermitted) => new MetisException(
            ErrorCode.Denied, $"No permission to write '{path}'.", "run as the owner of the store, or change the owner of that folder", error),
        _ => new MetisException(
            ErrorCode.Denied, $"'{path}' cannot be written: {error.Message}", "check that folder and its file system, or name another store with --store", error),
    };

    /// <summary>The fault of reading <paramref name="path"/>; what is missing or unreadable is damage.</summary>
    public static MetisException Reading(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => Damaged($"'{path}' is missing.", error),
        UnauthorizedAccessException => new MetisException(
            ErrorCode.Denied, $"No permission to read '{path}'.", "run as the owner of the store", error),
        _ => Damaged($"'{path}' cannot be read: {error.Message}", error),
    };

    /// <summary>A snapshot is not what it was when it was committed.</summary>
    public static MetisException Damaged(string sentence, Exception? cause = null) => new(
        ErrorCode.VerificationFailed, sentence, "use another snapshot; 'metis-backup verify' lists everything that is damaged in this one", cause);
}
