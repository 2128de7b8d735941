using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr rollback</c> and <c>metis-backup dr undo</c>.</summary>
internal static class DrRollbackCommand
{
    private static readonly Column[] Columns = [new("STEP"), new("WHAT")];

    /// <summary>Builds <c>rollback</c>.</summary>
    public static Command BuildRollback(CommandRunner runner)
    {
        var name = new Argument<string?>("NAME") { Description = "Name, unique prefix of it, or latest", Arity = ArgumentArity.ZeroOrOne };
        var resume = new Option<bool>("--resume") { Description = "Go on with a rollback that did not end" };
        var inPlace = new Option<bool>("--in-place") { Description = "Plain zfs rollback: no safety snapshot, no undo" };
        var discard = new Option<bool>("--discard-newer") { Description = "In place: newer snapshots may be destroyed" };
        var common = new RollbackOptions();
        var command = new Command("rollback", "Go back to a snapshot; the present state is kept") { name, resume, inPlace, discard };
        common.AddTo(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var wanted = run.Parsed.GetValue(name);
            var goOn = run.Parsed.GetValue(resume);
            RequireSense(wanted, goOn, run.Parsed.GetValue(inPlace), run.Parsed.GetValue(discard));
            var request = new RollBackDatasetRequest
            {
                Settings = DrOptions.Settings(run),
                Service = DrOptions.Service(run),
                Name = wanted,
                InPlace = run.Parsed.GetValue(inPlace),
                DiscardNewer = run.Parsed.GetValue(discard),
                Force = common.Force(run.Parsed),
                Keep = run.Settings.Dr.KeepReplaced,
                DryRun = common.DryRun(run.Parsed),
                Approve = (plan, token) => ApproveAsync(run, "rollback", plan, common.Yes(run.Parsed), token),
            };
            if (goOn)
            {
                run.Aftermath = Unfinished;
            }

            var supervised = await run.SuperviseAsync(
                request.DryRun ? null : RunSubject.Asked(RunSeries.Dr(request.Settings.Dataset.Value), RunOperation.Rollback),
                token => new RollBackDataset(run.Clock, run.Progress).RunAsync(request, token),
                RunFactsOf.ToFacts,
                cancellationToken);
            var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
            run.Report(result.ToDocument("dr rollback"), DocumentContext.Writing.DrRollbackDocument, () => Write(run, result));
            return supervised.ExitCode;
        });
        return command;
    }

    /// <summary>Builds <c>undo</c>.</summary>
    public static Command BuildUndo(CommandRunner runner)
    {
        var common = new RollbackOptions();
        var command = new Command("undo", "Take the last rollback back, also one that did not end");
        common.AddTo(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new UndoRollbackRequest
            {
                Settings = DrOptions.Settings(run),
                Service = DrOptions.Service(run),
                Force = common.Force(run.Parsed),
                Keep = run.Settings.Dr.KeepReplaced,
                DryRun = common.DryRun(run.Parsed),
                Approve = (plan, token) => ApproveAsync(run, "undo", plan, common.Yes(run.Parsed), token),
            };
            var supervised = await run.SuperviseAsync(
                request.DryRun ? null : RunSubject.Asked(RunSeries.Dr(request.Settings.Dataset.Value), RunOperation.Rollback),
                token => new UndoRollback(run.Clock, run.Progress).RunAsync(request, token),
                RunFactsOf.ToFacts,
                cancellationToken);
            var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
            run.Report(result.ToDocument("dr undo"), DocumentContext.Writing.DrRollbackDocument, () => Write(run, result));
            return supervised.ExitCode;
        });
        return command;
    }

    private static Aftermath Unfinished { get; } = new("it is unfinished", "run 'metis-backup dr rollback --resume' to finish it, or 'metis-backup dr undo' to take it back");

    private static void RequireSense(string? name, bool resume, bool inPlace, bool discard)
    {
        if (name is null != resume)
        {
            throw new MetisException(ErrorCode.Usage, name is null ? "The snapshot to go back to is missing." : "With --resume no snapshot is named.", "metis-backup dr rollback NAME, or metis-backup dr rollback --resume");
        }

        if (discard && !inPlace)
        {
            throw new MetisException(ErrorCode.Usage, "--discard-newer belongs to --in-place.", "leave it out: without --in-place nothing is lost");
        }
    }

    private static async ValueTask<bool> ApproveAsync(CommandRun run, string what, RollbackPlan plan, bool yes, CancellationToken cancellationToken)
    {
        var screen = run.Screen;
        if (screen.Verbosity != Verbosity.Quiet || !yes)
        {
            screen.Status("");
            screen.Error(Headline(plan), Tone.Strong);
            screen.MessageTable(Columns, Rows(plan));
            WarningLines.Write(screen, plan.Warnings);
        }

        foreach (var lost in plan.Lost)
        {
            screen.Labelled("lost", Tone.Bad, lost);
        }

        if (!await run.ConfirmAsync(what, $"{plan.Dataset} will be as in {plan.Target}; its server is down meanwhile.", yes, cancellationToken))
        {
            return false;
        }

        run.Aftermath = Unfinished;
        return true;
    }

    private static string Headline(RollbackPlan plan) => $"Plan: {plan.Dataset} back to {plan.Target}";

    private static IEnumerable<string[]> Rows(RollbackPlan plan) => plan.Steps.Select(static (step, index) => new[] { $"{index + 1}", step.Text });

    private static void Write(CommandRun run, RollbackResult result)
    {
        var screen = run.Screen;
        if (!result.Executed)
        {
            screen.Line(Headline(result.Plan!), Tone.Strong);
            screen.Table(Columns, Rows(result.Plan!));
            foreach (var lost in result.Plan!.Lost)
            {
                screen.Line($"  lost: {lost}");
            }

            screen.Line("Nothing was changed: this was a dry run.");
            WarningLines.Write(screen, result.Warnings);
            return;
        }

        if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(result.Dataset);
            WarningLines.Write(screen, result.Warnings);
            return;
        }

        screen.Line(result.Returned ? $"Took the rollback back: {result.Dataset} is as before it" : $"{result.Dataset} is back at {result.Target}", Tone.Good);
        screen.Line($"  {(result.ServerAnswers ? "the server answers, " : "")}in {HumanText.Duration(result.Duration)}");
        if (result.SafetySnapshot is { } safety)
        {
            screen.Line($"  the state before is saved as {safety}");
        }

        if (result is { Kept: { } kept, KeptUntil: { } until })
        {
            screen.Line($"  what was replaced is kept as {kept} until {HumanText.Time(until, run.Clock.LocalTimeZone)}{(result.Plan?.Kind == RollbackKind.Undo ? "" : "; 'metis-backup dr undo' brings it back")}");
        }

        WarningLines.Write(screen, result.Warnings);
    }

    /// <summary>What both take.</summary>
    private sealed class RollbackOptions
    {
        private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show the plan, change nothing" };
        private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask" };
        private readonly Option<bool> _force = new("--force") { Description = "Also on a pool that is degraded or over 90 % full" };
        private readonly SettingOption _keep = new("--keep-days", "dr.keep_replaced", "N", "How long what is replaced is kept", unit: 'd');

        private readonly DrOptions _dr = new();

        public void AddTo(Command command)
        {
            command.Options.Add(_dryRun);
            command.Options.Add(_yes);
            command.Options.Add(_force);
            command.Options.Add(_keep);
            _dr.AddPlace(command);
            _dr.AddService(command);
        }

        public bool DryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

        public bool Yes(ParseResult parsed) => parsed.GetValue(_yes);

        public bool Force(ParseResult parsed) => parsed.GetValue(_force);
    }
}
