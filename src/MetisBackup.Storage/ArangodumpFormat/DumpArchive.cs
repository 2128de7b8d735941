using System.Formats.Tar;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// A dump in a <c>tar.gz</c> archive, read as a stream: nothing of it is ever written under the name that it states. An archive with
/// members that could only be meant to leave a folder, or that no dump has, is refused as a whole.
/// </summary>
/// <param name="path">Full path of the archive.</param>
/// <param name="root">Name of the folder that was packed; it is taken away from the paths where they begin with it.</param>
public sealed class DumpArchive(string path, string root) : IDumpFiles
{
    private const int MostMembers = 2_000_000;
    private const int ChunkBytes = 64 * 1024;

    /// <inheritdoc/>
    public string Place => path;

    /// <inheritdoc/>
    public async Task VisitAsync(Func<DumpEntry, ValueTask> visit, CancellationToken cancellationToken)
    {
        await using var file = StoreFile.Read(path);
        var limit = new UnpackedLimit(file.Length);
        await using var unpacked = new UnpackingStream(file, limit);
        await using var tar = new TarReader(unpacked, leaveOpen: true);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (await NextAsync(tar, cancellationToken) is { } member)
        {
            if (member.EntryType is TarEntryType.GlobalExtendedAttributes || Inside(member.Name) is not { } inside)
            {
                continue;
            }

            var kind = KindOf(member);
            if (seen.Count == MostMembers || (!seen.Add(inside) && kind != DumpEntryKind.Folder))
            {
                throw new FormatException(seen.Count == MostMembers ? $"it has more than {MostMembers} members" : $"it holds {Quoted(inside)} twice");
            }

            await visit(new DumpEntry(inside, kind, kind == DumpEntryKind.File ? member.Length : 0)
            {
                Open = () => member.DataStream is { } data ? new MemberStream(data) : Stream.Null,
                Limit = new UnpackedLimit(file.Length),
            });
        }

        await DrainAsync(unpacked, cancellationToken);
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, CancellationToken cancellationToken)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException)
        {
            throw new FormatException("it is not a sound tar archive", error);
        }
    }

    /// <summary>What follows the end mark is nothing, but has to be there as a whole.</summary>
    private static async Task DrainAsync(UnpackingStream unpacked, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkBytes];
        int read;
        while ((read = await unpacked.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (chunk.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw new FormatException("it goes on behind its end");
            }
        }
    }

    private static DumpEntryKind KindOf(TarEntry member) => member.EntryType switch
    {
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => DumpEntryKind.File,
        TarEntryType.Directory => DumpEntryKind.Folder,
        TarEntryType.SymbolicLink or TarEntryType.HardLink => DumpEntryKind.Link,
        _ => throw new FormatException($"it holds {Quoted(member.Name)}, which is neither a file nor a folder"),
    };

    /// <summary>The path below the root; null for the root itself.</summary>
    private string? Inside(string name)
    {
        var parts = name.TrimEnd('/').Split('/').ToList();
        if (name.StartsWith('/') || name.Contains('\0', StringComparison.Ordinal) || parts.Contains("..") || name.Length == 0)
        {
            throw new FormatException($"it holds {Quoted(name)}, a path that leaves its folder");
        }

        parts.RemoveAll(static part => part is "" or ".");
        if (parts.Count > 0 && parts[0] == root)
        {
            parts.RemoveAt(0);
        }

        return parts.Count == 0 ? null : string.Join('/', parts);
    }

    private static string Quoted(string name) => Core.Naming.QuotedName.Of(name);

    /// <summary>The content of a member, whose end may come too early.</summary>
    private sealed class MemberStream(Stream data) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return data.Read(buffer);
            }
            catch (EndOfStreamException error)
            {
                throw new FormatException("the archive ends within it", error);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await data.ReadAsync(buffer, cancellationToken);
            }
            catch (EndOfStreamException error)
            {
                throw new FormatException("the archive ends within it", error);
            }
        }
    }
}
