using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Supervision;

/// <summary>The servers that the configuration names, by their addresses.</summary>
internal static class TargetServers
{
    /// <summary>The one of these settings.</summary>
    /// <exception cref="Core.Errors.MetisException">2: the endpoint is none.</exception>
    public static string Own(Settings settings) => ServerAddress.Of(settings.Server.Endpoint);

    /// <summary>The one whose <c>latest</c> is meant.</summary>
    public static LatestOf Latest(Settings settings) => new(Own(settings), Apart(settings));

    /// <summary>The others of whose database of this name snapshots are kept in this store. What the line says of a target takes the place of what is configured.</summary>
    public static IReadOnlyList<string> Others(Settings settings)
    {
        var own = Own(settings);
        return
        [
            .. InStore(settings).Where(one => one.Target.Name != settings.Target?.Name && one.Own.Operational.Database == settings.Operational.Database)
                .Select(static one => Own(one.Own)).Where(address => address != own).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Those of targets that name one database at several addresses: they are different servers, even when one is a copy of the other.</summary>
    public static IReadOnlyList<string> Apart(Settings settings) =>
    [
        .. InStore(settings).GroupBy(static one => one.Own.Operational.Database, static one => Own(one.Own), StringComparer.Ordinal)
            .Select(static addresses => addresses.Distinct(StringComparer.Ordinal)).Where(static addresses => addresses.Skip(1).Any()).SelectMany(static addresses => addresses).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The targets that keep their snapshots in the store of these settings, as they are configured.</summary>
    public static IEnumerable<(TargetSection Target, Settings Own)> InStore(Settings settings) =>
        settings.Targets.Where(static target => target.Tier == TargetTier.Operational).Select(target => (Target: target, Own: settings.Configured(target.Name)))
            .Where(one => one.Own.Operational.Store == settings.Operational.Store);
}
