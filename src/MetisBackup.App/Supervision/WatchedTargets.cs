using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Supervision;

/// <summary>What is watched, as the configuration says: the same for the command, the metrics and the service.</summary>
internal static class WatchedTargets
{
    private const string AllowedAge = "status.allowed_age";

    /// <summary>The request for the status of every target, or of the one that was chosen.</summary>
    /// <exception cref="Core.Errors.MetisException">2: a target cannot be used.</exception>
    public static ReadStatusRequest Of(Settings settings, TimeProvider clock)
    {
        var limits = settings.Status;
        var ignored = settings.Target is null ? limits.Ignored : [];
        return new ReadStatusRequest
        {
            Series = settings.Target is { } chosen
                ? [Watched(settings, chosen, clock)]
                : [.. settings.Targets.Where(one => !ignored.Contains(one.Name, StringComparer.Ordinal)).Select(one => Watched(settings.For(one.Name), one, clock))],
            Limits = new StatusLimits
            {
                SizeChangePercent = limits.SizeChangePercent,
                FreeWarningPercent = limits.FreeWarningPercent,
                FreeCriticalPercent = limits.FreeCriticalPercent,
                Forecast = limits.Forecast,
                ProofAge = limits.DrillAge,
            },
            HistoryPath = settings.Serve.History,
            Ignored = ignored,
        };
    }

    private static WatchedSeries Watched(Settings settings, TargetSection target, TimeProvider clock)
    {
        IReadOnlyList<JobTimes> times = [.. settings.Schedules.Where(one => one.Target == target.Name && one is { Action: ScheduledAction.Create, Enabled: true }).Select(TimesOf)];
        var isJudged = target.Tier == TargetTier.Dr || times.Count > 0 || settings.Values.Find(AllowedAge)?.Origin.Kind != OriginKind.Default;
        return new WatchedSeries(target.Name, Place(settings, target, clock)) { Times = times, AllowedAge = isJudged ? settings.Status.AllowedAge : null };
    }

    private static IWatchedPlace Place(Settings settings, TargetSection target, TimeProvider clock) => target.Tier == TargetTier.Dr
        ? new DatasetPlace(new DrSettings(DatasetName.Require(settings.Dr.Dataset), settings.Dr.Zfs, settings.Dr.State, settings.Dr.Log), clock)
        : StoreOf(settings, clock);

    /// <summary>Where the snapshots of a database lie, and of which server they are.</summary>
    /// <exception cref="Core.Errors.MetisException">2: an endpoint is none.</exception>
    public static StorePlace StoreOf(Settings settings, TimeProvider clock) => new(settings.Operational.Store, settings.Operational.Database, clock)
    {
        Series = TargetSeries.Of(settings, settings.Operational.Database),
        Server = TargetServers.Own(settings),
        OtherServers = TargetServers.Others(settings),
    };

    /// <summary>When a schedule is due.</summary>
    public static JobTimes TimesOf(ScheduleSection schedule) =>
        new(schedule.Name, schedule.Cron, schedule.Zone) { Jitter = schedule.Jitter, CatchesUp = schedule.CatchUp, Host = Environment.MachineName };
}
