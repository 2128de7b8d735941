using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Services;

/// <summary>A service that systemd keeps, by <c>systemctl</c>. States are read from properties, never from its sentences.</summary>
public sealed class SystemdService : IServiceControl
{
    private const int NameLimit = 255;
    private readonly IProcessRunner _runner;
    private readonly TimeProvider _clock;
    private readonly ServiceTimes _times;
    private readonly string _systemctl;

    /// <summary>A unit.</summary>
    /// <param name="runner">Starts <c>systemctl</c>.</param>
    /// <param name="clock">Measures how long stopping and starting take.</param>
    /// <param name="unit">Name of the unit; <c>.service</c> may be left out.</param>
    /// <param name="times">How long stopping and starting may take.</param>
    /// <param name="systemctl">The program: a name or an absolute path.</param>
    /// <exception cref="MetisException">2: no unit can be called so.</exception>
    public SystemdService(IProcessRunner runner, TimeProvider clock, string unit, ServiceTimes times, string systemctl = "systemctl")
    {
        (_runner, _clock, _times, _systemctl) = (runner, clock, times, systemctl);
        Name = RequireUnit(unit);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<ServiceStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(["show", "--property=LoadState,ActiveState,SubState,Result,MainPID,ControlPID", "--", Name], TimeSpan.FromMinutes(1), cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(
                ErrorCode.ServerFailed, $"systemd does not tell the state of {Name}: {result.Complaint.TrimEnd('.')}.", "on a machine without systemd give the commands that start, stop and ask for the server");
        }

        return StatusOf(result.Lines);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var before = await ReadStatusAsync(cancellationToken);
        if (IsDown(before))
        {
            return;
        }

        // asked for without waiting: the time limit is ours, and the state says more than the end of a command
        var result = await RunAsync(["stop", "--no-block", "--no-ask-password", "--", Name], _times.Stop, cancellationToken);
        RequireAllowed(result, "stop");
        var limit = result.Succeeded ? _times.Stop : TimeSpan.Zero;
        var (after, down) = await ServiceTimes.WaitAsync(ReadStatusAsync, status => IsDown(status) && !IsAlive(before.MainProcess), limit, _clock, cancellationToken);
        if (!down)
        {
            throw ServiceTimes.NotStopped(Name, result.Succeeded ? after.Detail : result.Complaint, _times.Stop);
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var before = await ReadStatusAsync(cancellationToken);
        if (before.State == ServiceState.Running)
        {
            return;
        }

        if (before.State == ServiceState.Failed)
        {
            // a unit that was started too often in a short time refuses until it is forgiven
            _ = await RunAsync(["reset-failed", "--no-ask-password", "--", Name], _times.Start, cancellationToken);
        }

        var hint = $"see why: journalctl -u {Name} -n 50";
        var result = await RunAsync(["start", "--no-ask-password", "--", Name], _times.Start, cancellationToken);
        RequireAllowed(result, "start");
        if (!result.Succeeded)
        {
            throw ServiceTimes.NotStarted(Name, $"{(await ReadStatusAsync(cancellationToken)).Detail}; {result.Complaint}", hint);
        }

        var (after, running) = await ServiceTimes.WaitAsync(ReadStatusAsync, static status => status.State is ServiceState.Running or ServiceState.Failed, _times.Start, _clock, cancellationToken);
        if (!running || after.State == ServiceState.Failed)
        {
            throw ServiceTimes.NotStarted(Name, after.Detail, hint);
        }
    }

    /// <summary>The full name of a unit that a user named.</summary>
    /// <exception cref="MetisException">2: no unit can be called so.</exception>
    public static string RequireUnit(string unit)
    {
        var legal = unit.Length is > 0 and <= NameLimit && unit[0] is not ('-' or '.') && unit.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or ':' or '\\' or '@');
        if (!legal)
        {
            throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(unit)} cannot be the name of a service.", "write it like arangodb3");
        }

        return unit.EndsWith(".service", StringComparison.Ordinal) ? unit : unit + ".service";
    }

    private ServiceStatus StatusOf(IEnumerable<string> lines)
    {
        var values = lines.Select(static line => line.Split('=', 2)).Where(static parts => parts.Length == 2).ToDictionary(static parts => parts[0], static parts => parts[1], StringComparer.Ordinal);
        var load = values.GetValueOrDefault("LoadState", "");
        if (load == "not-found")
        {
            throw new MetisException(ErrorCode.NotFound, $"systemd knows no unit {Name}.", "name the unit of the database server with --service; 'systemctl list-units' shows them");
        }

        var active = values.GetValueOrDefault("ActiveState", "");
        var main = int.TryParse(values.GetValueOrDefault("MainPID"), CultureInfo.InvariantCulture, out var id) && id > 0 ? id : (int?)null;
        var hasProcess = main is not null || values.GetValueOrDefault("ControlPID", "0") is not ("0" or "");
        ServiceState? state = active switch
        {
            "active" => ServiceState.Running,
            "reloading" => ServiceState.Running,
            "inactive" when !hasProcess => ServiceState.Stopped,
            "failed" when !hasProcess => ServiceState.Failed,
            "activating" or "deactivating" or "maintenance" or "refreshing" or "inactive" or "failed" => ServiceState.Changing,
            _ => null,
        };
        var result = values.GetValueOrDefault("Result", "");
        var detail = $"{active} ({values.GetValueOrDefault("SubState", "")}{(result is "" or "success" ? "" : $", result {result}")}{(load is "masked" ? ", masked" : "")})";
        return state is { } known
            ? new ServiceStatus(known, main, detail)
            : throw new MetisException(ErrorCode.ServerFailed, $"systemd reports a state of {Name} that nobody knows: {QuotedName.Of(active)}.", $"see 'systemctl status {Name}'");
    }

    private static bool IsDown(ServiceStatus status) => status.State is ServiceState.Stopped or ServiceState.Failed;

    /// <summary>The process still runs; the remains of one that nobody has collected do not count.</summary>
    private static bool IsAlive(int? process)
    {
        try
        {
            // the state follows the name, which stands in parentheses and may hold anything
            return process is { } id && File.ReadAllText($"/proc/{id}/stat") is var stat && stat[(stat.LastIndexOf(')') + 1)..].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void RequireAllowed(ProcessResult result, string verb)
    {
        // 4: EXIT_NOPERMISSION of systemctl
        if (result.ExitCode == 4 || (!result.Succeeded && result.Error.Contains("ccess denied", StringComparison.Ordinal)))
        {
            throw new MetisException(ErrorCode.Denied, $"No permission to {verb} {Name}: {result.Complaint}", "run as root, or let a polkit rule allow it");
        }
    }

    private Task<ProcessResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) => _runner.RunAsync(
        new ProcessRequest { Program = _systemctl, Arguments = arguments, TimeLimit = limit, IfMissing = "on a machine without systemd give the commands that start, stop and ask for the server" }, cancellationToken);
}
