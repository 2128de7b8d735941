using MetisBackup.Core.Retention;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Retaining;

/// <summary>The snapshots of one database in a store, as far as retention counts them together. Safety snapshots are counted apart.</summary>
/// <param name="Database">The database; null for snapshots that do not tell it.</param>
/// <param name="IsSafety">States before restores.</param>
/// <param name="Entries">By the identity of their points.</param>
/// <param name="Points">The same for the planner.</param>
internal sealed record StoreSeries(string? Database, bool IsSafety, IReadOnlyDictionary<string, SnapshotEntry> Entries, IReadOnlyList<RecoveryPoint> Points)
{
    /// <summary>What it is called in messages.</summary>
    public string Name => $"{(IsSafety ? "the states before restores of " : "")}{Database ?? "an unknown database"}";

    /// <summary>All series of a store, sorted by database, safety snapshots behind the others.</summary>
    /// <param name="store">The store.</param>
    /// <param name="database">Only series of this database; null for all.</param>
    /// <exception cref="Core.Errors.MetisException">12: the store cannot be read; there is no partial listing.</exception>
    public static IReadOnlyList<StoreSeries> ReadAll(SnapshotStore store, string? database)
    {
        var entries = store.List(database: null);
        var unfinished = RestoreJournal.FindUnfinished(store);
        var doubt = RestoreJournal.FindDamaged(store).Count > 0;
        return
        [
            .. entries.Select((entry, newer) => (Entry: entry, Order: entries.Count - newer))
                .Where(one => database is null || one.Entry.Database == database)
                .GroupBy(static one => (one.Entry.Database, IsSafety: one.Entry.Metadata?.Safety == true))
                .OrderBy(static group => group.Key.Database, StringComparer.Ordinal).ThenBy(static group => group.Key.IsSafety)
                .Select(group => new StoreSeries(
                    group.Key.Database,
                    group.Key.IsSafety,
                    group.ToDictionary(static one => IdentityOf(one.Entry), static one => one.Entry, StringComparer.Ordinal),
                    [.. group.Select(one => Point(one.Entry, one.Order, Users(one.Entry, unfinished, doubt)))])),
        ];
    }

    /// <summary>What a snapshot is deleted by: a copy of a folder has the same id and another name, a new one of the same name another id.</summary>
    public static string IdentityOf(SnapshotEntry entry) => $"{entry.Metadata?.Id ?? "?"} {entry.Name}";

    private static RecoveryPoint Point(SnapshotEntry entry, int order, IReadOnlyList<string> users)
    {
        var pinned = entry is { Permanent: true, Pin: { } pin } && (pin.Reason ?? (object?)pin.Until) is not null;
        return new RecoveryPoint
        {
            Id = IdentityOf(entry),
            Name = entry.Name,
            Order = order,
            Time = entry.CreatedAt,
            Owned = true,
            Complete = entry.IsWhole || entry.State == SnapshotState.Newer,
            Permanent = entry.Permanent && !pinned,
            Pin = pinned ? new PointPin(entry.Pin!.Reason ?? "", entry.Pin.Until) : null,
            Holders = entry.State == SnapshotState.Newer ? ["a newer version of metis-backup, which wrote it"] : [],
            Users = users,
        };
    }

    private static List<string> Users(SnapshotEntry entry, IReadOnlyList<RestoreJournalEntry> unfinished, bool doubt)
    {
        var users = unfinished.Where(one => one.Needs(entry.Name)).Select(static one => $"an unfinished restore of {one.Database}").ToList();
        if (doubt && entry.Metadata?.Safety == true)
        {
            users.Add("perhaps a restore whose journal is damaged");
        }

        return users;
    }
}
