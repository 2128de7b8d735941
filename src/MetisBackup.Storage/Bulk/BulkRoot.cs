using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>The directory of the files: what can be wrong with it, in the product's terms.</summary>
internal static class BulkRoot
{
    /// <summary>Opens it.</summary>
    /// <exception cref="MetisException">NotFound: there is none. Usage: it is no directory. CoverageGap: it cannot be read.</exception>
    public static TreeDirectory Open(string path)
    {
        try
        {
            return TreeDirectory.OpenRoot(path);
        }
        catch (IOException error) when (error.HResult == FileCalls.NoEntry)
        {
            throw new MetisException(ErrorCode.NotFound, $"There is no directory '{path}' of bulk files.", "set bulk.path to the right one, or leave the files out", error);
        }
        catch (IOException error) when (error.HResult == FileCalls.NotDirectory)
        {
            throw new MetisException(ErrorCode.Usage, $"'{path}' is no directory of bulk files.", "set bulk.path to the right one, or leave the files out", error);
        }
        catch (IOException error)
        {
            throw Unreadable(error, path);
        }
    }

    /// <summary>A directory that is captured must not be the store, or each snapshot would hold all others.</summary>
    /// <exception cref="MetisException">Usage: it is.</exception>
    public static void RequireOther(FileStatus directory, (string Path, FileStatus Status) store, string root)
    {
        if (store.Status.Device == directory.Device && store.Status.Stamp.Inode == directory.Stamp.Inode)
        {
            throw new MetisException(
                ErrorCode.Usage, $"The snapshot store '{store.Path}' lies in the bulk files '{root}', so a snapshot would hold all others.", "move one of them, or exclude the store's name with bulk.exclude");
        }
    }

    /// <summary>Something that should be in the snapshot cannot be read.</summary>
    public static MetisException Unreadable(Exception error, string what) => new(
        ErrorCode.CoverageGap,
        $"'{what}' of the bulk files cannot be read: {Reason(error)}",
        "run as a user who may read all of them, or exclude that name with bulk.exclude",
        error);

    /// <summary>Reads something of the tree; what the disk refuses is a gap in the backup.</summary>
    /// <exception cref="MetisException">CoverageGap: it cannot be read.</exception>
    public static T Reading<T>(Func<T> read, object what)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw Unreadable(error, what.ToString()!);
        }
    }

    private static string Reason(Exception error) => error is UnauthorizedAccessException || error.HResult is FileCalls.AccessDenied or FileCalls.NotPermitted
        ? "no permission."
        : error.Message;
}
