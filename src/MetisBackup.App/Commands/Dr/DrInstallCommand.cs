using System.CommandLine;
using System.Globalization;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr install</c>.</summary>
internal sealed class DrInstallCommand
{
    private readonly SettingOption _dataset = new("--dataset", "dr.dataset", "NAME", "Data set that holds the server's data");
    private readonly SettingOption _zfs = new("--zfs", "dr.zfs", "PATH", "The zfs command");
    private readonly SettingOption _state = new("--state", "dr.state", "DIR", "Directory of locks and journals; not on the data set");
    private readonly SettingOption _log = new("--log", "dr.log", "FILE", "Log of what the DR tier did");
    private readonly SettingOption _at = new("--at", "dr.at", "HH:MM", "Local time of day");
    private readonly Option<string?> _keepLast = new("--keep-last") { Description = "Nightly snapshots to keep; 30 when not given", HelpName = "N" };
    private readonly SettingOption _serverConfig = new("--server-config", "dr.server_config", "FILE", "The server's configuration, which tells where its data lies");
    private readonly SettingListOption _dataPaths = new("--data-path", "dr.data_paths", "A path that must lie on the data set; may be repeated");
    private readonly SettingListOption _accepted = new("--accept-outside", "dr.accept_outside", "A path of the server that need not be captured; may be repeated");
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
                foreach (var warning in InstallLines.Unseen(run, "timer"))
                {
                    run.Screen.Error(warning, Tone.Warning);
                }

                run.Report(result.ToDocument("dr install"), DocumentContext.Writing.InstallDocument, () => InstallLines.Write(run.Screen, result, "timer", "'systemctl list-timers' shows when it goes off next"));
                return 0;
            },
            "some files may be there already; run the same command again to finish");
        return command;
    }

    private InstallScheduleRequest Request(CommandRun run)
    {
        var parsed = run.Parsed;
        var dr = run.Of(TargetTier.Dr).Dr;
        string[] place = [.. ((ISettingOption[])[_dataset, _zfs, _state, _log]).SelectMany(option => option.Typed(parsed))];
        string[] coverage = [.. ((ISettingOption[])[_serverConfig, _dataPaths, _accepted]).SelectMany(option => option.Typed(parsed))];
        return new InstallScheduleRequest
        {
            Job = new NightlyJob
            {
                Executable = parsed.GetValue(_executable) is { } given ? Path.GetFullPath(given) : Environment.ProcessPath ?? throw new MetisException(ErrorCode.Usage, "Nobody knows where this program lies.", "name it with --executable"),
                Arguments = ["dr", "create", "--prune", .. parsed.GetValue(_keepLast) is { } count ? (string[])[_keepLast.Name, Count(count)] : [], .. place, .. coverage, .. run.Options.TypedServerOptions(parsed)],
                At = dr.At,
                Dataset = dr.Dataset,
                Log = dr.Log,
                State = dr.State,
                Places = [.. PlacesBeside(run.Settings.Serve, dr.State)],
                Account = parsed.GetValue(_account),
            },
            Zfs = dr.Zfs,
            Root = Path.GetFullPath(parsed.GetRequiredValue(_root)),
            WithCron = parsed.GetValue(_cron),
            DryRun = parsed.GetValue(_dryRun),
            Replace = parsed.GetValue(_force),
            ServiceTakesNightly = run.Settings.TakesNightly,
        };
    }

    /// <summary>Directories of what a run writes beside its snapshot, when they are not that of the state.</summary>
    private static IEnumerable<string> PlacesBeside(ServeSection serve, string state) => ((string?[])[serve.History, serve.MetricsTextfile])
        .Select(static file => Path.GetDirectoryName(file))
        .OfType<string>()
        .Where(place => place != Path.TrimEndingDirectorySeparator(state));

    private static string Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        ? text
        : throw new MetisException(ErrorCode.Usage, "--keep-last is no number above zero.", "give how many nightly snapshots to keep, for example 30");

    private static Option<string> Text(string name, string helpName, string description, string defaultValue) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => defaultValue };
}
