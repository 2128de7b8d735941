using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Where it is looked for somebody who runs the schedule.</summary>
internal sealed record ScheduleFacts
{
    /// <summary>Names of the schedules that are configured and enabled.</summary>
    public required IReadOnlyList<string> Schedules { get; init; }

    /// <summary>Some of them are run by nobody but the service: the nightly job of <c>dr install</c> knows its own time only.</summary>
    public required bool NeedsService { get; init; }

    /// <summary>Whether systemd keeps this machine.</summary>
    public bool HasSystemd { get; init; } = SystemdManager.IsRunning;

    /// <summary>The directory of cron's files.</summary>
    public string CronPath { get; init; } = "/etc/cron.d";
}

/// <summary>Whether something really runs the schedule, and when next.</summary>
/// <param name="facts">Where to look.</param>
/// <param name="runner">Starts <c>systemctl</c>.</param>
internal sealed class ScheduleExamination(ScheduleFacts facts, IProcessRunner runner) : IExamination
{
    private const string Service = ServiceFiles.Name + ".service";
    private const string Timer = ScheduleFiles.Name + ".timer";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ScheduleFacts _facts = facts;
    private readonly IProcessRunner _runner = runner;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Schedule;

    /// <inheritdoc/>
    public string Subject => "the schedule";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        if (_facts.Schedules.Count == 0)
        {
            return [new Finding(FindingSeverity.Warning, "No schedule is enabled: nothing is captured unless somebody does it by hand.", "write a section [schedule.NAME] in the configuration")];
        }

        var findings = new List<Finding>();
        var service = await UnitAsync(Service, cancellationToken);
        var timer = await UnitAsync(Timer, cancellationToken);
        var cron = !_facts.HasSystemd && File.Exists(Path.Combine(_facts.CronPath, ScheduleFiles.Name));
        foreach (var unit in ((Unit?[])[service, timer]).OfType<Unit>())
        {
            findings.AddRange(Judge(unit));
        }

        if (service is null && timer is null && !cron)
        {
            findings.Add(new Finding(FindingSeverity.Problem, $"Nothing runs the schedule ({string.Join(", ", _facts.Schedules)}): neither the service nor the nightly job is installed.", _facts.NeedsService ? "metis-backup serve install" : "metis-backup dr install"));
        }
        else if (service is null && _facts.NeedsService)
        {
            findings.Add(new Finding(FindingSeverity.Problem, "The configuration has schedules that the nightly job does not run: only the service runs them, and it is not installed.", "metis-backup serve install"));
        }
        else if (service is not null && (timer is not null || cron))
        {
            findings.Add(new Finding(FindingSeverity.Warning, "The service and the nightly job are both installed: each night is captured twice.", "metis-backup dr uninstall"));
        }

        return findings;
    }

    private static IEnumerable<Finding> Judge(Unit unit)
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

    /// <summary>A unit that is installed; null when it is not, or systemd does not keep this machine.</summary>
    private async Task<Unit?> UnitAsync(string name, CancellationToken cancellationToken)
    {
        if (!_facts.HasSystemd)
        {
            return null;
        }

        var result = await _runner.RunAsync(
            new ProcessRequest { Program = "systemctl", Arguments = ["show", "--property=LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime", "--", name], TimeLimit = Patience }, cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"systemd does not tell the state of {name}: {result.Complaint}", "see 'systemctl status'");
        }

        var values = result.Lines.Select(static line => line.Split('=', 2)).Where(static parts => parts.Length == 2).ToDictionary(static parts => parts[0], static parts => parts[1], StringComparer.Ordinal);
        return values.GetValueOrDefault("LoadState") is "not-found" or null
            ? null
            : new Unit(name, values.GetValueOrDefault("ActiveState", ""), values.GetValueOrDefault("UnitFileState", ""), values.GetValueOrDefault("NextElapseUSecRealtime") is { Length: > 0 } next ? next : null);
    }

    private sealed record Unit(string Name, string State, string FileState, string? Next)
    {
        public bool IsActive => State is "active" or "activating" or "reloading";

        public bool IsEnabled => FileState.Length == 0 || FileState.StartsWith("enabled", StringComparison.Ordinal) || FileState is "static" or "generated" or "alias" or "indirect";
    }
}
