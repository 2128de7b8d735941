using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup diff</c>.</summary>
internal static class DiffCommand
{
    private const string Live = "live";
    private const int UsualLimit = 10;
    private const int HighestLimit = 100_000;

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var options = new DiffOptions();
        var command = new Command("diff", "Show what changed between a snapshot and the live database, or another snapshot");
        options.AddTo(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = options.Read(run);
            var text = new DiffText(run.Screen, run.Clock.LocalTimeZone, request.Limit);
            if (request.Keys && !run.Json)
            {
                request = request with { OnKey = text.WriteKey };
            }

            var result = await new CompareSnapshots(run.Clock, run.Progress).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(), DocumentContext.Writing.DiffDocument, () => text.Write(result));
            return 0;
        });
        return command;
    }

    private sealed class DiffOptions
    {
        private readonly Argument<string> _before = SnapshotArgument.Required();
        private readonly Argument<string> _after = new("NAME2") { Description = "The later state: another snapshot, or live for the database as it is now", DefaultValueFactory = static _ => Live };
        private readonly Option<string[]> _collections = new("--collection") { Description = "Only this collection; may be repeated", HelpName = "C", DefaultValueFactory = static _ => [] };
        private readonly Option<string?> _database = new("--database") { Description = "Compare with this live database instead of the one the snapshot was taken of", HelpName = "DB" };
        private readonly Option<bool> _keys = new("--keys") { Description = "Name the documents that differ" };
        private readonly Option<bool> _documents = new("--documents") { Description = "Show the fields of documents that differ, old and new" };
        private readonly Option<string?> _key = new("--key") { Description = "Show this document of the one collection", HelpName = "K" };
        private readonly Option<int> _limit = new("--limit") { Description = "Most keys, and most documents, of a collection that are shown; 0 names all keys", HelpName = "N", DefaultValueFactory = static _ => UsualLimit };
        private readonly Option<bool> _content = new("--content") { Description = "Compare contents instead of revisions: a document that was written but is the same does not count" };

        public void AddTo(Command command)
        {
            command.Arguments.Add(_before);
            command.Arguments.Add(_after);
            foreach (var option in (ReadOnlySpan<Option>)[_collections, _keys, _documents, _key, _limit, _content, _database])
            {
                command.Options.Add(option);
            }
        }

        public CompareSnapshotsRequest Read(CommandRun run)
        {
            var parsed = run.Parsed;
            var after = parsed.GetRequiredValue(_after);
            var request = new CompareSnapshotsRequest
            {
                StorePath = run.Store,
                Before = run.Snapshot(parsed.GetRequiredValue(_before)),
                After = after == Live ? null : run.Snapshot(after),
                Server = () => run.Server,
                Database = parsed.GetValue(_database),
                Collections = parsed.GetRequiredValue(_collections),
                ByContent = parsed.GetValue(_content),
                Keys = parsed.GetValue(_keys),
                Documents = parsed.GetValue(_documents),
                Key = parsed.GetValue(_key),
                Limit = parsed.GetValue(_limit),
            };
            Require(request.Limit is >= 0 and <= HighestLimit, "--limit takes a number from 0 to 100000.", "give fewer, or name all keys with --limit 0 and without --json");
            Require(request.Limit > 0 || (!run.Json && !request.Documents), "--limit 0 names all keys; it goes neither with --json nor with --documents.", "give a limit");
            Require(request.Key is null || request.Collections.Count == 1, "--key needs to know the collection.", "name it with --collection");
            Require(request.Database is null || request.After is null, "--database names a live database, but two snapshots are compared.", "leave it out");
            return request;
        }

        private static void Require(bool holds, string sentence, string hint)
        {
            if (!holds)
            {
                throw new MetisException(ErrorCode.Usage, sentence, hint);
            }
        }
    }
}
