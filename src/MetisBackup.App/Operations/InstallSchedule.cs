using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Installation;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="InstallSchedule"/> needs.</summary>
internal sealed record InstallScheduleRequest
{
    /// <summary>What is run each night.</summary>
    public required NightlyJob Job { get; init; }

    /// <summary>Name or path of the <c>zfs</c> command, which grants rights to an account.</summary>
    public required string Zfs { get; init; }

    /// <summary>Prefix of every path; with another than <c>/</c> nothing but files is touched.</summary>
    public required string Root { get; init; }

    /// <summary>Also the file for machines that systemd does not keep.</summary>
    public required bool WithCron { get; init; }

    /// <summary>Show the files, write none.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Replace files that are somebody else's, which are kept beside them.</summary>
    public required bool Replace { get; init; }

    /// <summary>The configuration has the service take such snapshots, so that both would.</summary>
    public required bool ServiceTakesNightly { get; init; }
}

/// <summary>What was installed.</summary>
internal sealed record InstallScheduleResult
{
    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>Every file, also those that were right before.</summary>
    public required IReadOnlyList<ScheduleFile> Files { get; init; }

    /// <summary>The timer was started, or started anew.</summary>
    public required bool TimerStarted { get; init; }

    /// <summary>The command that gives the account its rights; null when the job runs as root.</summary>
    public required string? Grant { get; init; }

    /// <summary>It was run.</summary>
    public required bool Granted { get; init; }

    /// <summary>Something is another than before.</summary>
    public bool Changed => Files.Any(static file => file.Change != ScheduleChange.None);
}

/// <summary>What happens to a file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Change">What happens.</param>
/// <param name="Content">What it holds, or where the link points to.</param>
internal sealed record ScheduleFile(string Path, ScheduleChange Change, string Content);

/// <summary>What happens to a file.</summary>
internal enum ScheduleChange
{
    /// <summary>Nothing: it is as it should be.</summary>
    None,

    /// <summary>It is made.</summary>
    Create,

    /// <summary>Ours, of another version or with other options, is replaced.</summary>
    Update,

    /// <summary>Somebody else's is kept beside it and replaced.</summary>
    Replace,
}

/// <summary>Makes the machine take a snapshot each night: systemd's service and timer, log rotation, cron where wanted.</summary>
internal sealed class InstallSchedule(TimeProvider clock)
{
    /// <summary>What an account other than root needs for the job, by <c>zfs allow</c>.</summary>
    public const string Delegation = "destroy,hold,mount,release,snapshot,userprop";

    private readonly TimeProvider _clock = clock;
    private readonly ProcessRunner _runner = new(clock);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2: something cannot stand in the files; 10: no such account; 12: no rights; 15: a file is somebody else's, or the service does the same; 16: systemd or ZFS failed.</exception>
    public async Task<InstallScheduleResult> RunAsync(InstallScheduleRequest request, CancellationToken cancellationToken)
    {
        var job = request.Job.Checked();
        var isLive = request.Root == "/" && !request.DryRun;
        if (isLive)
        {
            await RequireUsableAsync(job, cancellationToken);
        }

        if (request.ServiceTakesNightly && File.Exists(ServiceFiles.Paths(request.Root)[0]) && !request.DryRun)
        {
            throw new MetisException(
                ErrorCode.Refused, $"The service takes a snapshot of the data set each night already ({ServiceFiles.Paths(request.Root)[0]}).", "keep one of both: 'metis-backup serve uninstall', or set enabled = false in that schedule");
        }

        var plan = new InstallationPlan(Files(request, job));
        if (!request.Replace && !request.DryRun)
        {
            plan.RequireOurs();
        }

        if (!request.DryRun)
        {
            plan.Execute();
        }

        var grant = job.Account is null ? null : (string[])["allow", "-u", job.Account, Delegation, job.Dataset];
        var startsTimer = isLive && plan.Changes && SystemdManager.IsRunning;
        if (startsTimer)
        {
            var systemd = new SystemdManager(_runner);
            await systemd.ReloadAsync(cancellationToken);
            await systemd.RestartAsync($"{ScheduleFiles.Name}.timer", cancellationToken);
        }

        if (isLive && grant is not null)
        {
            await RequireSuccessAsync(request.Zfs, grant, ErrorCode.ServerFailed, cancellationToken);
            await GivePlacesAsync(job, job.Account!, cancellationToken);
        }

        return new InstallScheduleResult
        {
            Executed = !request.DryRun,
            Files = plan.Files,
            TimerStarted = startsTimer,
            Grant = grant is null ? null : $"{request.Zfs} {string.Join(' ', grant)}",
            Granted = isLive && grant is not null,
        };
    }

    private IReadOnlyList<InstalledFile> Files(InstallScheduleRequest request, NightlyJob job)
    {
        IReadOnlyList<InstalledFile> With(bool cron) => ScheduleFiles.Of(job, request.Root, _clock.LocalTimeZone, _clock.GetLocalNow().Year, cron);
        var all = With(cron: true);

        // one that was wanted before is kept up to date
        return request.WithCron || all[^1].Look() is InstalledState.Current or InstalledState.Outdated ? all : With(cron: false);
    }

    private async Task RequireUsableAsync(NightlyJob job, CancellationToken cancellationToken)
    {
        if (!File.Exists(job.Executable))
        {
            throw new MetisException(ErrorCode.Usage, $"There is no program '{job.Executable}'.", "name the installed metis-backup with --executable");
        }

        if (job.Account is not null)
        {
            await RequireSuccessAsync("id", ["-u", "--", job.Account], ErrorCode.NotFound, cancellationToken);
        }
    }

    /// <summary>An account other than root can make neither its log nor its directory below /var: both are made for it.</summary>
    private async Task GivePlacesAsync(NightlyJob job, string account, CancellationToken cancellationToken)
    {
        await RequireSuccessAsync("install", ["-d", "-m", "0700", "-o", account, "--", job.State], ErrorCode.Denied, cancellationToken);
        string[] log = File.Exists(job.Log) ? ["chown", "--", account, job.Log] : ["install", "-m", "0640", "-o", account, "--", "/dev/null", job.Log];
        await RequireSuccessAsync(log[0], log[1..], ErrorCode.Denied, cancellationToken);
    }

    private async Task RequireSuccessAsync(string program, IReadOnlyList<string> arguments, ErrorCode code, CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(new ProcessRequest { Program = program, Arguments = arguments }, cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(code, $"{program} {string.Join(' ', arguments)} failed: {result.Complaint}", "mend that and run the same command again: what is installed already stays as it is");
        }
    }
}
