using MetisBackup.App.Commands;
using MetisBackup.App.Output;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.App.Quickstart;

/// <summary>The story that the tour tells, step by step; every command of it is the real one.</summary>
internal sealed class Tour(CommandRun run)
{
    private const string Database = "travel";
    private static readonly Column[] ProofColumns = [new("WHAT"), new("BEFORE"), new("AFTER"), new("")];
    private readonly CommandRun _run = run;
    private readonly Screen _screen = run.Screen;
    private int _chapter;

    /// <summary>Tells it.</summary>
    /// <param name="keep">Leave the server running until a signal comes.</param>
    /// <param name="cancellationToken">Ends the tour early.</param>
    public async Task RunAsync(bool keep, CancellationToken cancellationToken)
    {
        _screen.KeepsOutForDocument = _run.Json;
        var started = _run.Clock.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("metis-tour-").FullName;
        try
        {
            await using var host = await DevServerCommand.StartAsync(new DevServerOptions { DataDirectory = Path.Combine(folder, "server"), Time = _run.Clock }, cancellationToken);
            var place = new TourPlace(host.Endpoint.GetLeftPart(UriPartial.Authority), Path.Combine(folder, "snapshots"), Database);
            using var client = new ArangoClient(new ArangoConnection { Endpoint = ArangoEndpoint.Parse(place.Endpoint), User = "root", Password = "" }, _run.Clock);
            await File.WriteAllTextAsync(place.Configuration, $"[serve]\nhistory = \"{Path.Combine(folder, "history.db")}\"\n", cancellationToken);
            var document = await TellAsync(place, new TourServer(client, Database), cancellationToken);
            document = document with { DurationSeconds = Math.Round(_run.Clock.GetElapsedTime(started).TotalSeconds, 3) };
            if (_run.Json)
            {
                _run.Report(document, QuickstartDocumentContext.Writing.TourDocument, static () => { });
            }

            Say($"That took {HumanText.Duration(_run.Clock.GetElapsedTime(started))}.");
            if (keep)
            {
                place.Explain(_screen);
                await DevServerCommand.StoppedAsync(cancellationToken);
            }
            else
            {
                Say("Run it with --keep to have the server stay and try the commands yourself.");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<TourDocument> TellAsync(TourPlace place, TourServer server, CancellationToken cancellationToken)
    {
        Chapter($"An ArangoDB-compatible server runs at {place.Endpoint}, with a real graph in it");
        await new SampleGraph(server).LoadAsync(cancellationToken);
        var before = await DatabaseFacts.ReadAsync(server, cancellationToken);
        Say("3,376 airports of the United States, 20,000 flights between them, and the state each one lies in:");
        Say("a named graph with two relations, three indexes, a search view with its own analyzer, a function.");
        Say($"Commands below leave out: {place.Options}");

        Chapter("Before the experiment: take a snapshot");
        await CommandAsync(place, "create", "Before the delay study", "--database", Database);
        await CommandAsync(place, "list");

        Chapter("The experiment runs, and goes wrong");
        await new Experiment(server).RunAsync(cancellationToken);
        foreach (var deed in Experiment.Words)
        {
            Say("- " + deed);
        }

        var experiment = await DatabaseFacts.ReadAsync(server, cancellationToken);
        Chapter("What changed since the snapshot");
        await CommandAsync(place, "diff", "latest");
        await CommandAsync(place, "diff", "latest", "--collection", "flights", "--key", "7");

        Chapter("Back to the snapshot");
        await CommandAsync(place, "verify", "latest");
        await CommandAsync(place, "restore", "latest", "--yes");

        Chapter("The proof: what the server itself says, before the experiment and after the restore");
        var restored = await DatabaseFacts.ReadAsync(server, cancellationToken);
        return ShowProof(before, experiment, restored);
    }

    private TourDocument ShowProof(IReadOnlyList<DatabaseFact> before, IReadOnlyList<DatabaseFact> experiment, IReadOnlyList<DatabaseFact> restored)
    {
        var pairs = Compare(before, restored).ToList();
        _screen.Table(ProofColumns, pairs.Select(static pair => new[]
        {
            (pair.Left ?? pair.Right)!.Thing,
            pair.Left?.Shown ?? "-",
            pair.Right?.Shown ?? "gone",
            pair.Left?.Fingerprint == pair.Right?.Fingerprint ? "equal" : "DIFFERENT",
        }));
        var different = pairs.Count(static pair => pair.Left?.Fingerprint != pair.Right?.Fingerprint);
        if (different > 0)
        {
            throw new MetisException(ErrorCode.VerificationFailed, $"{HumanText.Count(different, "thing")} of the database differ after the restore.", "this is a defect of Metis Backup; please report it with this output");
        }

        _screen.Line("Everything is as it was, to the last revision.", Tone.Good);
        return new TourDocument
        {
            Command = "quickstart",
            Proven = true,
            DurationSeconds = 0,
            Facts = [.. pairs.Select(pair => new TourFact(pair.Left!.Thing, pair.Left.Fingerprint, experiment.FirstOrDefault(one => one.Thing == pair.Left.Thing)?.Fingerprint, pair.Right?.Fingerprint, Equal: true))],
        };
    }

    private static IEnumerable<(DatabaseFact? Left, DatabaseFact? Right)> Compare(IReadOnlyList<DatabaseFact> left, IReadOnlyList<DatabaseFact> right)
    {
        var rights = right.ToDictionary(static fact => fact.Thing, StringComparer.Ordinal);
        foreach (var fact in left)
        {
            _ = rights.Remove(fact.Thing, out var other);
            yield return (fact, other);
        }

        foreach (var fact in right.Where(fact => rights.ContainsKey(fact.Thing)))
        {
            yield return (null, fact);
        }
    }

    /// <summary>Prints a command as a user types it, then runs it.</summary>
    private async Task CommandAsync(TourPlace place, params string[] arguments)
    {
        _screen.Line();
        _screen.Line("$ metis-backup " + string.Join(' ', arguments.Select(static one => one.Contains(' ', StringComparison.Ordinal) ? $"\"{one}\"" : one)), Tone.Command);
        var code = await new CommandLine(_screen, _run.Clock).RunAsync([.. arguments, "--config", place.Configuration, "--endpoint", place.Endpoint, "--store", place.Store, "--user", "root"]);
        if (code != 0)
        {
            throw new MetisException((ErrorCode)code, "A command of the tour failed, see above.", "this is a defect of Metis Backup; please report it with this output");
        }
    }

    private void Chapter(string title)
    {
        _screen.Line();
        _screen.Line($"{++_chapter}. {title}", Tone.Strong);
    }

    private void Say(string text)
    {
        if (_screen.Verbosity != Verbosity.Quiet)
        {
            _screen.Line("   " + text);
        }
    }
}
