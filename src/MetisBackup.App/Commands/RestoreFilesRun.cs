using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Commands;

/// <summary>The part of <c>metis-backup restore</c> that is about files.</summary>
internal static class RestoreFilesRun
{
    private const int MostInText = 20;
    private const int MostInDetail = 1000;

    /// <summary>What the operation needs.</summary>
    public static RestoreFilesRequest Request(CommandRun run, BulkOptions bulk, string name, bool dryRun) => new()
    {
        StorePath = run.Store,
        Name = name,
        Bulk = BulkOptions.Settings(run),
        IsDirectoryChosen = bulk.NamesDirectory(run),
        DryRun = dryRun,
        MostNamed = run.Json || run.Screen.Verbosity == Verbosity.Verbose ? MostInDetail : MostInText,
        Begun = (snapshot, trash) => run.Aftermath = new Aftermath($"the files may be between two states, what was there is kept in {trash}", $"finish with: metis-backup restore {ShellWord.Of(snapshot)} --only-bulk{(bulk.NamesDirectory(run) ? $" --bulk-path {ShellWord.Of(run.Settings.Bulk.Path)}" : "")}"),
        Approve = static (_, _) => ValueTask.FromResult(true),
    };

    /// <summary>Restores the files alone.</summary>
    public static async Task<int> RunAsync(CommandRun run, RestoreFilesRequest request, bool yes, CancellationToken cancellationToken)
    {
        request = request with { Approve = (plan, token) => ApproveAsync(run, plan, yes, token) };
        var subject = request.DryRun
            ? null
            : RunSubject.Asked(TargetSeries.Of(run.Settings, SnapshotOwner.Find(request.StorePath, request.Name, run.Clock) ?? run.Settings.Operational.Database), RunOperation.Restore);
        var supervised = await run.SuperviseAsync(subject, token => new RestoreFiles(run.Clock, run.Progress).RunAsync(request, token), RunFactsOf.ToFacts, cancellationToken);
        var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
        run.Report(result.ToDocument(), DocumentContext.Writing.RestoreFilesDocument, () => Write(run.Screen, result));
        return supervised.ExitCode;
    }

    /// <summary>Only what belongs to files goes with <c>--only-bulk</c>.</summary>
    /// <exception cref="MetisException">2: something else was given.</exception>
    public static void RequireAlone(bool hasOther)
    {
        if (hasOther)
        {
            throw new MetisException(ErrorCode.Usage, "--only-bulk restores no database, so it goes with none of --collection, --into and --full.", "leave them out, or use --include-bulk");
        }
    }

    /// <summary>Whoever makes a copy of a database does not mean the files that belong to the one it was taken of.</summary>
    /// <exception cref="MetisException">2: no directory was named for the files of the copy.</exception>
    public static void RequireDirectoryOfCopy(string? into, bool namesDirectory)
    {
        if (into is not null && !namesDirectory)
        {
            throw new MetisException(ErrorCode.Usage, "--into makes a copy of the database, so the files need a directory of their own.", "name it with --bulk-path, or leave out --include-bulk");
        }
    }

    private static async ValueTask<bool> ApproveAsync(CommandRun run, TreePlan plan, bool yes, CancellationToken cancellationToken)
    {
        if (run.Screen.Verbosity != Verbosity.Quiet || !yes)
        {
            run.Screen.Status("");
            FilesPlanText.Write(run.Screen, plan, isResult: false);
        }

        return await run.ConfirmAsync("restore", FilesPlanText.Question(plan), yes, cancellationToken);
    }

    private static void Write(Screen screen, RestoreFilesResult result)
    {
        if (!result.Executed)
        {
            FilesPlanText.Write(screen, result.Plan, isResult: true);
            screen.Line("Nothing was changed: this was a dry run.");
        }
        else if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(HumanText.Printable(result.Plan.Root));
        }
        else
        {
            FilesPlanText.WriteDone(screen, result);
        }

        WarningLines.Write(screen, result.Warnings);
    }
}
