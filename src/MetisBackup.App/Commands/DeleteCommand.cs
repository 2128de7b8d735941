using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup delete</c>.</summary>
internal static class DeleteCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Full name or unique prefix" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var force = new Option<bool>("--force") { Description = "Also a permanent snapshot, or the newest of its database" };
        var command = new Command("delete", "Delete a snapshot") { name, yes, force };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new DeleteSnapshotRequest
                {
                    StorePath = run.Store,
                    Name = run.Parsed.GetRequiredValue(name),
                    Force = run.Parsed.GetValue(force),
                    Apart = TargetServers.Apart(run.Settings),
                    Approve = (snapshot, token) => ApproveAsync(run, snapshot, run.Parsed.GetValue(yes), token),
                };
                var result = await new DeleteSnapshot(run.Clock).RunAsync(request, cancellationToken);
                run.Report(result.ToDocument(), DocumentContext.Writing.DeleteDocument, () => Write(run.Screen, result));
                return 0;
            },
            "run the same command again to finish");
        return command;
    }

    private static ValueTask<bool> ApproveAsync(CommandRun run, SnapshotSummary snapshot, bool yes, CancellationToken cancellationToken)
    {
        var what = $"Snapshot {snapshot.Name} of {snapshot.Database ?? "an unknown database"} ({snapshot.Description}), {HumanText.Count(snapshot.Documents, "document")}, will be deleted.";
        if (!run.Screen.CanAsk && !yes)
        {
            run.Screen.Error("Plan: " + HumanText.Printable(what), Tone.Plain);
        }

        return run.ConfirmAsync("delete", HumanText.Printable(what), yes, cancellationToken);
    }

    private static void Write(Screen screen, DeleteSnapshotResult result) => screen.Line(
        screen.Verbosity == Verbosity.Quiet
            ? result.Name
            : $"Deleted {result.Name}{(result.FreedBytes is { } freed ? $" ({HumanText.Bytes(freed)})" : "")}");
}
