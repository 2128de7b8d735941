using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="InstallService"/> needs.</summary>
internal sealed record InstallServiceRequest
{
    /// <summary>What runs.</summary>
    public required ServiceUnit Unit { get; init; }

    /// <summary>Prefix of every path; with another than <c>/</c> nothing but files is touched.</summary>
    public required string Root { get; init; }

    /// <summary>Show the files, write none.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Replace files that are somebody else's, which are kept beside them.</summary>
    public required bool Replace { get; init; }

    /// <summary>The schedule has nightly snapshots of the data set, which a timer would take too.</summary>
    public required bool TakesNightly { get; init; }
}

/// <summary>Has systemd keep the service running.</summary>
internal sealed class InstallService(TimeProvider clock)
{
    private readonly ProcessRunner _runner = new(clock);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">
    /// 2: something cannot stand in the files; 12: no rights; 15: a file is somebody else's, or the timer of the nightly job does the same; 16: systemd failed.
    /// </exception>
    public async Task<InstallScheduleResult> RunAsync(InstallServiceRequest request, CancellationToken cancellationToken)
    {
        var timer = ScheduleFiles.Paths(request.Root).FirstOrDefault(File.Exists);
        if (request.TakesNightly && timer is not null && !request.DryRun)
        {
            throw new MetisException(
                ErrorCode.Refused, $"A snapshot of the data set is taken each night already ({timer}).", "keep one of both: 'metis-backup dr uninstall', or set enabled = false in that schedule");
        }

        var isLive = request.Root == "/" && !request.DryRun;
        if (isLive && !File.Exists(request.Unit.Executable))
        {
            throw new MetisException(ErrorCode.Usage, $"There is no program '{request.Unit.Executable}'.", "name the installed metis-backup with --executable");
        }

        var plan = new InstallationPlan(ServiceFiles.Of(request.Unit, request.Root));
        if (!request.Replace && !request.DryRun)
        {
            plan.RequireOurs();
        }

        if (!request.DryRun)
        {
            plan.Execute();
        }

        var starts = isLive && plan.Changes && SystemdManager.IsRunning;
        if (starts)
        {
            var systemd = new SystemdManager(_runner);
            await systemd.ReloadAsync(cancellationToken);
            await systemd.RestartAsync($"{ServiceFiles.Name}.service", cancellationToken);
        }

        return new InstallScheduleResult { Executed = !request.DryRun, Files = plan.Files, TimerStarted = starts, Grant = null, Granted = false };
    }
}
