using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Looks at the live data set and those below it before they change.</summary>
/// <param name="reader">Asks ZFS.</param>
/// <param name="settings">The live data set, and the directory of journals.</param>
internal sealed class TreeInspection(ZfsReader reader, DrSettings settings)
{
    /// <summary>What ZFS fixes when a data set is made; a clone has it from its origin.</summary>
    private static readonly HashSet<string> Fixed = new(
        ["encryption", "keyformat", "keylocation", "pbkdf2iters", "utf8only", "normalization", "casesensitivity", "version", "volsize", "origin"], StringComparer.Ordinal);

    private readonly ZfsReader _reader = reader;
    private readonly DatasetName _dataset = settings.Dataset;
    private readonly string _statePath = settings.StatePath;

    /// <summary>The data sets that take part, with what was set on each.</summary>
    public async Task<IReadOnlyList<RollbackMember>> MembersAsync(string snapshot, CancellationToken cancellationToken)
    {
        var members = new List<RollbackMember>();
        foreach (var member in await _reader.ListTreeAsync(_dataset, cancellationToken))
        {
            var has = await _reader.ExistsAsync(member.Snapshot(snapshot), cancellationToken);
            var properties = (await _reader.GetAsync(member.Value, "all", cancellationToken)).Of(member.Value);
            var own = properties.Where(static one => one.Value.Source is PropertySource.Local or PropertySource.Received && !Fixed.Contains(one.Key) && !one.Key.StartsWith("metis-backup:", StringComparison.Ordinal));
            members.Add(new RollbackMember(_dataset.Relative(member)!, has, own.ToDictionary(static one => one.Key, static one => one.Value.Value, StringComparer.Ordinal)));
        }

        return members;
    }

    /// <summary>The facts that both ways of going back share.</summary>
    public async Task<RollbackFacts> FactsAsync(RollbackJournalEntry entry, string target, ServerService service, CancellationToken cancellationToken)
    {
        await service.RequireKnownAsync(cancellationToken);
        var mounts = MountTable.Read();
        var point = mounts.PointOf(_dataset.Value);
        var mountpoints = await _reader.GetOfTreeAsync(_dataset, "mountpoint", cancellationToken);
        return new RollbackFacts
        {
            Kind = entry.Kind,
            Dataset = entry.Dataset,
            IsPool = _dataset.IsPool,
            Target = target,
            Staged = entry.Staged,
            Replaced = entry.Replaced,
            Expires = entry.Expires,
            Newer = [],
            WithoutSnapshot = [],
            PoolWorries = [.. (await _reader.PoolAsync(_dataset.Pool, cancellationToken)).Worries()],
            StateOnDataset = mounts.SourceOf(MountTable.WithoutLinks(_statePath)) is { } source && mountpoints.Names.Contains(source, StringComparer.Ordinal) ? _statePath : null,
            LegacyMounts = [.. mountpoints.Names.Where(name => mountpoints.Value(name, "mountpoint") == "legacy")],
            FileUsers = point is null ? [] : [.. OpenFiles.Below(point).Select(static one => one.ToString())],
            Service = service.Exists ? service.Name : null,
            Endpoint = service.Exists ? service.Endpoint : null,
            Force = false,
            DiscardNewer = false,
        };
    }
}
