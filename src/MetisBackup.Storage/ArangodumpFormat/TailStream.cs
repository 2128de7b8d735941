using System.Buffers.Binary;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>Passes bytes through and remembers the last four.</summary>
internal sealed class TailStream(Stream inner) : ForwardStream
{
    private readonly byte[] _tail = new byte[sizeof(uint)];

    /// <summary>The last four bytes as a little-endian number.</summary>
    public uint Tail => BinaryPrimitives.ReadUInt32LittleEndian(_tail);

    /// <summary>Number of bytes that passed.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer) => Keep(buffer, inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Keep(buffer.Span, read);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Keep(ReadOnlySpan<byte> buffer, int read)
    {
        var fresh = buffer[..read];
        Count += read;
        if (read < _tail.Length)
        {
            _tail.AsSpan(read).CopyTo(_tail);
        }

        var kept = fresh[^Math.Min(read, _tail.Length)..];
        kept.CopyTo(_tail.AsSpan(_tail.Length - kept.Length));
        return read;
    }
}
