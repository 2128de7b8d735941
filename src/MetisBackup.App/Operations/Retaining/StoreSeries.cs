using MetisBackup.Core.Retention;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Retaining;

/// <summary>The snapshots of one database of one server in a store, as far as retention counts them together. Safety snapshots are counted apart.</summary>
/// <param name="Database">The database; null for snapshots that do not tell it.</param>
/// <param name="Servers">All servers that have a database of that name here.</param>
/// <param name="Server">What the server is known by among them.</param>
/// <param name="IsSafety">States before restores.</param>
/// <param name="Entries">By the identity of their points.</param>
/// <param name="Points">The same for the planner.</param>
internal sealed record StoreSeries(string? Database, KnownServers Servers, string Server, bool IsSafety, IReadOnlyDictionary<string, SnapshotEntry> Entries, IReadOnlyList<RecoveryPoint> Points)
{
    /// <summary>What it is called in messages.</summary>
    public string Name => $"{(IsSafety ? "the states before restores of " : "")}{Database ?? "an unknown database"}{(ServerName is { } server ? " on " + server : "")}";

    /// <summary>What to call its server; null when there is no other to tell it from.</summary>
    public string? ServerName => Servers.AreSeveral ? Servers.NameOf(Server) : null;

    /// <summary>All series of a store, sorted by database and server, safety snapshots behind the others.</summary>
    /// <param name="store">The store.</param>
    /// <param name="database">Only series of this database; null for all.</param>
    /// <param name="rules">The rules, which say what servers there are.</param>
    /// <exception cref="Core.Errors.MetisException">12: the store cannot be read; there is no partial listing.</exception>
    public static IReadOnlyList<StoreSeries> ReadAll(SnapshotStore store, string? database, RetentionChoice rules)
    {
        var entries = store.List(database: null);
        var unfinished = RestoreJournal.FindUnfinished(store);
        var doubt = RestoreJournal.FindDamaged(store).Count > 0;
        return
        [
            .. entries.Select((entry, newer) => (Entry: entry, Order: entries.Count - newer))
                .Where(one => database is null || one.Entry.Database == database)
                .GroupBy(static one => one.Entry.Database, StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => Split(group.Key, KnownServers.Of(group.Select(static one => one.Entry.Server), rules.AddressesOf(group.Key)), [.. group], entry => Users(entry, unfinished, doubt))),
        ];
    }

    private static IEnumerable<StoreSeries> Split(string? database, KnownServers servers, IReadOnlyList<(SnapshotEntry Entry, int Order)> newestFirst, Func<SnapshotEntry, IReadOnlyList<string>> users) =>
        newestFirst.GroupBy(one => (Server: servers.KeyOf(one.Entry.Server), IsSafety: one.Entry.Metadata?.Safety == true))
            .OrderBy(group => servers.NameOf(group.Key.Server), StringComparer.Ordinal).ThenBy(static group => group.Key.IsSafety)
            .Select(group => new StoreSeries(
                database,
                servers,
                group.Key.Server,
                group.Key.IsSafety,
                group.ToDictionary(static one => IdentityOf(one.Entry), static one => one.Entry, StringComparer.Ordinal),
                [.. group.Select(one => Point(one.Entry, one.Order, users(one.Entry)))]));

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
