using MetisBackup.Core.Revisions;

namespace MetisBackup.Storage.Store;

/// <summary>The revisions of one segment that one snapshot leaves out: each as the distance to the previous one, LEB128.</summary>
internal static class ExclusionList
{
    public const string Extension = ".excl";

    /// <summary>Writes the list and returns the SHA-256 of the file.</summary>
    public static byte[] Write(string path, IReadOnlyList<RevisionId> ascending)
    {
        using var file = new BlockFileWriter(path, BlockFileKind.Exclusions, RevisionSummary.Of(ascending));
        var previous = 0UL;
        foreach (var revision in ascending)
        {
            file.Advance(VarInt.Write(file.GetSpan(VarInt.MaxLength), revision.Value - previous));
            previous = revision.Value;
        }

        return file.Complete();
    }

    /// <summary>Reads the whole list: 8 bytes per revision, and no segment has more than <see cref="SegmentEntries.MaxDocuments"/>.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static HashSet<ulong> ReadAll(string path)
    {
        using var list = new ExclusionListReader(path);
        var revisions = new HashSet<ulong>();
        while (list.Read())
        {
            revisions.Add(list.Revision.Value);
        }

        return revisions;
    }
}

/// <summary>Reads a list of excluded revisions from begin to end.</summary>
internal sealed class ExclusionListReader(string path) : IDisposable
{
    private readonly BlockFileReader _file = new(path, BlockFileKind.Exclusions);
    private ReadOnlyMemory<byte> _block;
    private int _position;
    private RevisionSummary _sum;

    /// <summary>The current revision.</summary>
    public RevisionId Revision { get; private set; }

    /// <summary>Moves to the next revision; false behind the last, when all hashes and sums have been checked.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public bool Read()
    {
        if (_position >= _block.Length)
        {
            (_block, _position) = (_file.ReadBlock(), 0);
            if (_block.Length == 0)
            {
                return _sum == _file.Summary ? false : throw new FormatException("its records do not add up to its header");
            }
        }

        Revision = new RevisionId(Revision.Value + VarInt.Read(_block.Span, ref _position));
        _sum = _sum.With(Revision);
        return true;
    }

    public void Dispose() => _file.Dispose();
}
