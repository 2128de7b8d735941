using System.CommandLine;
using MetisBackup.App.Operations;
using MetisBackup.App.Supervision;
using MetisBackup.App.Supervision.Metrics;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup metrics</c>.</summary>
internal static class MetricsCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var write = new Option<bool>("--write") { Description = "Write them to the file that metrics.textfile names, for node_exporter, instead of standard output" };
        var command = new Command("metrics", "Tell how the backups stand in the text format of Prometheus") { write };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            if (run.Json)
            {
                throw new MetisException(ErrorCode.Usage, "Metrics have a format of their own.", "'metis-backup status --json' tells the same as JSON");
            }

            var path = run.Parsed.GetValue(write)
                ? run.Settings.Serve.MetricsTextfile ?? throw new MetisException(ErrorCode.Usage, "No file for metrics is configured.", "set textfile in [metrics], or leave --write out")
                : null;
            var text = StatusMetrics.Of(await new ReadStatus(run.Clock).RunAsync(WatchedTargets.Of(run.Settings, run.Clock), cancellationToken));
            if (path is null)
            {
                run.Screen.Document(text.TrimEnd('\n'));
            }
            else
            {
                MetricsFile.Write(path, text);
            }

            return 0;
        });
        return command;
    }
}
