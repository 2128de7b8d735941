using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup restore</c>.</summary>
internal static class RestoreCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var name = SnapshotArgument.Required();
        var collections = new Option<string[]>("--collection") { Description = "Only this collection; may be repeated", HelpName = "C", DefaultValueFactory = static _ => [] };
        var into = new Option<string?>("--into") { Description = "Restore into this database; it is made when missing", HelpName = "DB" };
        var full = new Option<bool>("--full") { Description = "Make every collection anew, however little differs" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan, change nothing" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("restore", "Make a database equal to a snapshot") { name, collections, into, full, dryRun, yes };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new RestoreDatabaseRequest
                {
                    Server = run.Server,
                    StorePath = run.Store,
                    Name = run.Parsed.GetRequiredValue(name),
                    Collections = run.Parsed.GetRequiredValue(collections),
                    Into = run.Parsed.GetValue(into),
                    DryRun = run.Parsed.GetValue(dryRun),
                    Begun = saved => run.Aftermath = AfterInterruption(saved, run.Parsed.GetValue(into)),
                    Full = run.Parsed.GetValue(full),
                    IsApproved = run.Parsed.GetValue(yes),
                    Approve = (plan, token) => ApproveAsync(run, plan, run.Parsed.GetValue(yes), token),
                };
                var supervised = await run.SuperviseAsync(
                    Subject(run, request), token => new RestoreDatabase(run.Clock, run.Progress).RunAsync(request, token), RunFactsOf.ToFacts, cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.RestoreDocument, () => Write(run.Screen, result));
                return supervised.ExitCode;
            });
        return command;
    }

    private static RunSubject? Subject(CommandRun run, RestoreDatabaseRequest request) => request.DryRun
        ? null
        : RunSubject.Asked(RunSeries.Operational(request.Into ?? SnapshotOwner.Find(request.StorePath, request.Name, run.Clock) ?? run.Settings.Operational.Database), RunOperation.Restore);

    private static async ValueTask<bool> ApproveAsync(CommandRun run, RestorePlan plan, bool yes, CancellationToken cancellationToken)
    {
        var screen = run.Screen;
        if (screen.Verbosity != Verbosity.Quiet || !yes)
        {
            screen.Status("");
            screen.Error(PlanText.Headline(plan), Tone.Strong);
            screen.MessageTable(PlanText.Columns, PlanText.Rows(plan));
        }

        return await run.ConfirmAsync("restore", PlanText.Question(plan), yes, cancellationToken);
    }

    private static Aftermath AfterInterruption(IReadOnlyList<string> saved, string? into) => saved is not [var before, ..]
        ? new Aftermath("the database may be between two states", "run the same command again to finish it")
        : new Aftermath(
            $"the database may be between two states, the one before is kept as {before}{(saved.Count > 1 ? $", what lay there in between as {saved[^1]}" : "")}",
            $"run the same command again to finish it, or go back: metis-backup restore {before}{(into is null ? "" : $" --into {ShellWord.Of(into)}")}");

    private static void Write(Screen screen, RestoreDatabaseResult result)
    {
        if (!result.Executed)
        {
            screen.Line(PlanText.Headline(result.Plan), Tone.Strong);
            screen.Table(PlanText.Columns, PlanText.Rows(result.Plan));
            screen.Line("Nothing was changed: this was a dry run.");
        }
        else if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(HumanText.Printable(result.Database));
        }
        else
        {
            if (screen.Verbosity == Verbosity.Verbose)
            {
                CollectionTable.Write(screen, result.Collections);
            }

            screen.Line($"Restored {HumanText.Printable(result.Database)} to {HumanText.Printable(result.Snapshot)}", Tone.Good);
            screen.Line($"  {PlanText.Summary(result.Plan)} in {HumanText.Duration(result.Duration)}");
            screen.Line($"  {HumanText.Count(result.Documents, "document")} written, {HumanText.Bytes(result.DocumentBytes)}");
            screen.Line("  " + CollectionTable.Proof(result.Collections) + (result.RevisionsKept ? "" : "; documents have new revisions"));
            if (result.SafetySnapshot is { } safety)
            {
                screen.Line($"  the state before is kept as {HumanText.Printable(safety)}");
            }

            foreach (var interim in result.InterimSnapshots)
            {
                screen.Line($"  what lay there when the unfinished restore was taken up again is kept as {HumanText.Printable(interim)}");
            }

            if (result.BaselineSnapshot is { } baseline)
            {
                screen.Line($"  the state now, with its new revisions, is kept as {HumanText.Printable(baseline)}: restore that one to come back here fast");
            }
        }

        WarningLines.Write(screen, result.Warnings);
    }
}
