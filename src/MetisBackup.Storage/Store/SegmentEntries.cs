using System.Buffers;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Storage.Store;

/// <summary>A frame of a segment.</summary>
/// <param name="StoredLength">Its size in the file, in bytes.</param>
/// <param name="RawLength">Its size unpacked, in bytes.</param>
/// <param name="Documents">Number of documents in it.</param>
internal readonly record struct SegmentFrame(int StoredLength, int RawLength, int Documents);

/// <summary>One document of a segment: where its key stands in <see cref="SegmentEntries"/>, and its frame.</summary>
internal readonly record struct SegmentEntry(ulong Revision, int KeyStart, ushort KeyLength, ushort Frame);

/// <summary>
/// The revisions and keys of the segment that is being written, in pooled memory: 16 bytes and the key per document. A segment ends
/// before they get large.
/// </summary>
internal sealed class SegmentEntries : IDisposable
{
    /// <summary>A segment holds at most this many documents.</summary>
    public const int MaxDocuments = 131_072;

    /// <summary>A segment ends when its keys reach this size, in bytes.</summary>
    public const int MaxKeyBytes = 8 * 1024 * 1024;

    private const int FirstDocuments = 1024;
    private const int FirstKeyBytes = 16 * 1024;

    private SegmentEntry[] _entries = ArrayPool<SegmentEntry>.Shared.Rent(FirstDocuments);
    private byte[] _keys = ArrayPool<byte>.Shared.Rent(FirstKeyBytes);
    private int _keyLength;

    public int Count { get; private set; }

    /// <summary>Count and hash of all revisions.</summary>
    public RevisionSummary Summary { get; private set; }

    /// <summary>Whether the segment has to end.</summary>
    public bool IsFull => Count >= MaxDocuments || _keyLength >= MaxKeyBytes;

    public ReadOnlySpan<SegmentEntry> All => _entries.AsSpan(0, Count);

    public void Add(RevisionId revision, ReadOnlySpan<byte> key, int frame)
    {
        Grow(ref _entries, Count, 1);
        Grow(ref _keys, _keyLength, key.Length);
        key.CopyTo(_keys.AsSpan(_keyLength));
        _entries[Count++] = new SegmentEntry(revision.Value, _keyLength, (ushort)key.Length, (ushort)frame);
        _keyLength += key.Length;
        Summary = Summary.With(revision);
    }

    public ReadOnlySpan<byte> KeyOf(SegmentEntry entry) => _keys.AsSpan(entry.KeyStart, entry.KeyLength);

    /// <summary>Sorts by revision; documents of the same revision keep their order. Free when they came sorted.</summary>
    public void Sort()
    {
        var entries = _entries.AsSpan(0, Count);
        for (var position = 1; position < entries.Length; position++)
        {
            if (entries[position].Revision < entries[position - 1].Revision)
            {
                entries.Sort(static (left, right) => left.Revision != right.Revision
                    ? left.Revision.CompareTo(right.Revision)
                    : left.KeyStart.CompareTo(right.KeyStart));
                return;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<SegmentEntry>.Shared.Return(_entries);
        ArrayPool<byte>.Shared.Return(_keys);
        (_entries, _keys, Count) = ([], [], 0);
    }

    private static void Grow<T>(ref T[] array, int used, int more)
    {
        if (used + more <= array.Length)
        {
            return;
        }

        var larger = ArrayPool<T>.Shared.Rent(Math.Max(array.Length * 2, used + more));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
