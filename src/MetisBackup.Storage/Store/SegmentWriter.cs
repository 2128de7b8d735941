using System.Security.Cryptography;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Where the segments of one collection go, and how they are called.</summary>
/// <param name="SnapshotPath">The folder of the snapshot that is being written.</param>
/// <param name="SnapshotId">Identity of the snapshot; makes the names of its segments unlike those of any other.</param>
/// <param name="Collection">Name of the collection on the server.</param>
/// <param name="Hashes">Receives the hash of each finished file.</param>
internal sealed record SegmentTarget(string SnapshotPath, string SnapshotId, string Collection, HashList Hashes)
{
    public const string Extension = ".jsonl.zst";

    /// <summary>Path of a file of the segment with this number (from 1), relative to the snapshot.</summary>
    public string RelativePath(int number, string extension) =>
        $"segments/{CollectionFolder.NameOf(Collection)}/{SnapshotId}-{number:D4}{extension}";
}

/// <summary>Writes one segment: frames in the order given, then the list of its revisions.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly SegmentTarget _target;
    private readonly string _documents;
    private readonly string _revisions;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<SegmentFrame> _frames = [];
    private long _storedBytes;
    private long _rawBytes;

    public SegmentWriter(SegmentTarget target, int number)
    {
        _target = target;
        _documents = target.RelativePath(number, SegmentTarget.Extension);
        _revisions = target.RelativePath(number, RevisionList.Extension);
        StoreFile.CreateDirectory(Path.GetDirectoryName(FullPath(_documents))!);
        _file = StoreFile.Create(FullPath(_documents));
    }

    /// <summary>The file that is being written.</summary>
    public string FilePath => _file.Name;

    public async Task AppendAsync(CompressedFrame frame, int documents, CancellationToken cancellationToken)
    {
        await _file.WriteAsync(frame.Content, cancellationToken);
        _hash.AppendData(frame.Content.Span);
        _frames.Add(new SegmentFrame(frame.Content.Length, frame.RawLength, documents));
        _storedBytes += frame.Content.Length;
        _rawBytes += frame.RawLength;
    }

    /// <summary>Flushes the segment to the disk, writes its list of revisions, and returns its record.</summary>
    public SegmentRecord Complete(SegmentEntries entries)
    {
        StoreFile.Seal(_file);
        _target.Hashes.Set(_documents, _hash.GetHashAndReset());
        _target.Hashes.Set(_revisions, RevisionList.Write(FullPath(_revisions), _frames, entries));
        return new SegmentRecord
        {
            Documents = _documents,
            Revisions = _revisions,
            Count = entries.Count,
            RevisionHash = TreeRoot.Of(entries.Summary).Hash,
            RawBytes = _rawBytes,
            StoredBytes = _storedBytes,
        };
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private string FullPath(string relativePath) => Path.Combine(_target.SnapshotPath, relativePath);
}
