using System.Buffers;

namespace MetisBackup.Storage.Store;

/// <summary>Some documents of a collection in pooled memory, which is given back on disposal.</summary>
public sealed class DocumentBlock : IDisposable
{
    private byte[]? _buffer;
    private readonly int _length;

    internal DocumentBlock(byte[] buffer, int length, int documents)
    {
        _buffer = buffer;
        _length = length;
        Documents = documents;
    }

    /// <summary>Complete JSON lines, each ended by a line feed. Valid until disposal.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.AsMemory(0, _length);

    /// <summary>Number of lines.</summary>
    public int Documents { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
