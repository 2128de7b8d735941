using System.Buffers;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>A growing block of bytes; dispose it to give the block back.</summary>
internal sealed class PooledBuffer(int capacity = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] _block = MemoryBlocks.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _block.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _block.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsSpan(Length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_block.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1);
        _block[Length++] = value;
    }

    /// <summary>Forgets what was written behind this length.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        var block = _block;
        _block = [];
        Length = 0;
        if (block.Length > 0)
        {
            MemoryBlocks.Return(block);
        }
    }

    private void Reserve(int size)
    {
        var needed = Length + Math.Max(size, 1);
        if (needed <= _block.Length)
        {
            return;
        }

        var larger = MemoryBlocks.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _block.Length)));
        _block.AsSpan(0, Length).CopyTo(larger);
        MemoryBlocks.Return(_block);
        _block = larger;
    }
}
