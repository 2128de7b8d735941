using System.Buffers;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>
/// Bytes in blocks of moderate size, for bodies of many megabytes: growing never copies, and no block is larger than what is written
/// into it at once. Dispose it to give the blocks back; without that they are left to the garbage collector.
/// </summary>
internal sealed class BlockList : IBufferWriter<byte>, IDisposable
{
    private const int FirstBlock = 1 << 14;
    private const int LargestBlock = 1 << 18;

    private readonly List<Block> _blocks = [];
    private byte[] _current = [];
    private int _used;
    private long _before;

    public long Length => _before + _used;

    /// <summary>Everything written so far; valid until the next write.</summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            Close();
            return _blocks.Count == 0
                ? ReadOnlySequence<byte>.Empty
                : new ReadOnlySequence<byte>(_blocks[0], 0, _blocks[^1], _blocks[^1].Memory.Length);
        }
    }

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsSpan(_used);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_current.AsSpan(_used));
        _used += bytes.Length;
    }

    public void Dispose()
    {
        Close();
        foreach (var block in _blocks)
        {
            MemoryBlocks.Return(block.Bytes);
        }

        _blocks.Clear();
        _before = 0;
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_current.Length - _used >= size)
        {
            return;
        }

        Close();
        _current = MemoryBlocks.Rent(Math.Max(size, (int)Math.Clamp(_before, FirstBlock, LargestBlock)));
    }

    /// <summary>Puts what was written into the chain.</summary>
    private void Close()
    {
        if (_current.Length == 0)
        {
            return;
        }

        if (_used == 0)
        {
            MemoryBlocks.Return(_current);
        }
        else
        {
            var block = new Block(_current, _used, _before);
            if (_blocks.Count > 0)
            {
                _blocks[^1].Follow(block);
            }

            _blocks.Add(block);
            _before += _used;
        }

        _current = [];
        _used = 0;
    }

    private sealed class Block : ReadOnlySequenceSegment<byte>
    {
        public Block(byte[] bytes, int length, long before)
        {
            Bytes = bytes;
            Memory = bytes.AsMemory(0, length);
            RunningIndex = before;
        }

        public byte[] Bytes { get; }

        public void Follow(Block next) => Next = next;
    }
}
