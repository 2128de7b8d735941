using MetisBackup.Core.Revisions;

namespace MetisBackup.Storage.Store;

/// <summary>
/// The <c>.revs</c> file beside a segment: first a block with the frames of the segment (number, then stored length, raw length and
/// documents of each), then the documents sorted by revision (distance to the previous revision, signed distance to the previous frame,
/// length of the key, key). All numbers are LEB128.
/// </summary>
internal static class RevisionList
{
    public const string Extension = ".revs";

    private const int MaxRecordLength = (3 * VarInt.MaxLength) + DocumentScanner.MaxKeyLength;

    /// <summary>Writes the list, sorts <paramref name="entries"/> on the way, and returns the SHA-256 of the file.</summary>
    public static byte[] Write(string path, IReadOnlyCollection<SegmentFrame> frames, SegmentEntries entries)
    {
        entries.Sort();
        using var file = new BlockFileWriter(path, BlockFileKind.Revisions, entries.Summary);
        WriteFrames(file, frames);
        var (revision, frame) = (0UL, 0);
        foreach (var entry in entries.All)
        {
            var record = file.GetSpan(MaxRecordLength);
            var length = VarInt.Write(record, entry.Revision - revision);
            length += VarInt.Write(record[length..], VarInt.ZigZag(entry.Frame - (long)frame));
            length += VarInt.Write(record[length..], entry.KeyLength);
            entries.KeyOf(entry).CopyTo(record[length..]);
            file.Advance(length + entry.KeyLength);
            (revision, frame) = (entry.Revision, entry.Frame);
        }

        return file.Complete();
    }

    private static void WriteFrames(BlockFileWriter file, IReadOnlyCollection<SegmentFrame> frames)
    {
        var record = file.GetSpan(VarInt.MaxLength * ((frames.Count * 3) + 1));
        var length = VarInt.Write(record, (ulong)frames.Count);
        foreach (var frame in frames)
        {
            length += VarInt.Write(record[length..], (ulong)frame.StoredLength);
            length += VarInt.Write(record[length..], (ulong)frame.RawLength);
            length += VarInt.Write(record[length..], (ulong)frame.Documents);
        }

        file.Advance(length);
        file.FlushBlock();
    }
}

/// <summary>Reads the list of revisions of a segment from begin to end.</summary>
internal sealed class RevisionListReader : IDisposable
{
    private readonly BlockFileReader _file;
    private ReadOnlyMemory<byte> _block;
    private int _position;
    private RevisionSummary _sum;
    private int _keyStart;
    private int _keyLength;

    /// <summary>Opens a list and reads its frames.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public RevisionListReader(string path)
    {
        _file = new BlockFileReader(path, BlockFileKind.Revisions);
        try
        {
            Frames = ReadFrames();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The frames of the segment.</summary>
    public IReadOnlyList<SegmentFrame> Frames { get; }

    /// <summary>Count and hash that the list states.</summary>
    public RevisionSummary Summary => _file.Summary;

    /// <summary>Revision of the current document.</summary>
    public RevisionId Revision { get; private set; }

    /// <summary>Frame of the current document.</summary>
    public int Frame { get; private set; }

    /// <summary>Key of the current document, in UTF-8; valid until the next step.</summary>
    public ReadOnlySpan<byte> Key => _block.Span.Slice(_keyStart, _keyLength);

    /// <summary>The block that the last documents came from; valid until the next step.</summary>
    public ReadOnlyMemory<byte> Block => _block;

    /// <summary>Reads all documents of the next block; returns their number, 0 behind the last block, when all hashes and sums have been checked.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public int ReadBlock(ref ListedDocument[] documents)
    {
        if (!ReadBlock())
        {
            return 0;
        }

        var count = 0;
        while (_position < _block.Length)
        {
            Read();
            if (count == documents.Length)
            {
                Array.Resize(ref documents, Math.Max(1024, count * 2));
            }

            documents[count++] = new ListedDocument(Revision.Value, Frame, _keyStart, (ushort)_keyLength);
        }

        return count;
    }

    /// <summary>Moves to the next document; false behind the last, when all hashes and sums have been checked.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public bool Read()
    {
        if (_position >= _block.Length && !ReadBlock())
        {
            return false;
        }

        var block = _block.Span;
        Revision = new RevisionId(Revision.Value + VarInt.Read(block, ref _position));
        Frame = (int)(Frame + VarInt.ZigZag(VarInt.Read(block, ref _position)));
        var length = VarInt.Read(block, ref _position);
        if (length > (ulong)(block.Length - _position) || Frame < 0 || Frame >= Frames.Count)
        {
            throw new FormatException("a record is impossible");
        }

        (_keyStart, _keyLength) = (_position, (int)length);
        _position += _keyLength;
        _sum = _sum.With(Revision);
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool ReadBlock()
    {
        (_block, _position) = (_file.ReadBlock(), 0);
        if (_block.Length > 0)
        {
            return true;
        }

        return _sum == Summary ? false : throw new FormatException("its records do not add up to its header");
    }

    private SegmentFrame[] ReadFrames()
    {
        var block = _file.ReadBlock().Span;
        var position = 0;
        var count = VarInt.Read(block, ref position);
        if (count > BlockFile.MaxBlockLength)
        {
            throw new FormatException("it states an impossible number of frames");
        }

        var frames = new SegmentFrame[count];
        for (var index = 0; index < frames.Length; index++)
        {
            frames[index] = new SegmentFrame(ReadLength(block, ref position), ReadLength(block, ref position), ReadLength(block, ref position));
        }

        return frames;
    }

    private static int ReadLength(ReadOnlySpan<byte> block, ref int position)
    {
        var length = VarInt.Read(block, ref position);
        return length <= int.MaxValue ? (int)length : throw new FormatException("a frame has an impossible length");
    }
}
