using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Bulk;
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
        var bulk = BulkOptions.AddToRestore(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var files = RestoreFilesRun.Request(run, bulk, run.Snapshot(run.Parsed.GetRequiredValue(name)), run.Parsed.GetValue(dryRun));
                if (bulk.IsAlone(run))
                {
                    RestoreFilesRun.RequireAlone(run.Parsed.GetValue(full) || run.Parsed.GetValue(into) is not null || run.Parsed.GetRequiredValue(collections).Length > 0);
                    return await RestoreFilesRun.RunAsync(run, files, run.Parsed.GetValue(yes), cancellationToken);
                }

                var request = new RestoreDatabaseRequest
                {
                    Server = run.Server,
                    StorePath = run.Store,
                    Name = files.Name,
                    Collections = run.Parsed.GetRequiredValue(collections),
                    Into = run.Parsed.GetValue(into),
                    DryRun = run.Parsed.GetValue(dryRun),
                    Begun = saved => run.Aftermath = AfterInterruption(saved, run.Parsed.GetValue(into)),
                    Full = run.Parsed.GetValue(full),
                    IsApproved = run.Parsed.GetValue(yes),
                    Approve = (plan, token) => ApproveAsync(run, plan, files: null, run.Parsed.GetValue(yes), token),
                };
                if (bulk.IsAsked(run))
                {
                    RestoreFilesRun.RequireDirectoryOfCopy(request.Into, bulk.NamesDirectory(run));
                }

                var together = bulk.IsAsked(run) ? Together(run, request, files) : null;
                var supervised = await run.SuperviseAsync(
                    Subject(run, request), token => together is null ? new RestoreDatabase(run.Clock, run.Progress).RunAsync(request, token) : new RestoreGeneration(run.Clock, run.Progress).RunAsync(together, token), RunFactsOf.ToFacts, cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.RestoreDocument, () => Write(run.Screen, result));
                return supervised.ExitCode;
            });
        return command;
    }

    private static RunSubject? Subject(CommandRun run, RestoreDatabaseRequest request) => request.DryRun
        ? null
        : RunSubject.Asked(TargetSeries.Of(run.Settings, request.Into ?? SnapshotOwner.Find(request.StorePath, request.Name, run.Clock) ?? run.Settings.Operational.Database), RunOperation.Restore);

    private static RestoreGenerationRequest Together(CommandRun run, RestoreDatabaseRequest request, RestoreFilesRequest files) => new()
    {
        Database = request,
        Files = files,
        Approve = (plan, tree, token) => ApproveAsync(run, plan, tree, request.IsApproved, token),
    };

    private static async ValueTask<bool> ApproveAsync(CommandRun run, RestorePlan plan, TreePlan? files, bool yes, CancellationToken cancellationToken)
    {
        var screen = run.Screen;
        if (screen.Verbosity != Verbosity.Quiet || !yes)
        {
            screen.Status("");
            screen.Error(PlanText.Headline(plan), Tone.Strong);
            screen.MessageTable(PlanText.Columns, PlanText.Rows(plan));
            if (files is not null)
            {
                FilesPlanText.Write(screen, files, isResult: false);
            }
        }

        var question = files is null ? PlanText.Question(plan) : $"{PlanText.Question(plan)} {FilesPlanText.Question(files)}";
        return await run.ConfirmAsync("restore", question, yes, cancellationToken);
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
            if (result.Files is { } planned)
            {
                FilesPlanText.Write(screen, planned.Plan, isResult: true);
            }

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

            if (result.Files is { } files)
            {
                FilesPlanText.WriteDone(screen, files);
            }
            else if (result.HeldFiles is { } held)
            {
                screen.Line($"  {HumanText.Count(held, "file")} of the snapshot were left as they are: --only-bulk restores them");
            }
        }

        WarningLines.Write(screen, result.Warnings);
    }
}
