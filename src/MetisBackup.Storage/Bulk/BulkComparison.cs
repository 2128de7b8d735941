using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>Compares the files of two snapshots by their lists; no content is read.</summary>
public static class BulkComparison
{
    /// <summary>What changed.</summary>
    /// <param name="before">The earlier snapshot; it holds files.</param>
    /// <param name="after">The later one; it holds files too.</param>
    /// <param name="mostNamed">Most entries that are named.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="MetisException">VerificationFailed: a list is damaged or missing. Denied: it cannot be read.</exception>
    public static TreeDifference Compare(SnapshotReader before, SnapshotReader after, int mostNamed, CancellationToken cancellationToken) =>
        TreeDifference.Of(Entries(before), Entries(after), mostNamed, cancellationToken);

    private static IEnumerable<TreeEntry> Entries(SnapshotReader snapshot)
    {
        var path = Path.Combine(snapshot.Entry.Path, TreeListFile.Name);
        using var entries = TreeListFile.Read(path).GetEnumerator();
        while (Advance(entries, path))
        {
            yield return entries.Current;
        }
    }

    private static bool Advance(IEnumerator<TreeEntry> entries, string path)
    {
        try
        {
            return entries.MoveNext();
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}.", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }
}
