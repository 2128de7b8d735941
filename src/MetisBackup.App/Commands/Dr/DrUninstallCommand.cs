using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr uninstall</c>.</summary>
internal static class DrUninstallCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var root = new Option<string>("--root") { Description = "Look below this directory", HelpName = "DIR", DefaultValueFactory = static _ => "/" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go; remove nothing" };
        var command = new Command("uninstall", "Take away what install put there; snapshots, log and journals stay") { root, dryRun };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new UninstallScheduleRequest(Path.GetFullPath(run.Parsed.GetRequiredValue(root)), run.Parsed.GetValue(dryRun), OfService: false);
                var result = await new UninstallSchedule(run.Clock).RunAsync(request, cancellationToken);
                run.Report(result.ToDocument("dr uninstall"), DocumentContext.Writing.UninstallDocument, () => InstallLines.Write(run.Screen, result));
                return 0;
            },
            "some files may be gone already; run the same command again to finish");
        return command;
    }
}
