using System.Globalization;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Service;

/// <summary>
/// One run of a scheduled job: the same operation as the command's, before the same witnesses, with what the configuration says. What it takes is read when the
/// witnesses are there: that a password cannot be read is a failure like any other, of which somebody is told.
/// </summary>
/// <param name="settings">Settings of the target.</param>
/// <param name="schedule">The schedule.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Hears what happens.</param>
internal sealed class JobRun(Settings settings, ScheduleSection schedule, TimeProvider clock, ServiceLog log)
{
    private readonly Settings _settings = settings;
    private readonly ScheduleSection _schedule = schedule;
    private readonly TimeProvider _clock = clock;
    private readonly ServiceLog _log = log;

    /// <summary>Passwords are read anew for each run.</summary>
    private ServerSettings Server => new(_settings.Server.Endpoint, _settings.Server.User, Secrets.Read(_settings.Server.Password, "password"));

    private DrSettings Dr => new(DatasetName.Require(_settings.Dr.Dataset), _settings.Dr.Zfs, _settings.Dr.State, _settings.Dr.Log);

    private BulkSettings Files => new(_settings.Bulk.Path, _settings.Bulk.Excluded, _settings.Bulk.KeepTrash);

    private JobProgress Progress => new(Say);

    /// <summary>Runs the job.</summary>
    /// <param name="subject">Makes a subject of the name of an operation.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public Task RunAsync(Func<string, RunSubject> subject, CancellationToken cancellationToken) => (_schedule.Action, _settings.Target!.Tier) switch
    {
        (ScheduledAction.Create, TargetTier.Operational) => CreateAsync(subject(RunOperation.Create), cancellationToken),
        (ScheduledAction.Create, _) => CreateDrAsync(subject(RunOperation.Create), cancellationToken),
        (ScheduledAction.Prune, TargetTier.Operational) => CleanUpAsync(subject(RunOperation.Cleanup), cancellationToken),
        (ScheduledAction.Prune, _) => PruneDrAsync(subject(RunOperation.Cleanup), cancellationToken),
        (ScheduledAction.Verify, _) => VerifyAsync(subject(RunOperation.Verify), cancellationToken),
        (ScheduledAction.Drill, _) => DrillAsync(subject(RunOperation.Drill), cancellationToken),
        _ => throw new InvalidOperationException("no such action"),
    };

    private Task CreateAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        CreateAndCleanUpRequest Request() => new()
        {
            Create = new CreateSnapshotRequest
            {
                Server = Server,
                StorePath = _settings.Operational.Store,
                Database = _settings.Operational.Database,
                Description = _schedule.Description,
                Bulk = _settings.Bulk.Include ? Files : null,
            },
            Rules = _settings.Operational.CleanupAfterCreate ? RetentionSettings.Rules(_settings) : null,
        };
        return SuperviseAsync(
            subject,
            token => new CreateAndCleanUp(_clock, Progress).RunAsync(Request(), token),
            RunFactsOf.ToFacts,
            static result => [.. result.Snapshot.Warnings, .. result.CleanUp?.Warnings ?? [], .. result.Failures],
            cancellationToken);
    }

    private Task CleanUpAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        CleanUpSnapshotsRequest Request() => new() { StorePath = _settings.Operational.Store, Rules = RetentionSettings.Rules(_settings), Subject = RetentionSettings.Subject(_settings), Files = Files };
        return SuperviseAsync(subject, token => new CleanUpSnapshots(_clock).RunAsync(Request(), token), RunFactsOf.ToFacts, static result => [.. result.Warnings, .. result.Obstacles], cancellationToken);
    }

    private Task CreateDrAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        CreateDrSnapshotRequest Request() => new()
        {
            Settings = Dr,
            Server = Server,
            Label = DrSnapshotName.Nightly,
            Coverage = new CoverageRequest { DataPaths = _settings.Dr.DataPaths, Accepted = _settings.Dr.AcceptOutside, ServerConfiguration = _settings.Dr.ServerConfiguration },
            Prune = _settings.Retention.Dr.Checked(),
            Safety = _settings.Retention.Safety,
        };
        return SuperviseAsync(subject, token => new CreateDrSnapshot(_clock, Progress).RunAsync(Request(), token), RunFactsOf.ToFacts, static result => result.Warnings, cancellationToken);
    }

    private Task PruneDrAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        PruneDrSnapshotsRequest Request() => new() { Settings = Dr, Policy = _settings.Retention.Dr.Checked(), Safety = _settings.Retention.Safety };
        return SuperviseAsync(subject, token => new PruneDrSnapshots(_clock).RunAsync(Request(), token), RunFactsOf.ToFacts, static result => [.. result.Warnings, .. result.Obstacles], cancellationToken);
    }

    private Task VerifyAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        VerifySnapshotRequest Request() => new()
        {
            StorePath = _settings.Operational.Store,
            Name = SnapshotReferences.Settle(_settings.Operational.Store, $"latest:{_settings.Operational.Database}", () => TargetServers.Latest(_settings), _clock),
        };
        return SuperviseAsync(
            subject,
            token => new VerifySnapshot(_clock, Progress).RunAsync(Request(), token),
            RunFactsOf.ToFacts,
            static result => [.. result.Warnings, .. result.Snapshots.SelectMany(static one => one.Problems.Select(problem => $"{one.Name}: {problem}"))],
            cancellationToken);
    }

    private Task DrillAsync(RunSubject subject, CancellationToken cancellationToken)
    {
        DrillSnapshotRequest Request() => new()
        {
            Settings = Dr,
            Name = "latest",
            Command = _settings.Dr.DrillCommand,
            ServerConfiguration = _settings.Dr.ServerConfiguration,
            DataFolder = _settings.Dr.DrillDataFolder,
            Server = Server,
            Patience = _settings.Dr.ServerTimeout,
        };
        return SuperviseAsync(subject, token => new DrillSnapshot(_clock, Progress).RunAsync(Request(), token), RunFactsOf.ToFacts, static result => [.. result.Warnings, .. result.Problems], cancellationToken);
    }

    private async Task SuperviseAsync<T>(RunSubject subject, Func<CancellationToken, Task<T>> work, Func<T, RunFacts> facts, Func<T, IReadOnlyList<string>> warnings, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        Say($"{subject.Operation} of {subject.Series} begins");
        var supervised = await new SupervisedRun(Witnesses.Of(_settings, new RunAudience(Attended: false, Say), _clock), _clock, Warn).RunAsync(subject, work, facts, cancellationToken);
        foreach (var warning in (IEnumerable<string>)[.. warnings(supervised.Result), .. supervised.Warnings])
        {
            Warn(warning);
        }

        var point = facts(supervised.Result).Point is { } name ? $" {name}" : "";
        Say(string.Create(CultureInfo.InvariantCulture, $"{subject.Operation}{point} ended with {supervised.ExitCode} after {_clock.GetElapsedTime(started).TotalSeconds:0.#} s"));
    }

    private void Say(string text) => _log.Tell($"{_schedule.Name}: {text}");

    private void Warn(string text) => _log.Warn($"{_schedule.Name}: {text}");
}
