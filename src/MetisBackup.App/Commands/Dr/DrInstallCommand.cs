using System.CommandLine;
using System.Globalization;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr install</c>.</summary>
internal sealed class DrInstallCommand
{
    private readonly Option<string> _dataset = Text("--dataset", "NAME", "Data set that holds the server's data", Defaults.Dataset);
    private readonly Option<string> _zfs = Text("--zfs", "PATH", "The zfs command", "zfs");
    private readonly Option<string> _state = Text("--state", "DIR", "Directory of locks and journals; not on the data set", Defaults.State);
    private readonly Option<string> _log = Text("--log", "FILE", "Log of what the DR tier did", Defaults.DrLog);
    private readonly Option<string> _at = Text("--at", "HH:MM", "Local time of day", "02:00");
    private readonly Option<string?> _keepLast = new("--keep-last") { Description = "Nightly snapshots to keep; 30 when not given", HelpName = "N" };
    private readonly Option<string?> _serverConfig = new("--server-config") { Description = "The server's configuration, which tells where its data lies", HelpName = "FILE" };
    private readonly Option<string[]> _dataPaths = Repeated("--data-path", "A path that must lie on the data set; may be repeated");
    private readonly Option<string[]> _accepted = Repeated("--accept-outside", "A path of the server that need not be captured; may be repeated");
    private readonly Option<string?> _account = new("--run-as") { Description = "Run as this account instead of root; 'zfs allow' gives it what it needs", HelpName = "ACCOUNT" };
    private readonly Option<string?> _executable = new("--executable") { Description = "The metis-backup to run; this one when not given", HelpName = "PATH" };
    private readonly Option<string> _root = Text("--root", "DIR", "Write the files below this directory and touch nothing else", "/");
    private readonly Option<bool> _cron = new("--cron") { Description = "Also a file for cron, which works where systemd does not" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show the files; write nothing" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace files of the same name that somebody else made; they are kept with '~' appended" };

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var options = new DrInstallCommand();
        var command = new Command("install", "Take a snapshot each night: timer, service, log rotation")
        {
            options._dataset, options._zfs, options._state, options._log, options._at, options._keepLast, options._serverConfig, options._dataPaths, options._accepted,
            options._account, options._executable, options._root, options._cron, options._dryRun, options._force,
        };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var result = await new InstallSchedule(run.Clock).RunAsync(options.Request(run), cancellationToken);
                if (Environment.GetEnvironmentVariable(Defaults.PasswordVariable) is { Length: > 0 } && run.Options.PasswordFile(run.Parsed) is null)
                {
                    run.Screen.Error($"The timer does not have the variable {Defaults.PasswordVariable}: give --password-file, or the server is not asked to flush its log.", Tone.Warning);
                }

                run.Report(result.ToDocument(), DocumentContext.Writing.InstallDocument, () => Write(run.Screen, result));
                return 0;
            },
            "some files may be there already; run the same command again to finish");
        return command;
    }

    private InstallScheduleRequest Request(CommandRun run)
    {
        var parsed = run.Parsed;
        string[] place =
        [
            _dataset.Name, parsed.GetRequiredValue(_dataset), .. Typed(parsed, _zfs, static zfs => zfs), .. Typed(parsed, _state, Path.GetFullPath), .. Typed(parsed, _log, Path.GetFullPath),
        ];
        string[] coverage =
        [
            .. Typed(parsed, _serverConfig, static file => Path.GetFullPath(file!)),
            .. parsed.GetRequiredValue(_dataPaths).SelectMany(path => (string[])[_dataPaths.Name, Path.GetFullPath(path)]),
            .. parsed.GetRequiredValue(_accepted).SelectMany(path => (string[])[_accepted.Name, Path.GetFullPath(path)]),
        ];
        return new InstallScheduleRequest
        {
            Job = new NightlyJob
            {
                Executable = parsed.GetValue(_executable) is { } given ? Path.GetFullPath(given) : Environment.ProcessPath ?? throw new MetisException(ErrorCode.Usage, "Nobody knows where this program lies.", "name it with --executable"),
                Arguments = ["dr", "create", "--prune", .. Typed(parsed, _keepLast, static count => Count(count!)), .. place, .. coverage, .. run.Options.TypedServerOptions(parsed)],
                At = Time(parsed.GetRequiredValue(_at)),
                Dataset = parsed.GetRequiredValue(_dataset),
                Log = Path.GetFullPath(parsed.GetRequiredValue(_log)),
                State = Path.GetFullPath(parsed.GetRequiredValue(_state)),
                Account = parsed.GetValue(_account),
            },
            Zfs = parsed.GetRequiredValue(_zfs),
            Root = Path.GetFullPath(parsed.GetRequiredValue(_root)),
            WithCron = parsed.GetValue(_cron),
            DryRun = parsed.GetValue(_dryRun),
            Replace = parsed.GetValue(_force),
        };
    }

    private static IEnumerable<string> Typed<T>(ParseResult parsed, Option<T> option, Func<T, string> text) =>
        parsed.GetResult(option) is { Implicit: false } ? [option.Name, text(parsed.GetRequiredValue(option))] : [];

    private static string Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        ? text
        : throw new MetisException(ErrorCode.Usage, "--keep-last is no number above zero.", "give how many nightly snapshots to keep, for example 30");

    private static TimeOnly Time(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time
        : throw new MetisException(ErrorCode.Usage, "--at is no time of day.", "write it like 02:00");

    private static void Write(Screen screen, InstallScheduleResult result)
    {
        foreach (var file in result.Files)
        {
            if (!result.Executed)
            {
                screen.Line($"==> {file.Path} ({Word(file.Change, "would be ")})", Tone.Strong);
                screen.Line(file.Content);
            }
            else if (screen.Verbosity != Verbosity.Quiet)
            {
                screen.Line($"{Word(file.Change, "")}: {file.Path}");
            }
        }

        if (result.Grant is { } grant)
        {
            screen.Line($"{(result.Granted ? "run" : "to be run by root")}: {grant}");
        }

        screen.Message((result.Executed, result.Changed, result.TimerStarted) switch
        {
            (false, _, _) => "Nothing was written.",
            (_, false, _) => "Everything is as it should be; nothing was changed.",
            (_, _, true) => "The timer runs; 'systemctl list-timers' shows when it goes off next.",
            _ => "The timer starts with the machine.",
        });
    }

    private static string Word(ScheduleChange change, string would) => change switch
    {
        ScheduleChange.None => "unchanged",
        ScheduleChange.Create => would + "created",
        ScheduleChange.Update => would + "updated",
        _ => would + "replaced",
    };

    private static Option<string> Text(string name, string helpName, string description, string defaultValue) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => defaultValue };

    private static Option<string[]> Repeated(string name, string description) =>
        new(name) { Description = description, HelpName = "PATH", DefaultValueFactory = static _ => [] };
}
