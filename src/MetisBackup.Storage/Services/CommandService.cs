using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Services;

/// <summary>How to start, stop and ask for a server that systemd does not keep: each a program and its arguments, without a shell.</summary>
/// <param name="Start">Starts the server and ends; what it leaves running must not write to the command's own output.</param>
/// <param name="Stop">Stops the server.</param>
/// <param name="Status">Ends with 0 when it runs and with 1, 2 or 3 when it does not (the convention of init scripts).</param>
public sealed record ServiceCommands(IReadOnlyList<string> Start, IReadOnlyList<string> Stop, IReadOnlyList<string> Status);

/// <summary>A service that is kept by commands of the user.</summary>
public sealed class CommandService : IServiceControl
{
    private static readonly TimeSpan StatusLimit = TimeSpan.FromMinutes(1);
    private readonly IProcessRunner _runner;
    private readonly TimeProvider _clock;
    private readonly ServiceCommands _commands;
    private readonly ServiceTimes _times;

    /// <summary>A service.</summary>
    /// <param name="runner">Starts the commands.</param>
    /// <param name="clock">Measures how long stopping and starting take.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="commands">The commands.</param>
    /// <param name="times">How long stopping and starting may take.</param>
    /// <exception cref="MetisException">2: a command is empty.</exception>
    public CommandService(IProcessRunner runner, TimeProvider clock, string name, ServiceCommands commands, ServiceTimes times)
    {
        (_runner, _clock, Name, _commands, _times) = (runner, clock, name, commands, times);
        if (commands is not { Start.Count: > 0, Stop.Count: > 0, Status.Count: > 0 })
        {
            throw new MetisException(ErrorCode.Usage, $"A command of {name} is missing.", "give three: to start it, to stop it, and to ask whether it runs");
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<ServiceStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(_commands.Status, StatusLimit, cancellationToken);
        return result.ExitCode switch
        {
            0 => new ServiceStatus(ServiceState.Running, null, "running"),
            1 or 2 or 3 => new ServiceStatus(ServiceState.Stopped, null, $"stopped (the status command ended with {result.ExitCode})"),
            _ => throw new MetisException(
                ErrorCode.ServerFailed, $"Whether {Name} runs is not known: its status command {_commands.Status[0]} ended with {result.ExitCode}: {result.Complaint}", "it must end with 0 when the server runs and with 3 when it does not"),
        };
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if ((await ReadStatusAsync(cancellationToken)).State == ServiceState.Stopped)
        {
            return;
        }

        var begun = _clock.GetTimestamp();
        var result = await RunAsync(_commands.Stop, _times.Stop, cancellationToken);

        // a command that complains may have stopped the server all the same: the status decides
        var limit = result.Succeeded ? _times.Stop - _clock.GetElapsedTime(begun) : TimeSpan.Zero;
        var (status, down) = await ServiceTimes.WaitAsync(ReadStatusAsync, static one => one.State == ServiceState.Stopped, limit, _clock, cancellationToken);
        if (!down)
        {
            throw ServiceTimes.NotStopped(Name, result.Succeeded ? status.Detail : $"{_commands.Stop[0]}: {result.Complaint}", _times.Stop);
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await ReadStatusAsync(cancellationToken)).State == ServiceState.Running)
        {
            return;
        }

        var result = await RunAsync(_commands.Start, _times.Start, cancellationToken);
        var limit = result.Succeeded ? _times.Start : TimeSpan.Zero;
        var (status, running) = await ServiceTimes.WaitAsync(ReadStatusAsync, static one => one.State == ServiceState.Running, limit, _clock, cancellationToken);
        if (!running)
        {
            throw ServiceTimes.NotStarted(Name, result.Succeeded ? status.Detail : $"{_commands.Start[0]}: {result.Complaint}", "see the server's own log");
        }
    }

    private Task<ProcessResult> RunAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellationToken) =>
        _runner.RunAsync(new ProcessRequest { Program = command[0], Arguments = [.. command.Skip(1)], TimeLimit = limit }, cancellationToken);
}
