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
    IReadOnlyList<SegmentRecord> Segments, long Documents, RevisionSummary Summary, long RawBytes, long StoredBytes)
{
    /// <summary>No revision of the collection is above it.</summary>
    public RevisionId HighestRevision { get; init; }
}
