using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;
using Microsoft.Data.Sqlite;

namespace MetisBackup.Storage.History;

/// <summary>The file of the history: made private, its faults in the product's terms.</summary>
internal static class HistoryFile
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Full = 13;
    private const int CannotOpen = 14;

    /// <summary>Makes the folder (0700) and an empty file (0600) before SQLite, whose own files take after it.</summary>
    public static void Prepare(string path)
    {
        try
        {
            StoreFile.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
            {
                StoreFile.Create(path).Dispose();
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker.
            return;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }

    /// <summary>Opens a database in memory, which needs the library and nothing else.</summary>
    public static void RequireLibrary()
    {
        try
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new MetisException(
                ErrorCode.Unexpected, $"SQLite cannot be used: {(error.InnerException ?? error).Message}", $"put libe_sqlite3.so of the same release beside the program, into '{AppContext.BaseDirectory}'", error);
        }
    }

    /// <summary>What SQLite refused.</summary>
    public static MetisException Fault(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Full => new MetisException(ErrorCode.NoSpace, $"No space is left to write the history '{path}'.", "free space on that file system", error),
        ReadOnly or CannotOpen => new MetisException(ErrorCode.Denied, $"No permission to write the history '{path}'.", "run as its owner, or name another state directory", error),
        Busy => new MetisException(ErrorCode.Locked, $"The history '{path}' is in use for too long.", "end the other program that holds it", error),
        _ => new MetisException(ErrorCode.Unexpected, $"The history '{path}' cannot be used: {error.Message}", "move it away; a new one is made, and no recovery point depends on it", error),
    };
}
