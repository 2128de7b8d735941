using System.CommandLine;
using MetisBackup.App.Commands;

namespace MetisBackup.App.Quickstart;

/// <summary><c>metis-backup quickstart</c>: the tour.</summary>
internal static class QuickstartCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the server running at the end and say how to talk to it" };
        var command = new Command("quickstart", "The tour: snapshot, experiment and restore on an embedded server with a real graph") { keep };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                await new Tour(run).RunAsync(run.Parsed.GetValue(keep), cancellationToken);
                return 0;
            },
            "its temporary folder was removed");
        return command;
    }
}
