using System.CommandLine;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Commands.Dr;

/// <summary>The options that the commands of the DR tier share.</summary>
internal sealed class DrOptions
{
    private const string Start = "--start-command";
    private const string Stop = "--stop-command";
    private const string Status = "--status-command";

    private readonly SettingOption _dataset = new("--dataset", "dr.dataset", "NAME", "Data set that holds the server's data");
    private readonly SettingOption _zfs = new("--zfs", "dr.zfs", "PATH", "The zfs command; zpool lies beside it");
    private readonly SettingOption _state = new("--state", "dr.state", "DIR", "Directory of locks and journals; not on the data set");
    private readonly SettingOption _log = new("--log", "dr.log", "FILE", "Log of what the DR tier did");
    private readonly SettingOption _service = new("--service", "dr.service", "NAME", "The server's systemd unit, or what to call it with --start-command; none when you stop and start it yourself");
    private readonly SettingOption _start = new(Start, "dr.start_command", "LIST", "Program that starts the server, as a JSON list, instead of systemctl");
    private readonly SettingOption _stop = new(Stop, "dr.stop_command", "LIST", "Program that stops the server, as a JSON list");
    private readonly SettingOption _status = new(Status, "dr.status_command", "LIST", "Program that ends with 0 while the server runs, as a JSON list");
    private readonly SettingOption _patience = new("--server-timeout", "dr.server_timeout", "SECONDS", "How long the server may take to start or stop", unit: 's');

    /// <summary>Where to work, names checked.</summary>
    /// <exception cref="MetisException">2: the target that was chosen is a database.</exception>
    public static DrSettings Settings(CommandRun run)
    {
        var dr = run.Of(TargetTier.Dr).Dr;
        return new DrSettings(DatasetName.Require(dr.Dataset), dr.Zfs, dr.State, dr.Log);
    }

    /// <summary>How the server is stopped and started: by commands when they were given, by systemd otherwise.</summary>
    /// <exception cref="MetisException">2: some of the three commands are missing.</exception>
    public static ServiceSettings Service(CommandRun run)
    {
        var dr = run.Settings.Dr;
        return (dr.StartCommand, dr.StopCommand, dr.StatusCommand) switch
        {
            (null, null, null) => new ServiceSettings { Name = dr.Service, Server = run.Server, Patience = dr.ServerTimeout },
            ({ } start, { } stop, { } status) => new ServiceSettings { Name = dr.Service ?? DrSection.NoService, Commands = new ServiceCommandLines(start, stop, status), Server = run.Server, Patience = dr.ServerTimeout },
            _ => throw new MetisException(ErrorCode.Usage, $"{Start}, {Stop} and {Status} belong together, as do their keys in the configuration.", "give all three, or none to use systemd"),
        };
    }

    /// <summary>Adds where to work.</summary>
    public void AddPlace(Command command)
    {
        command.Options.Add(_dataset);
        command.Options.Add(_zfs);
        command.Options.Add(_state);
        command.Options.Add(_log);
    }

    /// <summary>Adds how the server is stopped and started.</summary>
    public void AddService(Command command)
    {
        command.Options.Add(_service);
        command.Options.Add(_start);
        command.Options.Add(_stop);
        command.Options.Add(_status);
        command.Options.Add(_patience);
    }

    /// <summary>Adds how long the server may take.</summary>
    public void AddPatience(Command command) => command.Options.Add(_patience);
}
