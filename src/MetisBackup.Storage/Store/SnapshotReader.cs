using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Some documents of a collection in pooled memory, which is given back on disposal.</summary>
public sealed class DocumentBlock : IDisposable
{
    /// <summary>Complete JSON lines, each ended by a line feed. Valid until disposal.</summary>
    public ReadOnlyMemory<byte> Lines => throw new NotSupportedException();

    /// <summary>Number of lines.</summary>
    public int Documents => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}

/// <summary>One document version of a snapshot and where it is.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Key">Its key.</param>
/// <param name="Segment">Position of the segment in the collection's record.</param>
/// <param name="Frame">Position of the frame in the segment.</param>
public sealed record RevisionEntry(RevisionId Revision, string Key, int Segment, int Frame);

/// <summary>A fault that verification found.</summary>
/// <param name="File">The file, relative to the snapshot; null when the fault lies in no single one.</param>
/// <param name="Collection">The collection it belongs to, if any.</param>
/// <param name="Message">One sentence that says what is wrong and with which thing.</param>
public sealed record VerificationFinding(string? File, string? Collection, string Message);

/// <summary>What verification did and found.</summary>
/// <param name="Files">Number of files whose every byte was read.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Documents">Number of documents counted.</param>
/// <param name="Findings">The faults; empty when all is well.</param>
public sealed record VerificationReport(int Files, long Bytes, long Documents, IReadOnlyList<VerificationFinding> Findings);

/// <summary>Reads one snapshot; while it is open the snapshot cannot be deleted.</summary>
public sealed class SnapshotReader : IDisposable
{
    /// <summary>The snapshot that is read.</summary>
    public SnapshotEntry Entry => throw new NotSupportedException();

    /// <summary>Its manifest, checked.</summary>
    public Manifest Manifest => throw new NotSupportedException();

    /// <summary>A definition, byte for byte as the server gave it; <paramref name="path"/> as in the manifest.</summary>
    public Task<byte[]> ReadStructureAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// The documents of a collection, unpacked and checked against the checksum of each frame, in blocks of about 1 MiB; a single larger
    /// document is a block of its own. Reads ahead on all cores. Dispose each block.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a segment is damaged; the message names the file.</exception>
    public IAsyncEnumerable<DocumentBlock> ReadDocumentsAsync(CollectionRecord collection, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>The revisions of a collection in ascending order, excluded ones left out; memory does not grow with the collection.</summary>
    /// <exception cref="MetisException">VerificationFailed: a list of revisions is damaged.</exception>
    public IAsyncEnumerable<RevisionEntry> ReadRevisionsAsync(CollectionRecord collection, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Reads every byte of every file against its hash, every document against its list of revisions, and every collection against its
    /// tree root. Goes on after a fault and reports all. <paramref name="progress"/> receives bytes read since the last report.
    /// </summary>
    public Task<VerificationReport> VerifyAsync(IProgress<long>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
