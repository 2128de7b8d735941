using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup list</c>.</summary>
internal static class ListCommand
{
    private static readonly Column[] Columns =
        [new("NAME"), new("DATABASE"), new("DOCUMENTS", IsNumber: true), new("ON DISK", IsNumber: true, CanBeMissed: true), new("TAKEN", CanBeMissed: true), new("NOTE")];

    private static readonly Column[] VerboseColumns = [.. Columns[..^1], new("COLLECTIONS", IsNumber: true), new("DATA", IsNumber: true), new("FILES", IsNumber: true), new("ONLY HERE", IsNumber: true), new("NOTE"), new("DESCRIPTION")];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var database = new Option<string?>("--database") { Description = "Only snapshots of this database", HelpName = "DB" };
        var command = new Command("list", "List the snapshots of the store, oldest first") { database };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new ListSnapshotsRequest { StorePath = run.Store, Database = run.Parsed.GetValue(database), MeasuresOwnBytes = run.Json || run.Screen.Verbosity == Verbosity.Verbose };
            var result = await new ListSnapshots(run.Clock).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(), DocumentContext.Writing.ListDocument, () => Write(run, result, database));
            return 0;
        });
        return command;
    }

    private static void Write(CommandRun run, ListSnapshotsResult result, Option<string?> database)
    {
        var screen = run.Screen;
        if (screen.Verbosity == Verbosity.Quiet)
        {
            foreach (var snapshot in result.Snapshots)
            {
                screen.Line(HumanText.Printable(snapshot.Name));
            }

            return;
        }

        if (result.Snapshots.Count == 0)
        {
            var whose = run.Parsed.GetValue(database) is { } one ? $" of database {HumanText.Printable(one)}" : "";
            screen.Message($"There are no snapshots{whose} in {HumanText.Printable(run.Store)}.");
        }
        else
        {
            var verbose = screen.Verbosity == Verbosity.Verbose;
            var namesServer = result.Snapshots.Select(static one => one.Server).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any();
            screen.Table(verbose ? VerboseColumns : Columns, result.Snapshots.Select(one => Row(namesServer ? one : one with { Server = null }, run.Clock.LocalTimeZone, verbose)));
        }

        UnfinishedRestoreLines.Write(screen, result.UnfinishedRestores);
        UnfinishedRestoreLines.Write(screen, result.DamagedJournals);
    }

    private static string[] Row(SnapshotSummary one, TimeZoneInfo zone, bool verbose)
    {
        string[] common =
        [
            one.Name,
            one.Database ?? "?",
            (one.IsLegacy || one.IsLeftover) && one.Documents == 0 ? "?" : HumanText.Count(one.Documents),
            one.StoredBytes is { } stored ? HumanText.Bytes(stored) : "?",
            one.Timestamp is { } time ? HumanText.Time(time, zone) : "?",
        ];
        return verbose
            ? [.. common, HumanText.Count(one.Collections), HumanText.Bytes(one.DocumentBytes), one.BulkBytes is { } files ? HumanText.Bytes(files) : "", one.OwnBytes is { } own ? HumanText.Bytes(own) : "?", Note(one), one.Description]
            : [.. common, Note(one)];
    }

    private static string Note(SnapshotSummary one)
    {
        var notes = new List<string>();
        if (one.Server is { } server)
        {
            notes.Add($"of {server}");
        }

        if (PinCommand.Text(one) is { } pin)
        {
            notes.Add(pin);
        }

        if (one.IsLegacy)
        {
            notes.Add("earlier tool");
        }

        if (one.Safety)
        {
            notes.Add("before a restore");
        }

        if (one.UnprovenCollections.Count > 0)
        {
            notes.Add($"{HumanText.Count(one.UnprovenCollections.Count, "collection")} unproven");
        }

        if (one.Problem is { } problem)
        {
            notes.Add(problem);
        }

        return string.Join(", ", notes);
    }
}
