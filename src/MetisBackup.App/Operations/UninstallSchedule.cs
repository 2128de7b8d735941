using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Installation;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="UninstallSchedule"/> needs.</summary>
/// <param name="Root">Prefix of every path; with another than <c>/</c> nothing but files is touched.</param>
/// <param name="DryRun">Say what would go, remove nothing.</param>
/// <param name="OfService">Of the service; otherwise of the nightly job.</param>
internal sealed record UninstallScheduleRequest(string Root, bool DryRun, bool OfService);

/// <summary>What was removed.</summary>
/// <param name="Executed">False after a dry run.</param>
/// <param name="Removed">Files that are gone, or would be.</param>
/// <param name="Left">Files of the same name that are somebody else's.</param>
internal sealed record UninstallScheduleResult(bool Executed, IReadOnlyList<string> Removed, IReadOnlyList<string> Left);

/// <summary>Takes away what <see cref="InstallSchedule"/> or <see cref="InstallService"/> put there, and nothing else. Snapshots, log and journals stay.</summary>
internal sealed class UninstallSchedule(TimeProvider clock)
{
    private readonly ProcessRunner _runner = new(clock);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">12: no rights; 16: systemd failed.</exception>
    public async Task<UninstallScheduleResult> RunAsync(UninstallScheduleRequest request, CancellationToken cancellationToken)
    {
        var found = (request.OfService ? ServiceFiles.Paths(request.Root) : ScheduleFiles.Paths(request.Root))
            .Select(static path => (ScheduleFiles.LinkTarget(path) ?? ServiceFiles.LinkTarget(path)) is { } target ? new InstalledFile(path, null, target) : new InstalledFile(path, "", null))
            .Select(static file => (file.Path, File: file, State: file.Look()))
            .Where(static one => one.State != InstalledState.Missing)
            .ToList();
        var ours = found.Where(static one => one.State != InstalledState.Foreign).ToList();
        if (!request.DryRun && ours.Count > 0)
        {
            await RemoveAsync([.. ours.Select(static one => one.File)], request.OfService ? $"{ServiceFiles.Name}.service" : $"{ScheduleFiles.Name}.timer", request.Root == "/" && SystemdManager.IsRunning, cancellationToken);
        }

        return new UninstallScheduleResult(
            !request.DryRun, [.. ours.Select(static one => one.Path)], [.. found.Where(static one => one.State == InstalledState.Foreign).Select(static one => one.Path)]);
    }

    private async Task RemoveAsync(List<InstalledFile> files, string unit, bool tellSystemd, CancellationToken cancellationToken)
    {
        var systemd = new SystemdManager(_runner);
        if (tellSystemd && files.Exists(file => Path.GetFileName(file.Path) == unit))
        {
            await systemd.StopAsync(unit, cancellationToken);
        }

        files.ForEach(static file => file.Remove());
        if (tellSystemd)
        {
            await systemd.ReloadAsync(cancellationToken);
        }
    }
}
