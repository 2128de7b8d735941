using MetisBackup.Core.Bulk;
using MetisBackup.Storage.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>The files beside the databases of two states.</summary>
/// <param name="Difference">What changed; null when they were not compared.</param>
/// <param name="NotCompared">Why not, one sentence; null when they were.</param>
internal sealed record ComparedFiles(TreeDifference? Difference, string? NotCompared)
{
    private const int MostOfAll = 100_000;

    /// <summary>Compares the files of two snapshots; those of a live directory would have to be read for that.</summary>
    /// <param name="before">The earlier snapshot.</param>
    /// <param name="after">The later one; null for the live database.</param>
    /// <param name="limit">Most entries that are named; 0 for as many as can be.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>Null when neither state is known to have files.</returns>
    /// <exception cref="Core.Errors.MetisException">13: a list of files is damaged.</exception>
    public static ComparedFiles? Of(SnapshotReader before, SnapshotReader? after, int limit, CancellationToken cancellationToken) => (before.Manifest.Bulk, after?.Manifest.Bulk) switch
    {
        (null, null) => null,
        (not null, not null) => new ComparedFiles(BulkComparison.Compare(before, after!, limit == 0 ? MostOfAll : limit, cancellationToken), NotCompared: null),
        (not null, null) when after is null => new ComparedFiles(null, $"The files beside the database were not compared: 'metis-backup restore {before.Entry.Name} --only-bulk --dry-run' shows what differs."),
        (null, _) => new ComparedFiles(null, $"The files were not compared: {before.Entry.Name} holds none."),
        _ => new ComparedFiles(null, $"The files were not compared: {after!.Entry.Name} holds none."),
    };
}
