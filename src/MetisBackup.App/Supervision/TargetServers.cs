using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Inspecting;

namespace MetisBackup.App.Supervision;

/// <summary>The servers that the configuration names, by their addresses.</summary>
internal static class TargetServers
{
    /// <summary>The one of these settings.</summary>
    /// <exception cref="Core.Errors.MetisException">2: the endpoint is none.</exception>
    public static string Own(Settings settings) => ServerAddress.Of(settings.Server.Endpoint);

    /// <summary>The others of whose database of this name snapshots are kept in this store.</summary>
    public static IReadOnlyList<string> Others(Settings settings)
    {
        var own = Own(settings);
        return
        [
            .. settings.Targets.Where(static target => target.Tier == TargetTier.Operational).Select(target => settings.Configured(target.Name))
                .Where(one => one.Operational.Store == settings.Operational.Store && one.Operational.Database == settings.Operational.Database)
                .Select(Own).Where(address => address != own).Distinct(StringComparer.Ordinal),
        ];
    }
}
