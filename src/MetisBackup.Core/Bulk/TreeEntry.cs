using System.Runtime.InteropServices;

namespace MetisBackup.Core.Bulk;

/// <summary>What an entry of a tree is; nothing else is captured.</summary>
public enum TreeEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, taken as such and never followed.</summary>
    Link,
}

/// <summary>A time as file systems keep it.</summary>
/// <param name="Seconds">Whole seconds since 1970, UTC, rounded down.</param>
/// <param name="Nanoseconds">What is left, 0 to 999,999,999.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileTime(long Seconds, int Nanoseconds) : IComparable<FileTime>
{
    /// <summary>Earlier.</summary>
    public static bool operator <(FileTime left, FileTime right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(FileTime left, FileTime right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(FileTime left, FileTime right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(FileTime left, FileTime right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(FileTime other) => Seconds == other.Seconds ? Nanoseconds.CompareTo(other.Nanoseconds) : Seconds.CompareTo(other.Seconds);
}

/// <summary>
/// How the kernel tells whether a file was touched. Programs set the time of modification as they like, but never
/// <paramref name="ChangedAt"/>: every write, rename, and change of rights moves it.
/// </summary>
/// <param name="Inode">Number of the file on its file system.</param>
/// <param name="ChangedAt">The kernel's time of the last change (ctime).</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileStamp(ulong Inode, FileTime ChangedAt);

/// <summary>One entry of a tree as a snapshot holds it.</summary>
public sealed record TreeEntry
{
    /// <summary>The rights and the three special bits of a mode.</summary>
    public const int ModeBits = 0xFFF;

    /// <summary>Where it is; never the root.</summary>
    public required TreePath Path { get; init; }

    /// <summary>What it is.</summary>
    public required TreeEntryKind Kind { get; init; }

    /// <summary>Rights and special bits, 0 to 4095.</summary>
    public int Mode { get; init; }

    /// <summary>Number of the user.</summary>
    public uint Owner { get; init; }

    /// <summary>Number of the group.</summary>
    public uint Group { get; init; }

    /// <summary>When the content was written last.</summary>
    public FileTime ModifiedAt { get; init; }

    /// <summary>Extended attributes by name, values as Base64; also holds access lists.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = NoAttributes;

    /// <summary>Of a file: its length in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Of a file with holes: how many bytes are none; null for a file without holes.</summary>
    public long? DataBytes { get; init; }

    /// <summary>Of a file: SHA-256 of its content, 64 lower-case hexadecimal digits.</summary>
    public string? Hash { get; init; }

    /// <summary>Of a file with several names in the tree: the first of them.</summary>
    public TreePath? SameAs { get; init; }

    /// <summary>Of a file: it changed all the time while it was read, so its parts may be from different moments.</summary>
    public bool Torn { get; init; }

    /// <summary>Of a file: its stamp when it was read.</summary>
    public FileStamp Stamp { get; init; }

    /// <summary>Of a symbolic link: what it says, as bytes.</summary>
    public byte[]? Target { get; init; }

    private static IReadOnlyDictionary<string, string> NoAttributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Bytes that its content takes without the holes.</summary>
    public long StoredBytes => DataBytes ?? Size;
}
