using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MetisBackup.Storage.Store;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>What went through a copy.</summary>
/// <param name="Hash">SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Bytes read.</param>
/// <param name="DataBytes">The part of them that was written: less for a file with holes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CopiedContent(string Hash, long Size, long DataBytes);

/// <summary>
/// Copies and hashes files with one buffer. Holes are found by what a file holds and not by asking the file system for them: a wrong
/// answer, as some versions of ZFS gave for files just written, would lose data.
/// </summary>
internal sealed class ContentCopier : IDisposable
{
    private const int BytesAtOnce = 1024 * 1024;
    private const int BlockBytes = 4096;

    private readonly byte[] _buffer = new byte[BytesAtOnce];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads a file to its end; with a target, writes it there.</summary>
    /// <param name="source">An open file.</param>
    /// <param name="target">An empty file, or null for the hash alone.</param>
    /// <param name="sparse">Leave out blocks of zeros, so that the target has holes there.</param>
    /// <param name="faultOfWriting">Turns what the disk says of the target into what the caller throws.</param>
    /// <param name="progress">Told of bytes read.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public CopiedContent Copy(
        SafeFileHandle source, SafeFileHandle? target, bool sparse, Func<Exception, Exception> faultOfWriting, Action<long>? progress, CancellationToken cancellationToken)
    {
        var (position, data) = (0L, 0L);
        _ = _hash.GetHashAndReset();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = Fill(source, position);
            if (length == 0)
            {
                break;
            }

            var content = _buffer.AsSpan(0, length);
            _hash.AppendData(content);
            data += Write(target, content, position, sparse, faultOfWriting);
            position += length;
            progress?.Invoke(length);
        }

        Finish(target, position, faultOfWriting);
        return new CopiedContent(Convert.ToHexStringLower(_hash.GetHashAndReset()), position, data);
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Full buffers keep the blocks of the target where those of the source are.</summary>
    private int Fill(SafeFileHandle source, long position)
    {
        var length = 0;
        while (length < _buffer.Length)
        {
            var read = RandomAccess.Read(source, _buffer.AsSpan(length), position + length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }

    private static long Write(SafeFileHandle? target, ReadOnlySpan<byte> content, long position, bool sparse, Func<Exception, Exception> faultOfWriting)
    {
        if (!sparse)
        {
            Put(target, content, position, faultOfWriting);
            return content.Length;
        }

        var data = 0L;
        for (var at = 0; at < content.Length;)
        {
            var from = at;
            while (at < content.Length && !IsHole(content, at))
            {
                at += BlockBytes;
            }

            at = Math.Min(at, content.Length);
            if (at > from)
            {
                Put(target, content[from..at], position + from, faultOfWriting);
                data += at - from;
            }

            while (at < content.Length && IsHole(content, at))
            {
                at = Math.Min(at + BlockBytes, content.Length);
            }
        }

        return data;
    }

    private static bool IsHole(ReadOnlySpan<byte> content, int at) =>
        !content[at..Math.Min(at + BlockBytes, content.Length)].ContainsAnyExcept((byte)0);

    private static void Put(SafeFileHandle? target, ReadOnlySpan<byte> content, long position, Func<Exception, Exception> faultOfWriting)
    {
        if (target is null)
        {
            return;
        }

        try
        {
            RandomAccess.Write(target, content, position);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw faultOfWriting(error);
        }
    }

    /// <summary>A hole at the end is there only once the length says so.</summary>
    private static void Finish(SafeFileHandle? target, long length, Func<Exception, Exception> faultOfWriting)
    {
        if (target is null)
        {
            return;
        }

        try
        {
            RandomAccess.SetLength(target, length);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw faultOfWriting(error);
        }
    }
}
