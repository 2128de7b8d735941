using System.Collections.Concurrent;
using ZstdSharp;

namespace MetisBackup.Storage.Store;

/// <summary>Unpacks frames on any thread with contexts that are used again.</summary>
internal sealed class FrameDecompressor : IDisposable
{
    private readonly ConcurrentBag<Decompressor> _idle = [];

    /// <summary>Bounds the large frames that are unpacked at a time.</summary>
    public LargeFrameBudget Budget { get; } = new();

    /// <summary>Unpacks one frame into memory that is used again. Its place in the budget goes over to the block, or is given back.</summary>
    /// <exception cref="FormatException">The frame is damaged: its checksum or its length is wrong.</exception>
    public DocumentBlock Unpack(ReadOnlySpan<byte> stored, SegmentFrame frame, IDisposable? place)
    {
        if (!_idle.TryTake(out var decompressor))
        {
            decompressor = new Decompressor();
        }

        var buffer = FrameMemory.Rent(frame.RawLength);
        var isWhole = false;
        try
        {
            isWhole = decompressor.Unwrap(stored, buffer.AsSpan(0, frame.RawLength)) == frame.RawLength;
            return isWhole ? new DocumentBlock(buffer, frame.RawLength, frame.Documents, place) : throw new FormatException("a frame is shorter than stated");
        }
        catch (ZstdException error)
        {
            throw new FormatException(error.Message, error);
        }
        finally
        {
            _idle.Add(decompressor);
            if (!isWhole)
            {
                FrameMemory.Return(buffer);
                place?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var decompressor))
        {
            decompressor.Dispose();
        }
    }
}
