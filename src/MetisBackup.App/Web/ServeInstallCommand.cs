using System.CommandLine;
using MetisBackup.App.Commands;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Web;

/// <summary><c>metis-backup serve install</c> and <c>serve uninstall</c>.</summary>
internal static class ServeInstallCommand
{
    /// <summary>Builds <c>install</c>.</summary>
    public static Command BuildInstall(CommandRunner runner)
    {
        var account = new Option<string?>("--run-as") { Description = "Run as this account instead of root", HelpName = "ACCOUNT" };
        var executable = new Option<string?>("--executable") { Description = "The metis-backup to run; this one when not given", HelpName = "PATH" };
        var root = Root("Write the files below this directory and touch nothing else");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the files; write nothing" };
        var force = new Option<bool>("--force") { Description = "Replace files of the same name that somebody else made; they are kept with '~' appended" };
        var command = new Command("install", "Have systemd keep the service running") { account, executable, root, dryRun, force };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var parsed = run.Parsed;
                var program = parsed.GetValue(executable) is { } given ? Path.GetFullPath(given) : Environment.ProcessPath ?? throw new MetisException(ErrorCode.Usage, "Nobody knows where this program lies.", "name it with --executable");
                var request = new InstallServiceRequest
                {
                    Unit = UnitOf(run.Settings, program, ["serve", .. run.Options.TypedServerOptions(parsed)], parsed.GetValue(account)),
                    Root = Path.GetFullPath(parsed.GetRequiredValue(root)),
                    DryRun = parsed.GetValue(dryRun),
                    Replace = parsed.GetValue(force),
                    TakesNightly = run.Settings.TakesNightly,
                };
                var result = await new InstallService(run.Clock).RunAsync(request, cancellationToken);
                foreach (var warning in InstallLines.Unseen(run, "service"))
                {
                    run.Screen.Error(warning, Tone.Warning);
                }

                run.Report(result.ToDocument("serve install"), DocumentContext.Writing.InstallDocument, () => InstallLines.Write(run.Screen, result, "service", "'systemctl status metis-backup' shows how it stands"));
                return 0;
            },
            "some files may be there already; run the same command again to finish");
        return command;
    }

    /// <summary>Builds <c>uninstall</c>.</summary>
    public static Command BuildUninstall(CommandRunner runner)
    {
        var root = Root("Look below this directory");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go; remove nothing" };
        var command = new Command("uninstall", "Stop the service and take away its unit; snapshots, log and history stay") { root, dryRun };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new UninstallScheduleRequest(Path.GetFullPath(run.Parsed.GetRequiredValue(root)), run.Parsed.GetValue(dryRun), OfService: true);
                var result = await new UninstallSchedule(run.Clock).RunAsync(request, cancellationToken);
                run.Report(result.ToDocument("serve uninstall"), DocumentContext.Writing.UninstallDocument, () => InstallLines.Write(run.Screen, result));
                return 0;
            },
            "some files may be gone already; run the same command again to finish");
        return command;
    }

    /// <summary>Everything that the service may have to write, for whichever target.</summary>
    private static ServiceUnit UnitOf(Settings settings, string executable, IReadOnlyList<string> arguments, string? account)
    {
        var targets = settings.Targets.Select(one => settings.For(one.Name)).ToList();
        return new ServiceUnit
        {
            Executable = executable,
            Arguments = arguments,
            State = settings.Dr.State,
            Places =
            [
                .. targets.Where(static one => one.Target!.Tier == TargetTier.Operational).Select(static one => one.Operational.Store),

                AroundFiles(settings.Bulk.Path),
                Path.GetDirectoryName(settings.Dr.Log)!,
                .. Path.GetDirectoryName(settings.Serve.History) is { } folder && folder != settings.Dr.State ? (string[])[folder] : [],
                .. settings.Serve.MetricsTextfile is { } textfile ? (string[])[Path.GetDirectoryName(textfile)!] : [],
            ],
            StopTimeout = settings.Serve.StopTimeout,
            Account = account,
        };
    }

    /// <summary>
    /// Where the trash of bulk files lies, which each cleanup empties: beside their directory, or in it where that has a file system of its own, as one at the
    /// top does. It may be made while the service runs, so it cannot be named itself.
    /// </summary>
    private static string AroundFiles(string path) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 1 } above ? above : path;

    private static Option<string> Root(string description) => new("--root") { Description = description, HelpName = "DIR", DefaultValueFactory = static _ => "/" };
}
