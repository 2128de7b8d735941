using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;

namespace MetisBackup.App.Supervision;

/// <summary>Which series belong to a target.</summary>
internal static class TargetSeries
{
    /// <summary>Whether a series is the target's, or one of all databases that has it too.</summary>
    public static bool Covers(this TargetSection target, string series) => target.Tier == TargetTier.Dr
        ? series == RunSeries.Dr(target.Subject)
        : series == RunSeries.EveryDatabase || series == RunSeries.Operational(target.Subject);
}
