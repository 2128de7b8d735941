using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Makes a restore that was killed recognisable: a file that is there from the first change of a database to the proof of the result.
/// A restore of the whole database and one of some collections have files of their own. Also keeps two restores of one database apart;
/// that right ends with the process.
/// </summary>
public sealed class RestoreJournal : IDisposable
{
    internal const string Folder = ".restores";
    private const string Extension = ".json";
    private readonly string _folder;
    private readonly StoreLock _lock;

    private RestoreJournal(SnapshotStore store, string folder, StoreLock held, RestoreJournalEntry entry)
    {
        (_folder, _lock, Entry) = (folder, held, entry);
        var (entries, damaged) = ReadAll(folder);
        Earlier = PresentOnly(store, [.. entries.Where(entry.MakesGood)]);
        Damaged = [.. damaged.Where(path => MayBelongTo(path, entry.Database))];
    }

    /// <summary>The present attempt.</summary>
    public RestoreJournalEntry Entry { get; private set; }

    /// <summary>The database is being changed.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Attempts that did not end and that this one makes good, oldest first; snapshots that are gone by now are left out.</summary>
    public IReadOnlyList<RestoreJournalEntry> Earlier { get; }

    /// <summary>Files of attempts at this database, as far as their names tell, that can no longer be read.</summary>
    public IReadOnlyList<string> Damaged { get; }

    /// <summary>Views that those attempts removed, or meant to, and that belong there at the end; of one name the latest.</summary>
    public IReadOnlyList<RestoreJournalView> Views => ViewsOf(Earlier);

    /// <summary>Takes the right to restore a database. Nothing is written yet.</summary>
    /// <exception cref="MetisException">Locked: another run restores that database. NoSpace, Denied: as the disk says.</exception>
    public static RestoreJournal Begin(SnapshotStore store, RestoreJournalEntry entry)
    {
        var folder = Path.Combine(store.Path, Folder);
        var path = LockPath(folder, entry.Database, entry.Server);
#pragma warning disable CA2000 // belongs to the journal
        var held = StoreLock.TryAcquire(path, store.Time) ?? throw Locked(path, entry.Database);
#pragma warning restore CA2000
        try
        {
            return new RestoreJournal(store, folder, held, entry);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            held.Dispose();
            throw StoreFault.Reading(error, folder);
        }
    }

    /// <summary>Attempts that began to change a database, did not end, and are not under way; oldest first.</summary>
    public static IReadOnlyList<RestoreJournalEntry> FindUnfinished(SnapshotStore store)
    {
        var folder = Path.Combine(store.Path, Folder);
        try
        {
            return [.. ReadAll(folder).Entries.Where(one => !StoreLock.IsHeld(LockPath(folder, one.Database, one.Server)))];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, folder);
        }
    }

    /// <summary>Views that unfinished attempts took away and that a restore, were it to begin now, would bring back.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entry">The restore.</param>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public static IReadOnlyList<RestoreJournalView> FindViews(SnapshotStore store, RestoreJournalEntry entry) =>
        ViewsOf(FindUnfinished(store).Where(entry.MakesGood));

    /// <summary>Files of attempts that can no longer be read: some database may be between two states.</summary>
    public static IReadOnlyList<string> FindDamaged(SnapshotStore store)
    {
        var folder = Path.Combine(store.Path, Folder);
        try
        {
            return ReadAll(folder).Damaged;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, folder);
        }
    }

    /// <summary>Fails when a database is between two states, because a restore of it runs or was killed.</summary>
    /// <param name="store">The store that the restore was made from.</param>
    /// <param name="database">The database.</param>
    /// <param name="server">Identity of the server, as <see cref="RestoreJournalEntry.Server"/>.</param>
    /// <param name="endpoint">Its address, for entries of runs that could not learn the identity.</param>
    /// <exception cref="MetisException">Locked: a restore runs. Refused: one did not end. Denied: as the disk says.</exception>
    public static void RequireNone(SnapshotStore store, string database, string server, string endpoint)
    {
        var folder = Path.Combine(store.Path, Folder);
        try
        {
            var (all, damaged) = ReadAll(folder);
            var entries = all.Where(one => one.Database == database && (one.Server == server || one.Endpoint == endpoint)).ToList();
            foreach (var path in entries.Select(static one => one.Server).Prepend(server).Distinct(StringComparer.Ordinal).Select(one => LockPath(folder, database, one)))
            {
                if (StoreLock.IsHeld(path))
                {
                    throw Locked(path, database);
                }
            }

            if (entries is [var first, ..])
            {
                throw Unfinished(folder, first);
            }

            if (damaged.FirstOrDefault(path => MayBelongTo(path, database)) is { } unreadable)
            {
                throw Unreadable(unreadable, database);
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, folder);
        }
    }

    /// <summary>Writes down, durably, that the database is about to change.</summary>
    /// <param name="saved">Snapshot of what is there now; null when there is nothing. The state before is that of the oldest attempt that did not end.</param>
    /// <param name="views">Views that are going to be removed on the way and come back at the end.</param>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public void Start(string? saved, IEnumerable<RestoreJournalView> views)
    {
        var states = Earlier.Select(static one => one.SafetySnapshot)
            .Concat(Earlier.SelectMany(static one => one.InterimSnapshots))
            .Append(saved)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Entry = Entry with
        {
            SafetySnapshot = states.FirstOrDefault(),
            InterimSnapshots = [.. states.Skip(1)],
            Views = ViewsOf([.. Earlier, Entry with { Views = [.. views] }]),
        };
        var path = EntryPath(_folder, Entry);
        try
        {
            StoreFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(Entry, RestoreJournalJson.Default.RestoreJournalEntry));
            DirectoryFlush.Flush(_folder);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }

        IsStarted = true;
    }

    /// <summary>The database, or the part of it that was restored, is what it was meant to be.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public void Complete()
    {
        foreach (var path in Earlier.Append(Entry).Select(one => EntryPath(_folder, one)))
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (StoreFault.IsDisk(error))
            {
                throw StoreFault.Writing(error, path);
            }
        }
    }

    /// <summary>A sentence about an earlier run that died while it restored this database; null when there was none.</summary>
    public string? TakenOver => _lock.TakenOver;

    /// <summary>Gives the right back.</summary>
    public void Dispose() => _lock.Dispose();

    private static IReadOnlyList<RestoreJournalEntry> PresentOnly(SnapshotStore store, IReadOnlyList<RestoreJournalEntry> entries)
    {
        if (entries.Count == 0)
        {
            return entries;
        }

        var present = store.List(database: null).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. entries.Select(one => one with
            {
                SafetySnapshot = one.SafetySnapshot is { } name && present.Contains(name) ? name : null,
                InterimSnapshots = [.. one.InterimSnapshots.Where(present.Contains)],
            }),
        ];
    }

    private static IReadOnlyList<RestoreJournalView> ViewsOf(IEnumerable<RestoreJournalEntry> entries) =>
        [.. entries.SelectMany(static one => one.Views).GroupBy(static view => view.Name, StringComparer.Ordinal).Select(static group => group.Last())];

    private static string LockPath(string folder, string database, string server) =>
        Path.Combine(folder, CollectionFolder.NameOf($"{database}@{server}") + ".lock");

    /// <summary>One file per scope.</summary>
    private static string EntryPath(string folder, RestoreJournalEntry entry)
    {
        var scope = entry.Collections.Count == 0 ? "" : "/" + string.Join('/', entry.Collections.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return Path.Combine(folder, CollectionFolder.NameOf($"{entry.Database}@{entry.Server}{scope}") + Extension);
    }

    /// <summary>By the readable beginning of its name, which two databases with similar names share: rather one too many than one missed.</summary>
    private static bool MayBelongTo(string path, string database) =>
        Path.GetFileName(path).StartsWith(CollectionFolder.ReadablePart(database + "@"), StringComparison.Ordinal);

    private static (IReadOnlyList<RestoreJournalEntry> Entries, IReadOnlyList<string> Damaged) ReadAll(string folder)
    {
        var (entries, damaged) = (new List<RestoreJournalEntry>(), new List<string>());
        foreach (var path in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : []).Order(StringComparer.Ordinal))
        {
            try
            {
                var entry = JsonSerializer.Deserialize(File.ReadAllBytes(path), RestoreJournalJson.Default.RestoreJournalEntry);
                entries.Add(entry is { IsWhole: true } ? entry : throw new JsonException("Something is null."));
            }
            catch (FileNotFoundException)
            {
                // another run has just ended
                continue;
            }
            catch (JsonException)
            {
                damaged.Add(path);
            }
        }

        return ([.. entries.OrderBy(static one => one.Started)], damaged);
    }

    private static MetisException Unreadable(string path, string database) => new(
        ErrorCode.Refused,
        $"Database {QuotedName.Of(database)} may be between two states: '{path}' tells of a restore that did not end, but it is damaged.",
        $"restore the whole database once more, or make sure that it is as you want it; then remove {path}");

    private static MetisException Locked(string path, string database) => new(
        ErrorCode.Locked,
        $"Another run restores database {QuotedName.Of(database)}: {StoreLock.OwnerOf(path)}.",
        "wait until it has ended; the lock goes away with that process");

    private static MetisException Unfinished(string folder, RestoreJournalEntry entry)
    {
        var back = entry.SafetySnapshot is { } safety ? $"restore {safety} --into {ShellWord.Of(entry.Database)} to go back" : "restore another snapshot";
        var only = string.Concat(entry.Collections.Select(static name => $" --collection {ShellWord.Of(name)}"));
        return new MetisException(
            ErrorCode.Refused,
            $"Database {QuotedName.Of(entry.Database)} is between two states: a restore of {entry.Snapshot} did not end.",
            $"run 'metis-backup restore {entry.Snapshot} --into {ShellWord.Of(entry.Database)}{only}' again to finish it, or {back}; "
                + $"if the database is as you want it, remove {EntryPath(folder, entry)}");
    }
}
