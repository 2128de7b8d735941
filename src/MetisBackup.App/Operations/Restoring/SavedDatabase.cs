using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>
/// The database as the safety snapshot says, which was taken just now: comparing it with another snapshot is local work, and the keys of
/// all documents are at hand.
/// </summary>
/// <param name="saved">The safety snapshot.</param>
/// <param name="reader">The snapshot to compare with.</param>
internal sealed class SavedDatabase(SnapshotContents saved, SnapshotReader reader) : ILiveDatabase
{
    /// <inheritdoc/>
    public LiveContents Contents { get; } = LiveContents.Of(saved);

    /// <inheritdoc/>
    public bool HasKeys => true;

    /// <inheritdoc/>
    public Task CompareAsync(CollectionRecord wanted, string name, IDifferenceVisitor visitor, CancellationToken cancellationToken) =>
        Task.Run(() => Compare(wanted, saved.Collections[name].Record, visitor, cancellationToken), cancellationToken);

    private void Compare(CollectionRecord stored, CollectionRecord live, IDifferenceVisitor visitor, CancellationToken cancellationToken)
    {
        foreach (var stretch in RevisionMerge.Compare(saved.Reader.ReadRevisionBlocks(live), reader.ReadRevisionBlocks(stored)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var position in stretch.OnlyLeft.Span)
            {
                visitor.Live(stretch.Left.Revisions[position], stretch.Left.KeyOf(position));
            }

            foreach (var position in stretch.OnlyRight.Span)
            {
                visitor.Stored(stretch.Right, position);
            }

            if (visitor.HasEnough)
            {
                return;
            }
        }
    }
}
