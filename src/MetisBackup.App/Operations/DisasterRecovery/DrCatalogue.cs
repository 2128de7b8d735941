using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>The snapshots of a data set that belong to the DR tier: ours, and those of the earlier script. Others are never touched.</summary>
/// <param name="reader">Asks ZFS.</param>
internal sealed class DrCatalogue(ZfsReader reader)
{
    private const string Latest = "latest";
    private const string RetentionProperties = $"creation,userrefs,{OwnProperties.Id},{OwnProperties.Taken},{OwnProperties.Drill}";
    private const string AllProperties = $"{RetentionProperties},used,referenced,{OwnProperties.Content}";
    private readonly ZfsReader _reader = reader;

    /// <summary>The snapshots in ZFS's order, the oldest first, by names alone. A name that only we give counts as ours.</summary>
    public async Task<IReadOnlyList<DrSnapshot>> ListAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        Of(await _reader.ListSnapshotsAsync(dataset, cancellationToken));

    /// <summary>The same with what costs more, and without those that merely have such a name.</summary>
    public async Task<IReadOnlyList<DrSnapshot>> ListWithDetailsAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        await WithDetailsAsync(dataset, await ListAsync(dataset, cancellationToken), cancellationToken);

    /// <summary>The same with what retention must know and nothing else: sizes and content are missing.</summary>
    public async Task<IReadOnlyList<DrSnapshot>> ListForRetentionAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        await WithPropertiesAsync(dataset, await ListAsync(dataset, cancellationToken), RetentionProperties, cancellationToken);

    /// <summary>Adds what costs more.</summary>
    public Task<IReadOnlyList<DrSnapshot>> WithDetailsAsync(DatasetName dataset, IReadOnlyList<DrSnapshot> snapshots, CancellationToken cancellationToken) =>
        WithPropertiesAsync(dataset, snapshots, AllProperties, cancellationToken);

    private async Task<IReadOnlyList<DrSnapshot>> WithPropertiesAsync(DatasetName dataset, IReadOnlyList<DrSnapshot> snapshots, string asked, CancellationToken cancellationToken)
    {
        if (snapshots.Count == 0)
        {
            return snapshots;
        }

        var properties = await _reader.GetOfSnapshotsAsync(dataset, asked, cancellationToken);
        var clones = await _reader.ListClonesAsync(dataset.Pool, cancellationToken);
        var held = snapshots.Select(static one => one.FullName).Where(name => properties.Number(name, "userrefs") > 0).ToList();
        var holds = await _reader.ListHoldsAsync(held, cancellationToken);
        return [.. snapshots
            .Where(one => properties.Own(one.FullName, OwnProperties.Id) is not null || IsOfEarlierScript(one))
            .Select(one => WithDetails(one, properties, holds, clones))];
    }

    /// <summary>Finds the one that a user named: full name, the part behind the <c>@</c>, a unique prefix of it, or <c>latest</c>.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="name">What the user typed.</param>
    /// <param name="snapshots">All of them.</param>
    /// <exception cref="MetisException">10: there is none. 2: there are several.</exception>
    public static DrSnapshot Find(DatasetName dataset, string name, IReadOnlyList<DrSnapshot> snapshots)
    {
        var prefix = dataset.Value + "@";
        var wanted = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        var hint = snapshots.Count == 0 ? "take one with 'metis-backup dr create'" : "'metis-backup dr list' shows the names";
        if (wanted == Latest)
        {
            return snapshots.LastOrDefault(static one => one.Label != DrSnapshotName.BeforeRollback) ?? throw new MetisException(ErrorCode.NotFound, $"Data set {dataset} has no snapshot.", hint);
        }

        var found = snapshots.Where(one => one.Zfs.Name == wanted).ToList();
        found = found.Count > 0 || wanted.Length == 0 ? found : [.. snapshots.Where(one => one.Zfs.Name.StartsWith(wanted, StringComparison.Ordinal))];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new MetisException(ErrorCode.NotFound, $"Data set {dataset} has no snapshot {QuotedName.Of(wanted)} of the DR tier.", hint),
            _ => throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(wanted)} is the beginning of {found.Count} names.", $"it could be {string.Join(", ", found.Take(5).Select(static one => one.Zfs.Name))}"),
        };
    }

    /// <summary>Those of a listing that have a name of the DR tier.</summary>
    public static IReadOnlyList<DrSnapshot> Of(IReadOnlyList<ZfsSnapshot> snapshots)
    {
        var found = new List<DrSnapshot>(snapshots.Count);
        foreach (var snapshot in snapshots)
        {
            if (DrSnapshotName.TryParse(snapshot.Name, out var name))
            {
                found.Add(new DrSnapshot { Zfs = snapshot, Label = name.Label, TakenAt = new DateTimeOffset(name.StatedTime, TimeSpan.Zero) });
            }
        }

        return found;
    }

    private static bool IsOfEarlierScript(DrSnapshot snapshot) => DrSnapshotName.TryParse(snapshot.Zfs.Name, out var name) && name.CanBeOfEarlierScript;

    private static DrSnapshot WithDetails(DrSnapshot snapshot, ZfsProperties properties, ILookup<string, string> holds, ILookup<string, string> clones)
    {
        var name = snapshot.FullName;
        var created = properties.Number(name, "creation") ?? 0;
        var stated = properties.Own(name, OwnProperties.Taken);
        return snapshot with
        {
            TakenAt = DateTimeOffset.TryParse(stated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var taken)
                ? taken
                : DateTimeOffset.FromUnixTimeSeconds((long)created),
            Details = new DrSnapshotDetails
            {
                Id = properties.Own(name, OwnProperties.Id),
                Used = properties.Number(name, "used") ?? 0,
                Referenced = properties.Number(name, "referenced") ?? 0,
                HoldCount = properties.Number(name, "userrefs") ?? 0,
                Holds = [.. holds[name]],
                Clones = [.. clones[name]],
                Content = RecordedContent.FromProperty(properties.Own(name, OwnProperties.Content)),
                Drill = DrillVerdict.FromProperty(properties.Own(name, OwnProperties.Drill)),
            },
        };
    }
}
