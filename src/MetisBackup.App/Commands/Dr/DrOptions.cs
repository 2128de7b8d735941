using System.CommandLine;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
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
    private const string NoService = "none";

    private readonly Option<string> _dataset = Text("--dataset", "NAME", "Data set that holds the server's data", Defaults.Dataset);
    private readonly Option<string> _zfs = Text("--zfs", "PATH", "The zfs command; zpool lies beside it", "zfs");
    private readonly Option<string> _state = Text("--state", "DIR", "Directory of locks and journals; not on the data set", Defaults.State);
    private readonly Option<string> _log = Text("--log", "FILE", "Log of what the DR tier did", Defaults.DrLog);
    private readonly Option<string> _service = Text("--service", "NAME", "The server's systemd unit, or what to call it with --start-command; none when you stop and start it yourself", Defaults.Service);
    private readonly Option<string?> _start = new(Start) { Description = "Program that starts the server, as a JSON list, instead of systemctl", HelpName = "LIST" };
    private readonly Option<string?> _stop = new(Stop) { Description = "Program that stops the server, as a JSON list", HelpName = "LIST" };
    private readonly Option<string?> _status = new(Status) { Description = "Program that ends with 0 while the server runs, as a JSON list", HelpName = "LIST" };
    private readonly Option<int> _patience = new("--server-timeout") { Description = "How long the server may take to start or stop", HelpName = "SECONDS", DefaultValueFactory = static _ => 300 };

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

    /// <summary>Where to work, names checked.</summary>
    /// <exception cref="MetisException">2: a name cannot be one.</exception>
    public DrSettings Settings(ParseResult parsed) => new(
        DatasetName.Require(parsed.GetRequiredValue(_dataset)),
        parsed.GetRequiredValue(_zfs),
        Path.GetFullPath(parsed.GetRequiredValue(_state)),
        Path.GetFullPath(parsed.GetRequiredValue(_log)));

    /// <summary>How long the server may take.</summary>
    /// <exception cref="MetisException">2: less than a second.</exception>
    public TimeSpan Patience(ParseResult parsed) => parsed.GetValue(_patience) is var seconds and > 0
        ? TimeSpan.FromSeconds(seconds)
        : throw new MetisException(ErrorCode.Usage, "--server-timeout is less than a second.", "give the number of seconds that the server may take to start");

    /// <summary>How the server is stopped and started: by commands when they were given, by systemd otherwise.</summary>
    /// <exception cref="MetisException">2: some of the three commands are missing, or no list.</exception>
    public ServiceSettings Service(ParseResult parsed, ServerSettings server)
    {
        var name = parsed.GetRequiredValue(_service);
        IReadOnlyList<string>?[] commands = [ArgumentList.Read(Start, parsed.GetValue(_start)), ArgumentList.Read(Stop, parsed.GetValue(_stop)), ArgumentList.Read(Status, parsed.GetValue(_status))];
        if (Array.TrueForAll(commands, static one => one is null))
        {
            return new ServiceSettings { Name = name == NoService ? null : name, Server = server, Patience = Patience(parsed) };
        }

        return commands is [{ } start, { } stop, { } status]
            ? new ServiceSettings { Name = name, Commands = new ServiceCommandLines(start, stop, status), Server = server, Patience = Patience(parsed) }
            : throw new MetisException(ErrorCode.Usage, $"{Start}, {Stop} and {Status} belong together.", "give all three, or none to use systemd");
    }

    private static Option<string> Text(string name, string helpName, string description, string defaultValue) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => defaultValue };
}
