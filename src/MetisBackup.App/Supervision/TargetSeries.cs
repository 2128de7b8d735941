using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;

namespace MetisBackup.App.Supervision;

/// <summary>
/// Which series belong to a target. A database of the same name on another server, or in another store, is another series: what is remembered and told of one says
/// nothing about the other.
/// </summary>
internal static class TargetSeries
{
    /// <summary>The series of a database, for the target that was chosen if it is that one's.</summary>
    public static string Of(Settings settings, string database) =>
        settings.Target is { } target && target.Subject == database ? SeriesOf(target, settings.Targets) : RunSeries.Operational(database);

    /// <summary>Whether a series is the target's, or one of all databases that has it too.</summary>
    /// <param name="target">The target.</param>
    /// <param name="series">The series.</param>
    /// <param name="all">All targets.</param>
    public static bool Covers(this TargetSection target, string series, IReadOnlyList<TargetSection> all) =>
        (target.Tier == TargetTier.Operational && series == RunSeries.EveryDatabase) || series == SeriesOf(target, all);

    /// <summary>Of several that name one database, the first has the series that is called by the database alone.</summary>
    private static string SeriesOf(TargetSection target, IReadOnlyList<TargetSection> all) => target.Tier == TargetTier.Dr
        ? RunSeries.Dr(target.Subject)
        : all.First(one => one.Tier == TargetTier.Operational && one.Subject == target.Subject).Name == target.Name ? RunSeries.Operational(target.Subject) : RunSeries.Operational(target.Subject, target.Name);
}
