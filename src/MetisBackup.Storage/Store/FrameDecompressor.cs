using System.Buffers;
using System.Collections.Concurrent;
using ZstdSharp;

namespace MetisBackup.Storage.Store;

/// <summary>Unpacks frames on any thread with contexts that are used again.</summary>
internal sealed class FrameDecompressor : IDisposable
{
    private readonly ConcurrentBag<Decompressor> _idle = [];

    /// <summary>Unpacks one frame into pooled memory.</summary>
    /// <exception cref="FormatException">The frame is damaged: its checksum or its length is wrong.</exception>
    public DocumentBlock Unpack(ReadOnlySpan<byte> stored, SegmentFrame frame)
    {
        if (!_idle.TryTake(out var decompressor))
        {
            decompressor = new Decompressor();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(frame.RawLength);
        try
        {
            if (decompressor.Unwrap(stored, buffer.AsSpan(0, frame.RawLength)) == frame.RawLength)
            {
                return new DocumentBlock(buffer, frame.RawLength, frame.Documents);
            }
        }
        catch (ZstdException error)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw new FormatException(error.Message, error);
        }
        finally
        {
            _idle.Add(decompressor);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        throw new FormatException("a frame is shorter than stated");
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var decompressor))
        {
            decompressor.Dispose();
        }
    }
}
