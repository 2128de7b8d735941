using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>
/// Decides which revisions of a snapshot a server may be asked to keep (arangodb-protocol 11.1): not those that its trees cannot hold,
/// and not those of the future where its clock cannot be moved.
/// </summary>
/// <param name="isKept">The server keeps revisions at all.</param>
/// <param name="clock">The server's clock in milliseconds since 1970, when it cannot be moved; null when it can.</param>
internal sealed class RevisionRule(bool isKept, long? clock)
{
    // A tree can grow to the left down to here only (arangodb-protocol 11.1).
    private static readonly RevisionId Earliest = new(534_718_785_509_130_240);
    private const int CounterBits = 20;

    /// <summary>
    /// Whether the collection can be written with its revisions, and the highest of them, which the server has to be told of first.
    /// </summary>
    public async Task<(bool CanKeep, RevisionId Highest)> JudgeAsync(SnapshotReader reader, CollectionRecord collection, CancellationToken cancellationToken)
    {
        if (!isKept || collection.Documents == 0)
        {
            return (isKept, default);
        }

        var (lowest, highest) = await Task.Run(() => Bounds(reader, collection, cancellationToken), cancellationToken);
        return CanKeep(lowest, highest) ? (true, highest) : (false, default);
    }

    /// <summary>Whether documents can be written with their revisions.</summary>
    /// <param name="lowest">The lowest of them.</param>
    /// <param name="highest">The highest of them.</param>
    public bool CanKeep(RevisionId lowest, RevisionId highest) =>
        isKept && lowest >= Earliest && highest != RevisionId.Invalid && !(clock is { } now && (long)(highest.Value >> CounterBits) > now);

    private static (RevisionId Lowest, RevisionId Highest) Bounds(SnapshotReader reader, CollectionRecord collection, CancellationToken cancellationToken)
    {
        var (lowest, highest) = (RevisionId.Invalid, default(RevisionId));
        foreach (var block in reader.ReadRevisionBlocks(collection))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (block.Count > 0)
            {
                lowest = lowest == RevisionId.Invalid ? new RevisionId(block.Revisions[0]) : lowest;
                highest = new RevisionId(block.Revisions[^1]);
            }
        }

        return (lowest, highest);
    }
}
