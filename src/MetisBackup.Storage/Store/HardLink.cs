using System.Runtime.InteropServices;

namespace MetisBackup.Storage.Store;

/// <summary>A second name for a file that never changes.</summary>
internal static partial class HardLink
{
    private const int NotPermitted = 1;
    private const int CrossDevice = 18;
    private const int TooManyLinks = 31;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    /// <summary>Makes the link; false where the file system has none, or no more of this file.</summary>
    /// <exception cref="IOException">The disk refused it for another reason.</exception>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    public static bool TryCreate(string existing, string path)
    {
        if (Link(existing, path) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            NotPermitted or CrossDevice or TooManyLinks or NotImplemented or NotSupported => false,
            _ when !File.Exists(existing) => throw new FileNotFoundException("The file is missing.", existing),
            _ => throw new IOException($"Cannot link '{path}': {Marshal.GetPInvokeErrorMessage(error)}.", error),
        };
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string path);
}
