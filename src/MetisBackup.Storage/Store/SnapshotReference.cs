using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Finds the snapshot that a user means among those of a listing.</summary>
internal static class SnapshotReference
{
    private const string Latest = "latest";
    private const int MaxCandidates = 10;

    public static SnapshotEntry Resolve(IReadOnlyList<SnapshotEntry> newestFirst, string reference)
    {
        if (reference == Latest)
        {
            return Newest(newestFirst, database: null);
        }

        if (reference.StartsWith(Latest + ":", StringComparison.Ordinal))
        {
            return Newest(newestFirst, reference[(Latest.Length + 1)..]);
        }

        var matches = newestFirst.Where(entry => entry.Name == reference).ToList();
        if (matches.Count == 0 && reference.Length > 0)
        {
            matches = [.. newestFirst.Where(entry => entry.Name.StartsWith(reference, StringComparison.Ordinal))];
        }

        return matches.Count switch
        {
            1 => matches[0],
            0 => throw new MetisException(
                ErrorCode.NotFound, $"There is no snapshot {QuotedName.Of(reference)}.", "'metis-backup list' shows the names"),
            _ => throw new MetisException(
                ErrorCode.Usage, $"{QuotedName.Of(reference)} is the beginning of {matches.Count} snapshots: {Candidates(matches)}.", "give more of the name"),
        };
    }

    private static SnapshotEntry Newest(IReadOnlyList<SnapshotEntry> newestFirst, string? database)
    {
        // A restore takes a safety snapshot by itself: whoever says "latest" means the one that was taken on purpose.
        var newest = newestFirst.FirstOrDefault(
            entry => entry.State != SnapshotState.Leftover && entry.Metadata?.Safety != true && (database is null || entry.Database is null || entry.Database == database));
        if (newest is null || (newest.State == SnapshotState.Legacy && database is not null && newest.Database is null))
        {
            throw new MetisException(
                ErrorCode.NotFound,
                database is null ? "There is no snapshot yet." : $"There is no snapshot of database {QuotedName.Of(database)}.",
                "'metis-backup list' shows what there is");
        }

        return newest.State == SnapshotState.Damaged
            ? throw new MetisException(
                ErrorCode.VerificationFailed,
                $"The latest snapshot, {QuotedName.Of(newest.Name)}, is damaged: {newest.Problem}.",
                "name an older snapshot if you want that one instead, or delete the damaged one")
            : newest;
    }

    private static string Candidates(List<SnapshotEntry> matches) =>
        string.Join(", ", matches.Take(MaxCandidates).Select(entry => entry.Name)) + (matches.Count > MaxCandidates ? ", …" : string.Empty);
}
