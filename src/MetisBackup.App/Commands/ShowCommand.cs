using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup show</c>.</summary>
internal static class ShowCommand
{
    private static readonly Column[] Columns =
        [new("COLLECTION"), new("TYPE"), new("DOCUMENTS", IsNumber: true), new("DATA", IsNumber: true), new("INDEXES", IsNumber: true)];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var name = SnapshotArgument.Required();
        var command = new Command("show", "Show what a snapshot holds") { name };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new ShowSnapshotRequest { StorePath = run.Store, Name = run.Snapshot(run.Parsed.GetRequiredValue(name)) };
            var result = await new ShowSnapshot(run.Clock).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(), DocumentContext.Writing.ShowDocument, () => Write(run, result));
            return 0;
        });
        return command;
    }

    private static void Write(CommandRun run, ShowSnapshotResult result)
    {
        var (screen, one) = (run.Screen, result.Summary);
        screen.Line(HumanText.Printable(one.Name), Tone.Strong);
        Fact(screen, "description", one.Description);
        Fact(screen, "database", one.Database);
        Fact(screen, "taken", one.Timestamp is { } time ? HumanText.Time(time, run.Clock.LocalTimeZone) : null);
        Fact(screen, "server", string.Join(", ", ((string?[])[one.Server, result.ServerVersion]).OfType<string>()));
        Fact(screen, "documents", one.IsLegacy ? (one.Documents > 0 ? HumanText.Count(one.Documents) : null) : $"{HumanText.Count(one.Documents)} ({HumanText.Bytes(one.DocumentBytes)})");
        Fact(screen, "files", result.Files is { } files ? $"{FilesText.Of(files)} of {files.Root}" : null);
        Fact(screen, "on disk", one.StoredBytes is { } stored ? HumanText.Bytes(stored) : null);
        Fact(screen, "only here", one.OwnBytes is { } own ? HumanText.Bytes(own) : null);
        Fact(screen, "kept", one.Permanent ? PinCommand.Text(one) is "permanent" ? "permanently" : PinCommand.Text(one) : one.Safety ? "as the state before a restore" : null);
        Fact(screen, "git", result.GitCommit is { } commit ? $"{commit} {result.GitBranch}".TrimEnd() : null);
        Fact(screen, "form", one.IsLegacy ? "dump of the earlier tool, without hashes" : null);
        Fact(screen, result.Path.EndsWith(".tar.gz", StringComparison.Ordinal) ? "archive" : "directory", result.Path);
        Fact(screen, "beside it", string.Join(", ", result.Bulk.Select(static folder => $"{folder.Name} ({HumanText.Count(folder.Files, "file")}, {HumanText.Bytes(folder.Bytes)})")));
        Fact(screen, "problem", one.Problem);
        Fact(screen, "views", Names(result.Views));
        Fact(screen, "graphs", Names(result.Graphs));
        Fact(screen, "analyzers", Names(result.Analyzers));
        Fact(screen, "functions", Names(result.Functions));
        if (result.Collections.Count > 0)
        {
            screen.Line();
            screen.Table(Columns, result.Collections.Select(static collection => new[]
            {
                collection.Name,
                (collection.IsSystem ? "system " : "") + (collection.IsEdge ? "edge" : "document"),
                collection.Documents is { } documents ? HumanText.Count(documents) : "?",
                collection.Bytes is { } bytes ? HumanText.Bytes(bytes) : "?",
                HumanText.Count(collection.Indexes),
            }));
        }

        WarningLines.Write(screen, result.Unproven);
        WarningLines.Write(screen, result.Remarks);
        UnfinishedRestoreLines.Write(screen, result.UnfinishedRestores);
    }

    private static void Fact(Screen screen, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            screen.Line($"  {label,-12} {HumanText.Printable(value)}");
        }
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names);
}
