using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Services;

/// <summary>systemd itself: told about new units, and asked to start timers.</summary>
/// <param name="runner">Starts <c>systemctl</c>.</param>
public sealed class SystemdManager(IProcessRunner runner)
{
    private readonly IProcessRunner _runner = runner;

    /// <summary>Whether systemd keeps this machine.</summary>
    public static bool IsRunning => Directory.Exists("/run/systemd/system");

    /// <summary>Has systemd read its units again.</summary>
    /// <exception cref="MetisException">12: no rights; 16: it failed.</exception>
    public Task ReloadAsync(CancellationToken cancellationToken) => RunAsync(["daemon-reload"], cancellationToken);

    /// <summary>Starts a unit, as it is now in its file.</summary>
    /// <exception cref="MetisException">12: no rights; 16: it failed.</exception>
    public Task RestartAsync(string unit, CancellationToken cancellationToken) => RunAsync(["restart", "--no-ask-password", "--", unit], cancellationToken);

    /// <summary>Stops a unit.</summary>
    /// <exception cref="MetisException">12: no rights; 16: it failed.</exception>
    public Task StopAsync(string unit, CancellationToken cancellationToken) => RunAsync(["stop", "--no-ask-password", "--", unit], cancellationToken);

    private async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(new ProcessRequest { Program = "systemctl", Arguments = arguments }, cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(
                result.ExitCode == 4 ? ErrorCode.Denied : ErrorCode.ServerFailed, $"systemctl {arguments[0]} failed: {result.Complaint}", "run the same command again as root");
        }
    }
}
