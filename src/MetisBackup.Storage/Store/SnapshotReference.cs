using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Finds the snapshot that a user means among those of a listing.</summary>
internal static class SnapshotReference
{
    private const string Latest = "latest";
    private const int MaxCandidates = 10;

    public static SnapshotEntry Resolve(IReadOnlyList<SnapshotEntry> newestFirst, string reference, LatestOf? of)
    {
        if (IsLatest(reference))
        {
            return Newest(newestFirst, reference == Latest ? null : reference[(Latest.Length + 1)..], of);
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

    /// <summary>Whether it is called by its place in the order, not by its name.</summary>
    public static bool IsLatest(string reference) => reference == Latest || reference.StartsWith(Latest + ":", StringComparison.Ordinal);

    private static SnapshotEntry Newest(IReadOnlyList<SnapshotEntry> newestFirst, string? database, LatestOf? of)
    {
        // A restore takes a safety snapshot by itself: whoever says "latest" means the one that was taken on purpose.
        var taken = newestFirst.Where(
            entry => entry.State != SnapshotState.Leftover && entry.Metadata?.Safety != true && (database is null || entry.Database is null || entry.Database == database)).ToList();
        var newest = OfOneServer(taken, of).FirstOrDefault();
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

    /// <summary>Those of the server that is meant, and those that can no longer tell.</summary>
    private static IEnumerable<SnapshotEntry> OfOneServer(List<SnapshotEntry> newestFirst, LatestOf? of)
    {
        var servers = KnownServers.Of(newestFirst.Select(static entry => entry.Server), of?.Apart ?? []);
        if (servers.Names.Count < 2)
        {
            return newestFirst;
        }

        var meant = (of is null ? null : servers.Meant(of.Server, isAlone: true)) ?? throw new MetisException(
            ErrorCode.Usage,
            $"The store holds snapshots of {servers.Names.Count} servers, each with a latest one: {Candidates([.. newestFirst.DistinctBy(entry => servers.KeyOf(entry.Server), StringComparer.Ordinal)])}.",
            "name one of them, or give the address of the server with --endpoint");
        return newestFirst.Where(entry => entry.Metadata is null || servers.KeyOf(entry.Server) == meant);
    }

    private static string Candidates(List<SnapshotEntry> matches) =>
        string.Join(", ", matches.Take(MaxCandidates).Select(entry => entry.Name)) + (matches.Count > MaxCandidates ? ", …" : string.Empty);
}
