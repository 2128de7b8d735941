using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var nagios = new Option<bool>(NagiosLine.Option) { Description = "One line with performance data for Nagios and its kin; ends with 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN" };
        var timeout = new Option<int>("--timeout") { Description = "How long each part may take before it counts as unknown", HelpName = "SECONDS", DefaultValueFactory = static _ => 20 };
        var alarm = new Option<bool>("--alarm") { Description = "Also tell the alarms of the configuration what is not well, and what is well again: for machines on which no service does that. With --quiet nothing is printed" };
        var command = new Command("status", "Tell how the backups of both tiers stand") { nagios, timeout, alarm };
        runner.Bind(command, (run, cancellationToken) => run.Parsed.GetValue(nagios) ? CheckAsync(run, timeout, run.Parsed.GetValue(alarm), cancellationToken) : TellAsync(run, timeout, run.Parsed.GetValue(alarm), cancellationToken));
        return command;
    }

    private static async Task<int> TellAsync(CommandRun run, Option<int> timeout, bool alarms, CancellationToken cancellationToken)
    {
        var report = await ReadAsync(run, timeout, cancellationToken);
        run.Report(report.ToDocument(), DocumentContext.Writing.StatusDocument, () =>
        {
            // cron sends what a job prints by mail
            if (!alarms || run.Screen.Verbosity != Verbosity.Quiet)
            {
                new StatusText(run.Screen, run.Clock.LocalTimeZone).Write(report);
            }
        });
        var failures = alarms ? await new AlarmCheck(run.Settings, new AlarmStopgap(), run.Clock).RunAsync(StatusObservations.Of(report), cancellationToken) : [];
        foreach (var failure in failures)
        {
            run.Screen.Labelled("warning", Tone.Warning, HumanText.Printable(failure));
        }

        return failures.Count == 0 ? 0 : (int)ErrorCode.Incomplete;
    }

    /// <summary>Whatever goes wrong, a monitoring system gets its line, and never a code that it would take for something else.</summary>
    private static async Task<int> CheckAsync(CommandRun run, Option<int> timeout, bool alarms, CancellationToken cancellationToken)
    {
        try
        {
            if (run.Json || alarms)
            {
                throw new MetisException(ErrorCode.Usage, $"{(alarms ? "--alarm" : "--json")} and {NagiosLine.Option} exclude each other.");
            }

            var report = await ReadAsync(run, timeout, cancellationToken);
            run.Screen.Document(NagiosLine.Of(report));
            return (int)report.Health;
        }
        catch (MetisException failure)
        {
            run.Screen.Document(NagiosLine.Of(failure));
            return (int)Health.Unknown;
        }
    }

    private static Task<StatusReport> ReadAsync(CommandRun run, Option<int> timeout, CancellationToken cancellationToken)
    {
        var seconds = run.Parsed.GetValue(timeout);
        return seconds is > 0 and <= 3600
            ? new ReadStatus(run.Clock).RunAsync(WatchedTargets.Of(run.Settings, run.Clock) with { Patience = TimeSpan.FromSeconds(seconds) }, cancellationToken)
            : throw new MetisException(ErrorCode.Usage, "The time of --timeout cannot be.", "give 1 to 3600 seconds");
    }
}
