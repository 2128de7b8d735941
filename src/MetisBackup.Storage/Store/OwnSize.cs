using System.Buffers.Binary;
using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace MetisBackup.Storage.Store;

/// <summary>
/// What a snapshot takes on the disk that would be free without it: every file of which all links lie in its folder, counted once, in
/// allocated blocks as <c>du</c> counts them, and the folders themselves. Symbolic links count, what they point to does not.
/// </summary>
internal static partial class OwnSize
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int BlockBytes = 512;
    private const int StructureBytes = 256;

    /// <summary>Measures a folder; null where the system does not tell.</summary>
    public static long? Measure(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var shared = new Dictionary<FileIdentity, uint>();
        var bytes = 0L;
        foreach (var path in Entries(folder).Prepend(folder))
        {
            if (Read(path) is not { } facts)
            {
                return null;
            }

            if (!facts.IsFile || facts.Links == 1)
            {
                bytes += facts.Bytes;
                continue;
            }

            var seen = shared.GetValueOrDefault(facts.Identity) + 1;
            shared[facts.Identity] = seen;
            bytes += seen == facts.Links ? facts.Bytes : 0;
        }

        return bytes;
    }

    /// <summary>The same for a single file.</summary>
    public static long? MeasureFile(string path) => !OperatingSystem.IsLinux() || Read(path) is not { } facts ? null : facts.Links == 1 ? facts.Bytes : 0;

    /// <summary>Whether something is a file of bytes and no pipe, socket or device, which to open could take for ever. True where the system does not tell.</summary>
    public static bool IsRegularFile(string path) => !OperatingSystem.IsLinux() || Read(path)?.IsFile != false;

    /// <summary>The number of the account that owns something; null where the system does not tell.</summary>
    public static uint? OwnerOf(string path) => OperatingSystem.IsLinux() ? Read(path)?.Owner : null;

    /// <summary>Everything below a folder; what symbolic links point to belongs to somebody else, the folder itself being one included.</summary>
    private static IEnumerable<string> Entries(string folder)
    {
        if (SnapshotFolder.IsLink(new DirectoryInfo(folder)))
        {
            yield break;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        foreach (var path in new FileSystemEnumerable<string>(folder, static (ref entry) => entry.ToFullPath(), options)
        {
            ShouldRecursePredicate = static (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        })
        {
            yield return path;
        }
    }

    /// <summary>The structure of <c>statx</c> is the same on every processor, unlike that of <c>stat</c>.</summary>
    private static FileFacts? Read(string path)
    {
        Span<byte> result = stackalloc byte[StructureBytes];
        if (StatX(CurrentDirectory, path, NoFollow, BasicStats, ref MemoryMarshal.GetReference(result)) != 0)
        {
            return null;
        }

        var identity = new FileIdentity(
            BinaryPrimitives.ReadUInt64LittleEndian(result[136..]), BinaryPrimitives.ReadUInt64LittleEndian(result[32..]));
        return new FileFacts(
            identity,
            (BinaryPrimitives.ReadUInt16LittleEndian(result[28..]) & 0xF000) == 0x8000,
            BinaryPrimitives.ReadUInt32LittleEndian(result[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(result[16..]),
            (long)BinaryPrimitives.ReadUInt64LittleEndian(result[48..]) * BlockBytes);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte result);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FileIdentity(ulong Device, ulong Number);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FileFacts(FileIdentity Identity, bool IsFile, uint Owner, uint Links, long Bytes);
}
