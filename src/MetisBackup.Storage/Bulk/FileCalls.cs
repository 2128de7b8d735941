using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// The calls of the system that work below an open directory and never follow a link. Names are bytes with a zero behind them, because
/// a name on the disk need not be a text. A negative result stands for an error that <see cref="Marshal.GetLastPInvokeError"/> numbers.
/// </summary>
internal static partial class FileCalls
{
    public const int CurrentDirectory = -100;
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotDirectory = 20;
    public const int InvalidArgument = 22;
    public const int NoData = 61;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NotSupported = 95;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoBlocking = 0x800;
    public const int NoAccessTime = 0x40000;
    public const int CloseOnExec = 0x80000;

    /// <summary>Where an entry is, without opening it; the only way to hold a symbolic link.</summary>
    public const int PlaceOnly = 0x200000;

    public const int NoFollow = 0x100;
    public const int RemoveDirectoryFlag = 0x200;
    public const int EmptyPath = 0x1000;
    public const uint BasicStats = 0x7ff;
    public const uint NoReplace = 1;
    public const uint Exchange = 2;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>Only a directory; the number differs between processors.</summary>
    public static int DirectoryOnly => IsArm ? 0x4000 : 0x10000;

    /// <summary>No symbolic link; the number differs between processors.</summary>
    public static int NoLink => IsArm ? 0x8000 : 0x20000;

    /// <summary>The error of the last call, with its number as <see cref="Exception.HResult"/>.</summary>
    public static IOException LastError(string action, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"Cannot {action} '{what}': {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(int directory, ref readonly byte name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(SafeFileHandle directory, ref readonly byte name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int StatX(SafeFileHandle directory, ref readonly byte name, int flags, uint mask, ref byte result);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint ReadEntries(SafeFileHandle directory, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint ReadLink(SafeFileHandle directory, ref readonly byte name, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int MakeDirectory(SafeFileHandle directory, ref readonly byte name, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unlink(SafeFileHandle directory, ref readonly byte name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Rename(SafeFileHandle from, ref readonly byte name, SafeFileHandle to, ref readonly byte newName, uint flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Link(SafeFileHandle from, ref readonly byte name, SafeFileHandle to, ref readonly byte newName, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int MakeLink(ref readonly byte target, SafeFileHandle directory, ref readonly byte name);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetOwner(SafeFileHandle directory, ref readonly byte name, uint owner, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetMode(SafeFileHandle file, int mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetTimes(SafeFileHandle directory, ref readonly byte name, ref readonly long times, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetTimes(SafeFileHandle file, ref readonly long times);

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint ListAttributes(SafeFileHandle file, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint GetAttribute(SafeFileHandle file, ref readonly byte name, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetAttribute(SafeFileHandle file, ref readonly byte name, ref readonly byte value, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "fremovexattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int RemoveAttribute(SafeFileHandle file, ref readonly byte name);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SynchronizeFileSystem(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveUser();
}
