using System.Globalization;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.Watching;

/// <summary>The snapshots of a data set.</summary>
/// <param name="settings">Where to look.</param>
/// <param name="clock">The time.</param>
internal sealed class DatasetPlace(DrSettings settings, TimeProvider clock) : IWatchedPlace
{
    private readonly DrTools _tools = new(settings, clock);

    /// <inheritdoc/>
    public string Tier => "dr";

    /// <inheritdoc/>
    public string Subject => Dataset.Value;

    /// <inheritdoc/>
    public string Series => RunSeries.Dr(Subject);

    /// <inheritdoc/>
    public string Place => Subject;

    private DatasetName Dataset => _tools.Settings.Dataset;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WatchedPoint>> ReadPointsAsync(CancellationToken cancellationToken) =>
        [.. (await new DrCatalogue(_tools.Reader).ListWithDetailsAsync(Dataset, cancellationToken)).Reverse().Select(Of)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Concern>> ReadTroublesAsync(CancellationToken cancellationToken)
    {
        var troubles = new List<Concern>();
        if (RollbackJournal.Find(_tools.Settings.StatePath, Dataset) is { Entry: var entry })
        {
            troubles.Add(new Concern(ConcernKind.Unfinished, Health.Critical, $"A rollback of {entry.Dataset} to {entry.Snapshot} did not end."));
        }

        var pool = await _tools.Reader.PoolAsync(Dataset.Pool, cancellationToken);
        if (pool.Health != "ONLINE")
        {
            troubles.Add(new Concern(ConcernKind.Pool, pool.Health == "DEGRADED" ? Health.Warning : Health.Critical, $"Pool {pool.Name} is {pool.Health}."));
        }

        return troubles;
    }

    /// <summary>The room of the data set, which a quota may limit, and the part of the pool that is free: the smaller of both parts counts.</summary>
    public async Task<SpaceStatus> ReadSpaceAsync(CancellationToken cancellationToken)
    {
        var own = await ReadRoomAsync(Subject, cancellationToken);
        var all = Dataset.IsPool ? own : await ReadRoomAsync(Dataset.Pool, cancellationToken);
        return new SpaceStatus(Place, own.Free, Math.Min(own.Percent, all.Percent));
    }

    private async Task<(long Free, double Percent)> ReadRoomAsync(string thing, CancellationToken cancellationToken)
    {
        var properties = await _tools.Reader.GetAsync(thing, "available,used", cancellationToken);
        return (properties.Number(thing, "available"), properties.Number(thing, "used")) is ({ } free, { } used) && free + used > 0
            ? ((long)Math.Min(free, long.MaxValue), 100.0 * free / (free + used))
            : throw new MetisException(ErrorCode.ServerFailed, string.Create(CultureInfo.InvariantCulture, $"ZFS does not tell how much room {thing} has."));
    }

    private static WatchedPoint Of(DrSnapshot snapshot)
    {
        var details = snapshot.Details!;
        var kind = snapshot.Label == DrSnapshotName.BeforeRollback ? PointKind.Safety : details.Id is null ? PointKind.Legacy : PointKind.Own;
        return new WatchedPoint(snapshot.FullName, snapshot.TakenAt, kind)
        {
            Bytes = (long)details.Referenced,
            IsPermanent = details.HoldCount > 0 || snapshot.Label == DrSnapshotName.GoldenImage,
            IsUnproven = details.Drill is not { Passed: true },
            Drill = details.Drill is { } drill ? new ProofStatus(RunOperation.Drill, drill.At, drill.Passed, drill.Seconds) : null,
        };
    }
}
