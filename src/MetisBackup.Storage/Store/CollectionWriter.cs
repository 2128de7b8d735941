using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>What was written for one collection: goes into its <see cref="CollectionRecord"/>.</summary>
/// <param name="Segments">The segments, in order.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Summary">Count and hash of their revisions, to be compared with the server's tree root.</param>
/// <param name="RawBytes">Size of the documents as received.</param>
/// <param name="StoredBytes">Size of the segments' files.</param>
public sealed record CollectionData(
    IReadOnlyList<SegmentRecord> Segments, long Documents, RevisionSummary Summary, long RawBytes, long StoredBytes);

/// <summary>Takes the documents of one collection. One caller at a time.</summary>
public sealed class CollectionWriter : IAsyncDisposable
{
    /// <summary>Documents taken so far; may be read from another thread.</summary>
    public long Documents => throw new NotSupportedException();

    /// <summary>Bytes taken so far; may be read from another thread.</summary>
    public long RawBytes => throw new NotSupportedException();

    /// <summary>
    /// Takes one or more complete lines, each a JSON object with <c>_key</c> and <c>_rev</c>; a missing line end behind the last is added,
    /// empty lines are passed over. The memory may be reused as soon as the call has ended. Waits while the compressors are busy.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a line is not a document. NoSpace, Denied: as the disk says.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> jsonLines, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Waits until everything is on the disk and says what was written.</summary>
    public Task<CollectionData> CompleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Closes the files.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
