using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Store;

/// <summary>Makes names in a directory durable: after a crash a created or renamed entry is there only if its directory was flushed.</summary>
internal static partial class DirectoryFlush
{
    private const int OpenReadOnlyCloseOnExec = 0x80000;
    private const int InvalidArgument = 22;

    /// <summary>Flushes a directory to the disk.</summary>
    /// <exception cref="IOException">The directory cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        var descriptor = OpenFile(path, OpenReadOnlyCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Error("open", path, Marshal.GetLastPInvokeError());
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FlushFile(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != InvalidArgument)
            {
                // file systems that cannot flush a directory say so with EINVAL
                throw Error("flush", path, error);
            }
        }
    }

    private static IOException Error(string action, string path, int error) =>
        new($"Cannot {action} directory '{path}': {Marshal.GetPInvokeErrorMessage(error)}.", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FlushFile(SafeFileHandle handle);
}
