namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// The files of a dump and of what lies around it, in a folder or in an archive. They are shown one after the other and never written
/// anywhere, so a hostile name can do no harm.
/// </summary>
public interface IDumpFiles
{
    /// <summary>The folder or archive, for messages.</summary>
    string Place { get; }

    /// <summary>Shows every file, folder and link once, in whatever order.</summary>
    /// <param name="visit">Called for each; its content can be read until the call has ended.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    /// <exception cref="FormatException">The archive is damaged, or holds what no dump holds; the message says what, as half a sentence.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    Task VisitAsync(Func<DumpEntry, ValueTask> visit, CancellationToken cancellationToken);
}

/// <summary>What an entry is.</summary>
public enum DumpEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic or hard link. Never followed.</summary>
    Link,
}

/// <summary>A file, folder or link.</summary>
/// <param name="Path">Relative to the folder or to the root of the archive, with <c>/</c>; it never leaves that.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Size of a file in bytes, as it is stored.</param>
public sealed record DumpEntry(string Path, DumpEntryKind Kind, long Length)
{
    /// <summary>Opens the content of a file; the stream belongs to the caller.</summary>
    internal Func<Stream> Open { get; init; } = static () => Stream.Null;

    /// <summary>Counts what is unpacked from it; null where nothing bounds it but its own file.</summary>
    internal UnpackedLimit? Limit { get; init; }
}
