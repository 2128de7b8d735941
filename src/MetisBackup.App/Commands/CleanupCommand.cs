using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup cleanup</c>.</summary>
internal static class CleanupCommand
{
    private static readonly Column[] Columns = [new("NAME"), new("OUTCOME"), new("WHY")];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var database = new Option<string?>("--database") { Description = "Only snapshots of this database", HelpName = "DB" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go; change nothing" };
        var explain = new Option<bool>("--explain") { Description = "Also name those that stay, and why" };
        var until = new Option<string?>("--until") { Description = "Show what will be there then, if the schedules run: a time span like 90d, or a date; change nothing", HelpName = "WHEN" };
        var command = new Command("cleanup", "Remove the snapshots that no retention rule keeps") { database, dryRun, explain, until };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var only = run.Parsed.GetValue(database) is { } given ? ServerNames.RequireDatabase(given) : null;
                var subject = run.Settings.Target is null ? null : RetentionSettings.Subject(run.Settings);
                var request = new CleanUpSnapshotsRequest
                {
                    StorePath = run.Store,
                    Rules = RetentionSettings.Rules(run.Settings),
                    Database = only,
                    Subject = subject is not null && only is not null ? subject with { Name = only } : subject,
                    Files = BulkOptions.Settings(run),
                    DryRun = run.Parsed.GetValue(dryRun),
                    Horizon = run.Parsed.GetValue(until) is { } moment ? RetentionSettings.Horizon(run.Settings, TargetTier.Operational, run.Clock.GetUtcNow(), Moment.Read("--until", moment, run.Clock.GetUtcNow())) : null,
                };
                var series = (only ?? subject?.Name) is { } captured ? TargetSeries.Of(run.Settings, captured) : RunSeries.EveryDatabase;
                var supervised = await run.SuperviseAsync(
                    request.DryRun || request.Horizon is not null ? null : RunSubject.Asked(series, RunOperation.Cleanup),
                    token => new CleanUpSnapshots(run.Clock).RunAsync(request, token),
                    RunFactsOf.ToFacts,
                    cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.CleanupDocument, () => Write(run, result, run.Parsed.GetValue(explain)));
                return supervised.ExitCode;
            },
            "some snapshots may be gone; run the same command again to finish");
        return command;
    }

    private static void Write(CommandRun run, CleanUpSnapshotsResult result, bool explains)
    {
        var screen = run.Screen;
        if (screen.Verbosity == Verbosity.Quiet)
        {
            foreach (var one in result.Removed)
            {
                screen.Line(HumanText.Printable(one.Name));
            }
        }
        else
        {
            foreach (var series in result.Series)
            {
                Write(run, result, series, explains);
            }

            foreach (var folder in result.Trash)
            {
                screen.Line(HumanText.Printable($"{(result.Executed ? "removed" : "would remove")} {folder}: what a restore of files put aside long ago"));
            }

            screen.Message(result switch
            {
                { Series.Count: 0, Warnings.Count: 0 } => $"There are no snapshots in {HumanText.Printable(run.Store)}.",
                { Executed: false } => "Nothing was changed.",
                { FreedBytes: { } freed, Removed.Count: > 0 } => $"Freed {HumanText.Bytes(freed)}.",
                _ => "",
            });
        }

        WarningLines.Write(screen, result.Warnings);
        WarningLines.Write(screen, result.Obstacles);
    }

    private static void Write(CommandRun run, CleanUpSnapshotsResult result, CleanedSeries series, bool explains)
    {
        var screen = run.Screen;
        var name = HumanText.Printable((series.IsSafety ? "States before restores of " : "") + (series.Database ?? "an unknown database") + (series.Server is { } server ? " on " + server : ""));
        if (series.Forecast is { } forecast)
        {
            ForecastLines.Write(screen, name, forecast, run.Clock.LocalTimeZone, explains);
            return;
        }

        var removed = series.Items.Count(static one => one.Outcome == PruneOutcome.Removed);
        screen.Line($"{name}: {(result.Executed ? "removed" : "would remove")} {removed} of {series.Items.Count} ({series.Policy})", Tone.Strong);
        var shown = series.Items.Where(one => explains || one.Outcome != PruneOutcome.Kept).ToList();
        if (shown.Count > 0)
        {
            screen.Table(Columns, shown.Select(one => new[] { one.Name, one.Outcome == PruneOutcome.Removed && !result.Executed ? "would go" : one.Outcome.ToString().ToLowerInvariant(), one.Reason }));
        }
    }
}
