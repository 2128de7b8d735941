using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup pin</c> and <c>metis-backup unpin</c>.</summary>
internal static class PinCommand
{
    /// <summary>Builds <c>pin</c>.</summary>
    public static Command BuildPin(CommandRunner runner) => Build(runner, "pin", "Make a snapshot permanent", permanent: true);

    /// <summary>Builds <c>unpin</c>.</summary>
    public static Command BuildUnpin(CommandRunner runner) => Build(runner, "unpin", "Make a snapshot an ordinary one again", permanent: false);

    private static Command Build(CommandRunner runner, string verb, string description, bool permanent)
    {
        var name = SnapshotArgument.Required();
        var command = new Command(verb, description) { name };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new PinSnapshotRequest { StorePath = run.Store, Name = run.Parsed.GetRequiredValue(name), Permanent = permanent };
            var result = await new PinSnapshot(run.Clock).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(verb), DocumentContext.Writing.PinDocument, () => run.Screen.Line(
                $"{result.Name} is {(result.Changed ? "now" : "already")} {(result.Permanent ? "permanent" : "an ordinary snapshot")}"));
            return 0;
        });
        return command;
    }
}
