using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup verify</c>.</summary>
internal static class VerifyCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var name = SnapshotArgument.Optional();
        var all = new Option<bool>("--all") { Description = "Every snapshot of the store" };
        var command = new Command("verify", "Read every byte of a snapshot and compare it with its hash and revision trees") { name, all };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new VerifySnapshotRequest { StorePath = run.Store, Name = Which(run.Parsed.GetValue(name), run.Parsed.GetValue(all)) is { } one ? run.Snapshot(one) : null };
            var supervised = await run.SuperviseAsync(Subject(run, request), token => new VerifySnapshot(run.Clock, run.Progress).RunAsync(request, token), RunFactsOf.ToFacts, cancellationToken);
            var result = supervised.Result with { Warnings = supervised.Warnings };
            run.Report(result.ToDocument(), DocumentContext.Writing.VerifyDocument, () => Write(run.Screen, result));
            if (result.Snapshots.Count == 0)
            {
                run.Screen.Message($"There are no snapshots in {HumanText.Printable(run.Store)}, so nothing was verified.");
            }

            return result.Sound ? supervised.ExitCode : Complain(run.Screen, result);
        });
        return command;
    }

    private static RunSubject Subject(CommandRun run, VerifySnapshotRequest request) => RunSubject.Asked(
        request.Name is { } name && SnapshotOwner.Find(request.StorePath, name, run.Clock) is { } database ? TargetSeries.Of(run.Settings, database) : RunSeries.EveryDatabase, RunOperation.Verify);

    private static string? Which(string? name, bool all) => (name, all) switch
    {
        (null, false) => throw new MetisException(ErrorCode.Usage, "No snapshot was named.", "name one, or use --all"),
        (not null, true) => throw new MetisException(ErrorCode.Usage, "A snapshot was named together with --all.", "use one of both"),
        _ => name,
    };

    private static void Write(Screen screen, VerifySnapshotResult result)
    {
        foreach (var verdict in result.Snapshots)
        {
            var facts = $"{HumanText.Count(verdict.Files, "file")}, {HumanText.Bytes(verdict.Bytes)}, {HumanText.Count(verdict.Documents, "document")}";
            if (verdict.Problems.Count > 0)
            {
                screen.Line(verdict.Unread ? $"unread   {HumanText.Printable(verdict.Name)}" : $"DAMAGED  {HumanText.Printable(verdict.Name)}  ({facts})", Tone.Bad);
                foreach (var problem in verdict.Problems)
                {
                    screen.Line("  " + HumanText.Printable(problem));
                }
            }
            else if (screen.Verbosity != Verbosity.Quiet)
            {
                screen.Line($"{(verdict.IsLegacy ? "readable" : "sound   ")} {HumanText.Printable(verdict.Name)}  ({facts})", Tone.Good);
            }

            WarningLines.Write(screen, verdict.Unproven);
        }

        WarningLines.Write(screen, result.Warnings);

        if (result.Snapshots.Any(static verdict => verdict is { IsLegacy: true, Problems.Count: 0 }))
        {
            screen.Message("A readable snapshot is one of the earlier tool: every document of it was read, and it has no hashes to compare it with.");
        }

        foreach (var name in result.Leftovers)
        {
            screen.Message($"{HumanText.Printable(name)} is no snapshot: a run of the earlier tool left it behind.");
        }
    }

    private static int Complain(Screen screen, VerifySnapshotResult result)
    {
        var damaged = result.Snapshots.Count(static verdict => verdict.Problems.Count > 0 && !verdict.Unread);
        if (damaged == 0)
        {
            var unread = result.Snapshots.Count(static verdict => verdict.Unread);
            screen.Labelled("error", Tone.Bad, $"{HumanText.Count(unread, "snapshot")} of {HumanText.Count(result.Snapshots.Count)} cannot be read by this version.");
            screen.Labelled("hint", Tone.Strong, "install a newer version of metis-backup, or use the tool that wrote it");
            return (int)ErrorCode.Usage;
        }

        screen.Labelled("error", Tone.Bad, $"{HumanText.Count(damaged, "snapshot")} of {HumanText.Count(result.Snapshots.Count)} {(damaged == 1 ? "is" : "are")} damaged.");
        screen.Labelled("hint", Tone.Strong, "take a new snapshot now, and check the disk that holds the store");
        return (int)ErrorCode.VerificationFailed;
    }
}
