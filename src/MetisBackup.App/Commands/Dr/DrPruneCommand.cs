using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr prune</c>.</summary>
internal static class DrPruneCommand
{
    private static readonly Column[] Columns = [new("NAME"), new("OUTCOME"), new("WHY")];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go, and why the others stay; change nothing" };
        var until = new Option<string?>("--until") { Description = "Show which nightly snapshots will be there then, if the schedules run: a time span like 90d, or a date; change nothing", HelpName = "WHEN" };
        var rules = new RetentionOptions();
        var options = new DrOptions();
        var command = new Command("prune", "Remove nightly snapshots that no rule keeps, and kept states whose time is over") { dryRun, until };
        rules.AddTo(command);
        options.AddPlace(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new PruneDrSnapshotsRequest
                {
                    Settings = DrOptions.Settings(run),
                    Policy = rules.Policy(run),
                    Safety = run.Settings.Retention.Safety,
                    DryRun = run.Parsed.GetValue(dryRun),
                    Horizon = run.Parsed.GetValue(until) is { } moment ? RetentionSettings.Horizon(run.Settings, TargetTier.Dr, run.Clock.GetUtcNow(), Moment.Read("--until", moment, run.Clock.GetUtcNow())) : null,
                };
                var supervised = await run.SuperviseAsync(
                    request.DryRun || request.Horizon is not null ? null : RunSubject.Asked(RunSeries.Dr(request.Settings.Dataset.Value), RunOperation.Cleanup),
                    token => new PruneDrSnapshots(run.Clock).RunAsync(request, token),
                    RunFactsOf.ToFacts,
                    cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.DrPruneDocument, () => Write(run, result));
                return supervised.ExitCode;
            },
            "some snapshots may be gone; run the same command again to finish");
        return command;
    }

    private static void Write(CommandRun run, PruneDrSnapshotsResult result)
    {
        var screen = run.Screen;
        var removed = result.Removed;
        if (screen.Verbosity == Verbosity.Quiet)
        {
            foreach (var one in removed)
            {
                screen.Line(one.Name);
            }
        }
        else if (result.Forecast is { } forecast)
        {
            ForecastLines.Write(screen, "Nightly snapshots", forecast, run.Clock.LocalTimeZone, explains: screen.Verbosity == Verbosity.Verbose);
        }
        else
        {
            if (result.Items.Count > 0)
            {
                screen.Table(Columns, result.Items.Select(one => new[] { one.Name, Outcome(one.Outcome, result.Executed), one.Reason }));
            }

            screen.Line($"{(result.Executed ? "Removed" : "Would remove")} {removed.Count} of {result.Items.Count}: {result.Policy}.");
        }

        WarningLines.Write(screen, result.Warnings);
        WarningLines.Write(screen, result.Obstacles);
    }

    private static string Outcome(PruneOutcome outcome, bool executed) => outcome == PruneOutcome.Removed && !executed ? "would go" : outcome.ToString().ToLowerInvariant();
}
