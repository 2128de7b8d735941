using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>What the kernel tells of one entry, never of what a symbolic link points to.</summary>
/// <param name="Kind">What it is; null for pipes, sockets and devices.</param>
/// <param name="Mode">Rights and special bits.</param>
/// <param name="Owner">Number of the user.</param>
/// <param name="Group">Number of the group.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="AllocatedBytes">Bytes on the disk.</param>
/// <param name="Links">Number of names.</param>
/// <param name="Device">The file system it lies on.</param>
/// <param name="Stamp">Number and time of the last change.</param>
/// <param name="ModifiedAt">When the content was written last.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(
    TreeEntryKind? Kind, int Mode, uint Owner, uint Group, long Size, long AllocatedBytes, uint Links, ulong Device, FileStamp Stamp, FileTime ModifiedAt)
{
    /// <summary>Size of the structure that <c>statx</c> fills; it is the same on every processor, unlike that of <c>stat</c>.</summary>
    public const int StructureBytes = 256;

    private const int BlockBytes = 512;

    /// <summary>Reads the structure.</summary>
    public static FileStatus Read(ReadOnlySpan<byte> structure)
    {
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(structure[28..]);
        return new FileStatus(
            (mode & 0xF000) switch { 0x8000 => TreeEntryKind.File, 0x4000 => TreeEntryKind.Directory, 0xA000 => TreeEntryKind.Link, _ => null },
            mode & TreeEntry.ModeBits,
            BinaryPrimitives.ReadUInt32LittleEndian(structure[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(structure[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(structure[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(structure[48..]) * BlockBytes,
            BinaryPrimitives.ReadUInt32LittleEndian(structure[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(structure[136..]),
            new FileStamp(BinaryPrimitives.ReadUInt64LittleEndian(structure[32..]), Time(structure[96..])),
            Time(structure[112..]));
    }

    /// <summary>The part of an entry that it tells; of an entry that can be captured.</summary>
    public TreeEntry Describe(TreePath path) => new()
    {
        Path = path,
        Kind = Kind!.Value,
        Mode = Mode,
        Owner = Owner,
        Group = Group,
        ModifiedAt = ModifiedAt,
    };

    /// <summary>Whether nothing was written to a file between two looks at it.</summary>
    public bool IsUntouchedSince(FileStatus earlier) =>
        Kind == earlier.Kind && Size == earlier.Size && Stamp == earlier.Stamp && ModifiedAt == earlier.ModifiedAt;

    private static FileTime Time(ReadOnlySpan<byte> structure) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(structure), BinaryPrimitives.ReadInt32LittleEndian(structure[8..]));
}
