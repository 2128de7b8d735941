using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup create</c>.</summary>
internal static class CreateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var description = new Argument<string>("DESCRIPTION") { Description = "What the snapshot is for, in your own words" };
        var database = new Option<string>("--database")
        {
            Description = "The database to capture",
            HelpName = "DB",
            DefaultValueFactory = static _ => Defaults.Database,
        };
        var permanent = new Option<bool>("--permanent") { Description = "Keep it until it is unpinned or deleted by force" };
        var full = new Option<bool>("--full") { Description = "Read every document anew; this version always does" };
        var command = new Command("create", "Take a snapshot of a database") { description, database, permanent, full };
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new CreateSnapshotRequest
                {
                    Server = run.Server,
                    StorePath = run.Store,
                    Database = run.Parsed.GetRequiredValue(database),
                    Description = Checked(run.Parsed.GetRequiredValue(description)),
                    Permanent = run.Parsed.GetValue(permanent),
                    WorkingDirectory = Environment.CurrentDirectory,
                };
                var result = await new CreateSnapshot(run.Clock, run.Progress).RunAsync(request, cancellationToken);
                run.Report(result.ToDocument(), DocumentContext.Writing.CreateDocument, () => Write(run.Screen, result));
                return 0;
            },
            "no snapshot was made");
        return command;
    }

    private static string Checked(string description) => !string.IsNullOrWhiteSpace(description)
        ? description.Trim()
        : throw new MetisException(ErrorCode.Usage, "The description is empty.", "say in a few words what the snapshot is for, for example: metis-backup create \"Before phase 4\"");

    private static void Write(Screen screen, CreateSnapshotResult result)
    {
        if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(result.Name);
            return;
        }

        if (screen.Verbosity == Verbosity.Verbose)
        {
            CollectionTable.Write(screen, result.Collections);
        }

        screen.Line($"Created {result.Name}", Tone.Good);
        screen.Line($"  {HumanText.Count(result.Documents, "document")} in {HumanText.Count(result.Collections.Count, "collection")} of {HumanText.Printable(result.Database)}, "
            + $"{HumanText.Bytes(result.DocumentBytes)} as {HumanText.Bytes(result.StoredBytes)} on disk, in {HumanText.Duration(result.Duration)}");
        screen.Line("  " + CollectionTable.Proof(result.Collections));
        WarningLines.Write(screen, result.Warnings);
    }
}
