using System.Buffers;
using MetisBackup.Arango.Client;

namespace MetisBackup.Arango.Dump;

/// <summary>Some whole documents of a collection, one per line, each line with its end. The holder disposes it.</summary>
public sealed class DumpBlock : IDisposable
{
    private const int LargestPooled = 8 * CollectionDumpReader.BlockSize;
    private const int LargestReserve = 256 * 1024 * 1024;
    private byte[] _buffer;

    private DumpBlock(byte[] buffer) => _buffer = buffer;

    /// <summary>The lines.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.AsMemory(0, Length);

    /// <summary>Number of bytes.</summary>
    public int Length { get; private set; }

    internal bool IsFull => Length == _buffer.Length;

    /// <summary>Length of the part that ends with a line end; 0 when there is none.</summary>
    internal int LastLineEnd => _buffer.AsSpan(0, Length).LastIndexOf((byte)'\n') + 1;

    /// <summary>Everything that was read, to be rewritten in place.</summary>
    internal Span<byte> Writable => _buffer.AsSpan(0, Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        Length = 0;
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static DumpBlock Rent(int size) =>
        new(size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size));

    /// <summary>Reads a whole body, whose size the request has bounded.</summary>
    internal static async Task<DumpBlock> ReadAllAsync(ArangoResponse response, CancellationToken cancellationToken)
    {
        var block = Rent((int)Math.Clamp((response.Length ?? CollectionDumpReader.BlockSize) + 1, 1, LargestReserve));
        try
        {
            while (true)
            {
                await block.FillAsync(response.Body, cancellationToken);
                if (!block.IsFull)
                {
                    return block;
                }

                block = block.MoveToLarger(rest: null);
            }
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the beginning only.</summary>
    internal void Cut(int length) => Length = length;

    /// <summary>Reads until the block is full or the body ends; returns the number of bytes read.</summary>
    internal async Task<int> FillAsync(Stream body, CancellationToken cancellationToken)
    {
        var before = Length;
        while (!IsFull)
        {
            var read = await body.ReadAsync(_buffer.AsMemory(Length), cancellationToken);
            if (read == 0)
            {
                break;
            }

            Length += read;
        }

        return Length - before;
    }

    /// <summary>Moves a document that outgrew its block into a larger one, sized by what is still to come where that is known.</summary>
    internal DumpBlock MoveToLarger(long? rest)
    {
        var wanted = rest is > 0 and <= LargestReserve ? Length + rest.Value + 1 : Math.Min(4L * Length, Array.MaxLength);
        if (wanted <= Length)
        {
            throw new InvalidDataException("A document is longer than this program can hold.");
        }

        var larger = Rent((int)wanted);
        _buffer.AsSpan(0, Length).CopyTo(larger._buffer);
        larger.Length = Length;
        Dispose();
        return larger;
    }

    /// <summary>Keeps the whole lines and returns what follows them in a block of its own.</summary>
    internal DumpBlock SplitAfterLastLine(int size)
    {
        var end = LastLineEnd;
        var tail = _buffer.AsSpan(end, Length - end);
        var next = Rent(Math.Max(size, tail.Length + 1));
        tail.CopyTo(next._buffer);
        next.Length = tail.Length;
        Length = end;
        return next;
    }
}
