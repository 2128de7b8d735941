using System.Buffers.Binary;
using MetisBackup.Storage.Store;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Sorting;

/// <summary>
/// Records in the order of their keys; of equal keys the earlier state comes first. A record is the length of its key (16 bits), the side,
/// the value (64), segment and frame (32 each), little-endian, and the key.
/// </summary>
internal abstract class SortedRun
{
    public static readonly IComparer<SortedRun> Order = Comparer<SortedRun>.Create(static (left, right) => Compare(left.Current, right.Current));

    public ReadOnlySpan<byte> Key => KeyOf(Current);

    public bool IsAfter => Current[2] != 0;

    public KeyedValue Value => new(
        BinaryPrimitives.ReadUInt64LittleEndian(Current[3..]),
        new DocumentPlace(BinaryPrimitives.ReadInt32LittleEndian(Current[11..]), BinaryPrimitives.ReadInt32LittleEndian(Current[15..])));

    /// <summary>The record that the run stands at, and what follows it.</summary>
    protected abstract ReadOnlySpan<byte> Current { get; }

    public abstract bool MoveNext();

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var keys = KeyOf(left).SequenceCompareTo(KeyOf(right));
        return keys != 0 ? keys : left[2].CompareTo(right[2]);
    }

    protected static int LengthOf(ReadOnlySpan<byte> record) => KeyedRecords.HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(record);

    private static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> record) => record[KeyedRecords.HeaderLength..LengthOf(record)];
}

/// <summary>Records that never left memory.</summary>
internal sealed class SortedMemory(byte[] arena, IReadOnlyList<int> offsets) : SortedRun
{
    private int _position = -1;

    protected override ReadOnlySpan<byte> Current => arena.AsSpan(offsets[_position]);

    public override bool MoveNext() => ++_position < offsets.Count;
}

/// <summary>Records between two places of a file, read through a small buffer.</summary>
internal sealed class SortedFile(SafeFileHandle file, long start, long end) : SortedRun
{
    // room for the longest record
    private const int BufferLength = 128 * 1024;

    private readonly byte[] _buffer = new byte[BufferLength];
    private long _next = start;
    private int _position;
    private int _filled;
    private int _length;

    protected override ReadOnlySpan<byte> Current => _buffer.AsSpan(_position, _filled - _position);

    public override bool MoveNext()
    {
        _position += _length;
        Fill(KeyedRecords.HeaderLength);
        if (_position == _filled)
        {
            return false;
        }

        _length = LengthOf(Current);
        Fill(_length);
        return true;
    }

    private void Fill(int wanted)
    {
        if (_filled - _position >= wanted || _next == end)
        {
            return;
        }

        Current.CopyTo(_buffer);
        (_position, _filled) = (0, _filled - _position);
        while (_filled < wanted && _next < end)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_filled, (int)Math.Min(BufferLength - _filled, end - _next)), _next);
            if (read == 0)
            {
                throw new IOException("A temporary file is shorter than what was written to it.");
            }

            _filled += read;
            _next += read;
        }
    }
}
