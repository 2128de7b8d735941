using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup create</c>.</summary>
internal static class CreateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var description = new Argument<string>("DESCRIPTION") { Description = "What the snapshot is for, in your own words" };
        var database = new SettingOption("--database", "operational.database", "DB", "The database to capture");
        var permanent = new Option<bool>("--permanent") { Description = "Keep it until it is unpinned or deleted by force" };
        var full = new Option<bool>("--full") { Description = "Read every document from the server, share nothing with an older snapshot" };
        var parent = new Option<string?>("--parent") { Description = "Share with this snapshot instead of the newest one", HelpName = "NAME" };
        var verifyParent = new Option<bool>("--verify-parent") { Description = "Compare what is shared with its hashes, byte for byte" };
        var noCleanup = new Option<bool>("--no-cleanup") { Description = "Do not remove what no retention rule keeps afterwards" };
        var command = new Command("create", "Take a snapshot of a database, then remove those that no retention rule keeps") { description, database, permanent, full, parent, verifyParent, noCleanup };
        var bulk = BulkOptions.AddToCreate(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                // what is wrong with the line is told to who typed it; that the password cannot be read also to those who wait for the snapshot
                var (store, text, choice, files) = (run.Store, Checked(run.Parsed.GetRequiredValue(description)), Choice(run, run.Parsed.GetValue(full), run.Parsed.GetValue(parent), run.Parsed.GetValue(verifyParent)), bulk.ForCreate(run));
                var rules = run.Settings.Operational.CleanupAfterCreate && !run.Parsed.GetValue(noCleanup) ? RetentionSettings.Rules(run.Settings) : null;
                CreateAndCleanUpRequest Request() => new()
                {
                    Create = new CreateSnapshotRequest
                    {
                        Server = run.Server,
                        StorePath = store,
                        Database = run.Settings.Operational.Database,
                        Description = text,
                        Permanent = run.Parsed.GetValue(permanent),
                        Parent = choice,
                        Bulk = files,
                        WorkingDirectory = Environment.CurrentDirectory,
                    },
                    Rules = rules,
                    Created = name => run.Aftermath = new Aftermath($"snapshot {name} was made, old ones may be left", "'metis-backup cleanup' removes them"),
                };
                var supervised = await run.SuperviseAsync(
                    RunSubject.Asked(TargetSeries.Of(run.Settings, run.Settings.Operational.Database), RunOperation.Create),
                    token => new CreateAndCleanUp(run.Clock, run.Progress).RunAsync(Request(), token),
                    RunFactsOf.ToFacts,
                    cancellationToken);
                var result = supervised.Result with { Failures = [.. supervised.Result.Failures, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.CreateDocument, () => Write(run.Screen, result));
                return supervised.ExitCode;
            },
            "no snapshot was made");
        return command;
    }

    private static ParentChoice Choice(CommandRun run, bool full, string? parent, bool verify) => full && (parent is not null || verify)
        ? throw new MetisException(ErrorCode.Usage, "--full shares nothing with an older snapshot, so it goes with neither --parent nor --verify-parent.", "leave out one of them")
        : new ParentChoice(full, parent is null ? null : run.Snapshot(parent), verify);

    private static string Checked(string description) => !string.IsNullOrWhiteSpace(description)
        ? description.Trim()
        : throw new MetisException(ErrorCode.Usage, "The description is empty.", "say in a few words what the snapshot is for, for example: metis-backup create \"Before phase 4\"");

    private static void Write(Screen screen, CreateAndCleanUpResult whole)
    {
        var result = whole.Snapshot;
        if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(result.Name);
        }
        else
        {
            WriteCapture(screen, result);
            if (whole.CleanUp is { Removed: { Count: > 0 } removed } cleanUp)
            {
                screen.Line($"  {HumanText.Count(removed.Count, "old snapshot")} removed{(cleanUp.FreedBytes is { } freed ? $", {HumanText.Bytes(freed)} freed" : "")}");
            }
        }

        WarningLines.Write(screen, result.Warnings);
        WarningLines.Write(screen, whole.CleanUp?.Warnings ?? []);
        WarningLines.Write(screen, whole.Failures);
    }

    private static void WriteCapture(Screen screen, CreateSnapshotResult result)
    {
        if (screen.Verbosity == Verbosity.Verbose)
        {
            CollectionTable.Write(screen, result.Collections);
            CaptureLines.WriteAll(screen, result);
        }

        screen.Line($"Created {result.Name}", Tone.Good);
        screen.Line($"  {HumanText.Count(result.Documents, "document")} in {HumanText.Count(result.Collections.Count, "collection")} of {HumanText.Printable(result.Database)}, "
            + $"{HumanText.Bytes(result.DocumentBytes)} as {HumanText.Bytes(result.StoredBytes)} on disk, in {HumanText.Duration(result.Duration)}");
        screen.Line("  " + CaptureLines.Summary(result));
        screen.Line("  " + CollectionTable.Proof(result.Collections));
        if (result.Files is { } files)
        {
            screen.Line("  " + FilesText.Summary(files));
        }
    }
}
