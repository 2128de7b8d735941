namespace MetisBackup.Storage.Store;

/// <summary>Some documents of a collection in pooled memory, which is given back on disposal.</summary>
public sealed class DocumentBlock : IDisposable
{
    private byte[]? _buffer;
    private int _length;
    private readonly IDisposable? _place;

    /// <summary>Takes over memory of <see cref="FrameMemory"/> and, of a large document, its place in the budget.</summary>
    internal DocumentBlock(byte[] buffer, int length, int documents, IDisposable? place = null)
    {
        (_buffer, _length, _place) = (buffer, length, place);
        Documents = documents;
    }

    /// <summary>Complete JSON lines, each ended by a line feed. Valid until disposal.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.AsMemory(0, _length);

    /// <summary>Number of lines.</summary>
    public int Documents { get; private set; }

    /// <summary>Leaves only the first bytes, which hold so many documents.</summary>
    internal void Cut(int length, int documents) => (_length, Documents) = (length, documents);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            FrameMemory.Return(buffer);
            _place?.Dispose();
        }
    }
}
