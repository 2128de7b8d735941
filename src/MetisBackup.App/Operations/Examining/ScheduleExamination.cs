using System.Diagnostics;
using System.Globalization;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Where it is looked for somebody who runs the schedule.</summary>
internal sealed record ScheduleFacts
{
    /// <summary>The schedules that are configured and enabled.</summary>
    public required IReadOnlyList<JobTimes> Schedules { get; init; }

    /// <summary>Some of them are run by nobody but the service: the nightly job of <c>dr install</c> knows its own time only.</summary>
    public required bool NeedsService { get; init; }

    /// <summary>Somebody wants to be told what did not happen.</summary>
    public required bool NeedsWatcher { get; init; }

    /// <summary>State directory of the service.</summary>
    public required string State { get; init; }

    /// <summary>Whether systemd keeps this machine.</summary>
    public bool HasSystemd { get; init; } = SystemdManager.IsRunning;

    /// <summary>Whether cron runs.</summary>
    public bool HasCron { get; init; } = Array.Exists(["cron", "crond", "fcron"], static name => Process.GetProcessesByName(name).Length > 0);

    /// <summary>Prefix of cron's files.</summary>
    public string Root { get; init; } = "/";
}

/// <summary>Whether something really runs the schedule, and when next.</summary>
/// <param name="facts">Where to look.</param>
/// <param name="runner">Starts <c>systemctl</c>.</param>
/// <param name="clock">The time.</param>
internal sealed class ScheduleExamination(ScheduleFacts facts, IProcessRunner runner, TimeProvider clock) : IExamination
{
    private const string InstallService = "metis-backup serve install";
    private readonly ScheduleFacts _facts = facts;
    private readonly UnitReader _units = new(runner);
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Schedule;

    /// <inheritdoc/>
    public string Subject => "The schedule";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        if (_facts.Schedules.Count == 0)
        {
            return [new Finding(FindingSeverity.Warning, "No schedule is enabled: nothing is captured unless somebody does it by hand.", "write a section [schedule.NAME] in the configuration")];
        }

        var who = new Runners(
            _facts.HasSystemd ? await _units.ReadAsync(ServiceFiles.Name + ".service", cancellationToken) : null,
            _facts.HasSystemd ? await _units.ReadAsync(ScheduleFiles.Name + ".timer", cancellationToken) : null,
            ServiceSeat.IsTaken(_facts.State),
            [.. CronTable.Read(_facts.Root).Where(line => !(line.IsLeftToSystemd && _facts.HasSystemd))]);
        return [.. Units(who), .. Cron(who), .. Missing(who), .. Watcher(who)];
    }

    private IEnumerable<Finding> Units(Runners who)
    {
        foreach (var unit in ((InstalledUnit?[])[who.Service, who.Timer]).OfType<InstalledUnit>())
        {
            if (!unit.IsActive)
            {
                yield return new Finding(FindingSeverity.Problem, $"{unit.Name} is installed but {unit.State}.", $"systemctl enable --now {unit.Name}");
            }
            else if (!unit.IsEnabled)
            {
                yield return new Finding(FindingSeverity.Warning, $"{unit.Name} runs, but will not after the next start of the machine.", $"systemctl enable {unit.Name}");
            }

            if (unit is { IsActive: true, Next: { } next })
            {
                yield return new Finding(FindingSeverity.Note, $"{unit.Name} runs next at {next}.", null);
            }
        }

        if (who is { Service: null, IsServed: true })
        {
            yield return _facts.HasSystemd
                ? new Finding(FindingSeverity.Warning, "The service runs, but nothing starts it with the machine.", InstallService)
                : new Finding(FindingSeverity.Note, "The service runs; whoever started it has to start it with the machine.", null);
        }

        foreach (var job in who.IsServed || who.Service is { IsActive: true } ? _facts.Schedules : [])
        {
            yield return new Finding(FindingSeverity.Note, $"The service runs {job.Name} next {At(job.Next(_clock.GetUtcNow()))}.", null);
        }
    }

    private IEnumerable<Finding> Cron(Runners who)
    {
        foreach (var line in who.Cron.Where(static one => one.Creates))
        {
            yield return new Finding(FindingSeverity.Note, $"cron takes snapshots next {At(line.Next(_clock.GetUtcNow(), _clock.LocalTimeZone))}, as {line.File} says.", null);
        }

        if (who.Cron.Count > 0 && !_facts.HasCron)
        {
            yield return new Finding(FindingSeverity.Problem, $"cron does not run, so nothing does what {who.Cron[0].File} says.", _facts.HasSystemd ? "systemctl enable --now cron" : "service cron start");
        }
    }

    private IEnumerable<Finding> Missing(Runners who)
    {
        var hasService = who.IsServed || who.Service is not null;
        var ownCron = who.Cron.Any(static one => one is { Creates: true, IsLeftToSystemd: false });
        var hasNightly = who.Timer is not null || who.Cron.Any(static one => one is { Creates: true, IsLeftToSystemd: true });
        if (!hasService && !ownCron && !hasNightly)
        {
            yield return new Finding(
                FindingSeverity.Problem,
                $"Nothing runs the schedule ({string.Join(", ", _facts.Schedules.Select(static one => one.Name))}): neither the service nor the nightly job nor a line of cron is installed.",
                _facts.NeedsService ? InstallService : _facts.HasSystemd ? "metis-backup dr install" : "metis-backup dr install --cron");
        }
        else if (!hasService && !ownCron && _facts.NeedsService)
        {
            yield return new Finding(FindingSeverity.Problem, "The configuration has schedules that the nightly job does not run: only the service runs them, and it is not installed.", InstallService);
        }
        else if (hasService && hasNightly)
        {
            yield return new Finding(FindingSeverity.Warning, "The service and the nightly job are both installed: each night is captured twice.", "metis-backup dr uninstall");
        }
    }

    private IEnumerable<Finding> Watcher(Runners who)
    {
        if (_facts.NeedsWatcher && !who.IsServed && who.Service is not { IsActive: true } && !who.Cron.Any(static one => one.TellsAlarms))
        {
            yield return new Finding(
                FindingSeverity.Warning, "Nobody notices a run that does not happen: neither the service nor a line of cron tells the alarms.", "echo '*/10 * * * * root metis-backup status --alarm --quiet' >/etc/cron.d/metis-backup-alarms");
        }
    }

    private string At(DateTimeOffset? time) => time is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"at {TimeZoneInfo.ConvertTime(known, _clock.LocalTimeZone):yyyy-MM-dd'T'HH:mm:sszzz}")
        : "at a time that cannot be told";

    /// <summary>Who could run the schedule.</summary>
    /// <param name="Service">The unit of the service; null when it is not installed.</param>
    /// <param name="Timer">The timer of the nightly job; null when it is not installed.</param>
    /// <param name="IsServed">A process is the service, whoever started it.</param>
    /// <param name="Cron">The lines of cron.</param>
    private sealed record Runners(InstalledUnit? Service, InstalledUnit? Timer, bool IsServed, IReadOnlyList<CronLine> Cron);
}
