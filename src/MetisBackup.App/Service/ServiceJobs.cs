using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Supervision;

namespace MetisBackup.App.Service;

/// <summary>The schedules of the configuration as jobs.</summary>
/// <param name="clock">The time.</param>
/// <param name="log">Hears what jobs do.</param>
internal sealed class ServiceJobs(TimeProvider clock, ServiceLog log)
{
    private readonly TimeProvider _clock = clock;
    private readonly ServiceLog _log = log;

    /// <summary>The jobs, in the order of the configuration.</summary>
    /// <exception cref="Core.Errors.MetisException">2: a target cannot be used.</exception>
    public IReadOnlyList<ScheduledJob> Of(Settings settings) => [.. settings.Schedules.Select(schedule => JobOf(settings.For(schedule.Target), schedule))];

    private ScheduledJob JobOf(Settings settings, ScheduleSection schedule)
    {
        var series = settings.Target!.Tier == TargetTier.Dr ? RunSeries.Dr(settings.Dr.Dataset) : TargetSeries.Of(settings, settings.Operational.Database);
        return new ScheduledJob(
            WatchedTargets.TimesOf(schedule),
            series,
            (cause, cancellationToken) => new JobRun(settings, schedule, _clock, _log).RunAsync(operation => new RunSubject(series, operation, cause), cancellationToken))
        {
            Target = schedule.Target,
            Action = schedule.Action.ToString().ToLowerInvariant(),
            Enabled = schedule.Enabled,
        };
    }
}
