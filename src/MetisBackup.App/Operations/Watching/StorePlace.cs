using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.Watching;

/// <summary>The snapshots of a database in a store.</summary>
/// <param name="store">Root directory of the store.</param>
/// <param name="database">The database.</param>
/// <param name="clock">The time.</param>
internal sealed class StorePlace(string store, string database, TimeProvider clock) : IWatchedPlace
{
    private const string Promises = "/etc/fstab";
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Tier => "operational";

    /// <inheritdoc/>
    public string Subject { get; } = database;

    /// <inheritdoc/>
    public string Series { get; init; } = RunSeries.Operational(database);

    /// <inheritdoc/>
    public string Place { get; } = store;

    /// <summary>Address of the server whose database it is, see <see cref="SnapshotServer.Address"/>; null when the store is of one server.</summary>
    public string? Server { get; init; }

    /// <summary>Addresses of other servers whose databases of that name are kept here too.</summary>
    public IReadOnlyList<string> OtherServers { get; init; } = [];

    /// <summary>The file that tells what should be mounted.</summary>
    public string PromisesPath { get; init; } = Promises;

    /// <inheritdoc/>
    public Task<IReadOnlyList<WatchedPoint>> ReadPointsAsync(CancellationToken cancellationToken)
    {
        var entries = Open().List(Subject);
        var own = OfServer(entries).ToHashSet();
        IReadOnlyList<WatchedPoint> points = [.. entries.Where(static one => one.State != SnapshotState.Leftover).Select(one => Of(one) with { IsForeign = !own.Contains(one) })];
        return Task.FromResult(points);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Concern>> ReadTroublesAsync(CancellationToken cancellationToken)
    {
        var open = Open();
        IReadOnlyList<Concern> troubles =
        [
            .. RestoreJournal.FindUnfinished(open).Where(one => one.Database == Subject && !OtherServers.Any(address => address == ServerAddress.Of(one.Endpoint))).Select(one => new Concern(
                ConcernKind.Unfinished, Health.Critical, $"A restore of database {one.Database} from {one.Snapshot} did not end: the database is between two states.")),
            .. RestoreJournal.FindDamaged(open).Select(static path => new Concern(ConcernKind.Unfinished, Health.Critical, $"The journal of a restore, {path}, cannot be read: a database may be between two states.")),
        ];
        return Task.FromResult(troubles);
    }

    /// <inheritdoc/>
    public Task<SpaceStatus> ReadSpaceAsync(CancellationToken cancellationToken)
    {
        var open = Open();
        var disk = new DriveInfo(open.Path);
        return disk.TotalSize > 0
            ? Task.FromResult(new SpaceStatus(Place, disk.AvailableFreeSpace, 100.0 * disk.AvailableFreeSpace / disk.TotalSize))
            : throw new MetisException(ErrorCode.ServerFailed, $"The file system of '{open.Path}' does not tell how much room it has.");
    }

    /// <summary>Opens the store where it should be.</summary>
    /// <exception cref="MetisException">10: it is not there, or its file system is not mounted. 2: it is a file.</exception>
    public SnapshotStore Open()
    {
        var path = MountTable.WithoutLinks(Place);
        if (File.Exists(PromisesPath) && MountTable.Read().MissingPoint(path, File.ReadAllText(PromisesPath)) is { } missing)
        {
            throw new MetisException(ErrorCode.NotFound, $"The store '{Place}' lies below {missing}, which {PromisesPath} names and which is not mounted.", $"mount {missing}");
        }

        return SnapshotStore.Open(Place, _clock, createIfMissing: false);
    }

    /// <summary>How many snapshots of the database are of none of the servers, and what to call the one they are of.</summary>
    public IReadOnlyList<(string Name, int Count)> CountStrangers()
    {
        var entries = Open().List(Subject);
        return Strangers(entries, ServersOf(entries));
    }

    /// <summary>A state before a restore says nothing of who is captured: a server that was just set up anew has no other, and is still known by what it was restored from.</summary>
    private KnownServers ServersOf(IReadOnlyList<SnapshotEntry> entries) =>
        KnownServers.Of(entries.Where(static one => one.Metadata?.Safety != true).Select(static one => one.Server), OtherServers.Append(Server).OfType<string>());

    private List<(string Name, int Count)> Strangers(IReadOnlyList<SnapshotEntry> entries, KnownServers servers)
    {
        string?[] meant = [.. OtherServers.Select(servers.At), Server is null ? null : servers.Meant(Server, isAlone: OtherServers.Count == 0)];
        return
        [
            .. entries.Where(one => Server is not null && one.Metadata is { Safety: false }).CountBy(one => servers.KeyOf(one.Server), StringComparer.Ordinal)
                .Where(one => !meant.Contains(one.Key, StringComparer.Ordinal)).Select(one => (servers.NameOf(one.Key), one.Value)),
        ];
    }

    /// <summary>Those of the server, and those that can no longer tell.</summary>
    private IEnumerable<SnapshotEntry> OfServer(IReadOnlyList<SnapshotEntry> entries)
    {
        var servers = ServersOf(entries);
        if (Server is null || !(servers.AreSeveral || OtherServers.Count > 0))
        {
            return entries;
        }

        var meant = servers.Meant(Server, isAlone: OtherServers.Count == 0);
        var strangers = meant is null ? Strangers(entries, servers) : [];
        return strangers.Count == 0
            ? entries.Where(one => one.Metadata is null || servers.KeyOf(one.Server) == meant)
            : throw new MetisException(
                ErrorCode.NotFound,
                $"No snapshot of {Subject} in '{Place}' is known to be of the server at {Server}, and it cannot be told whether it was one of these before: {string.Join(", ", strangers.Select(static one => one.Name))}.",
                "take a snapshot, or correct the endpoint of the server");
    }

    private static WatchedPoint Of(SnapshotEntry entry)
    {
        var kind = (entry.State, entry.Metadata) switch
        {
            (SnapshotState.Complete, { Safety: true }) => PointKind.Safety,
            (SnapshotState.Complete, _) => PointKind.Own,
            (SnapshotState.Legacy, _) => PointKind.Legacy,
            _ => PointKind.Damaged,
        };
        return new WatchedPoint(entry.Name, entry.CreatedAt, kind)
        {
            Bytes = kind == PointKind.Own ? entry.Metadata!.DocumentBytes : null,
            IsPermanent = entry.Permanent,
            IsUnproven = entry.Metadata?.UnprovenCollections is { Count: > 0 },
        };
    }
}
