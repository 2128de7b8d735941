using System.Text;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>A collection of a database.</summary>
/// <param name="Entry">Its definition.</param>
/// <param name="Root">Number and hash of its revisions as its tree states; null when the server keeps none, or the tree is wrong.</param>
internal sealed record LiveCollection(CollectionEntry Entry, RevisionSummary? Root);

/// <summary>What a database holds now.</summary>
internal sealed record LiveContents
{
    private const int TreesAtOnce = 4;

    /// <summary>The database does not exist yet.</summary>
    public static readonly LiveContents Absent = new()
    {
        Facts = DatabaseContents.Empty,
        Collections = new Dictionary<string, LiveCollection>(StringComparer.Ordinal),
        Views = new Dictionary<string, ViewEntry>(StringComparer.Ordinal),
    };

    /// <summary>For the planner.</summary>
    public required DatabaseContents Facts { get; init; }

    /// <summary>Collections by name.</summary>
    public required IReadOnlyDictionary<string, LiveCollection> Collections { get; init; }

    /// <summary>View definitions by name, with those that an unfinished restore took away.</summary>
    public required IReadOnlyDictionary<string, ViewEntry> Views { get; init; }

    /// <summary>The state that a snapshot was just taken of.</summary>
    public static LiveContents Of(SnapshotContents saved) => new()
    {
        Facts = saved.Facts,
        Collections = saved.Collections.ToDictionary(
            static one => one.Key,
            static one => new LiveCollection(one.Value.Entry, one.Value.Record.Unproven is null ? one.Value.Record.Tree?.Summary() : null),
            StringComparer.Ordinal),
        Views = saved.Views,
    };

    /// <summary>Reads the present state; fails rather than leaving something out.</summary>
    /// <param name="batch">The point in time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Core.Errors.MetisException">14 when collections are hidden from the account; 12, 16 as every call.</exception>
    public static async Task<LiveContents> ReadAsync(ReplicationBatch batch, CancellationToken cancellationToken)
    {
        var reading = new SnapshotReading(batch);
        var inventory = await reading.ReadInventoryAsync(cancellationToken);
        await new CoverageCheck(batch).RequireCompleteAsync(inventory, cancellationToken);
        var inquiry = new ServerInquiry(batch.Client, batch.Database);
        var entries = inventory.Collections.Where(static one => !one.IsDeleted).ToList();
        var found = new (LiveCollection Collection, long Documents)[entries.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, entries.Count),
            new ParallelOptions { MaxDegreeOfParallelism = TreesAtOnce, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                // Not every collection that can be read in a batch can be counted by its own call: _users cannot.
                var entry = entries[index];
                var root = entry.HasRevisionTree ? await reading.ReadTreeRootAsync(entry.Name, token) : null;
                found[index] = (new LiveCollection(entry, root), root is { } known ? (long)known.Count : await inquiry.CountAsync(entry.Name, token));
            });
        var definitions = new List<DefinitionFacts>();
        foreach (var entry in entries)
        {
            if (DefinitionDocuments.KindOf(entry.Name) is { } kind)
            {
                await ReadDefinitionsAsync(batch, entry.Name, kind, definitions, cancellationToken);
            }
        }

        var facts = new PlannedFacts(batch.Database);
        return new LiveContents
        {
            Facts = new DatabaseContents
            {
                Collections = [.. found.Select(one => facts.Of(one.Collection.Entry, one.Documents))],
                Views = [.. inventory.Views.Select(facts.Of)],
                Definitions = definitions,
            },
            Collections = found.ToDictionary(static one => one.Collection.Entry.Name, static one => one.Collection, StringComparer.Ordinal),
            Views = inventory.Views.ToDictionary(static view => view.Name, StringComparer.Ordinal),
        };
    }

    /// <summary>The same with views that an unfinished restore took away, as far as they are not there again.</summary>
    /// <param name="journaled">What was written down of them.</param>
    /// <param name="database">The database.</param>
    /// <exception cref="MetisException">13 when a definition is none.</exception>
    public LiveContents WithLost(IEnumerable<RestoreJournalView> journaled, string database)
    {
        var lost = journaled.Where(one => !Views.ContainsKey(one.Name)).Select(Parse).ToList();
        return lost.Count == 0 ? this : this with
        {
            Facts = Facts with { LostViews = [.. lost.Select(new PlannedFacts(database).Of)] },
            Views = Views.Values.Concat(lost).ToDictionary(static view => view.Name, StringComparer.Ordinal),
        };
    }

    private static ViewEntry Parse(RestoreJournalView view)
    {
        try
        {
            return InventoryParser.ParseView(Encoding.UTF8.GetBytes(view.Definition));
        }
        catch (FormatException error)
        {
            throw new MetisException(
                ErrorCode.VerificationFailed,
                $"The journal of the unfinished restore does not hold the definition of view {QuotedName.Of(view.Name)}, which that restore removed.",
                "restore the state before that restore as a whole; 'metis-backup list' names it",
                error);
        }
    }

    private static Task ReadDefinitionsAsync(
        ReplicationBatch batch, string collection, RestoreObject kind, List<DefinitionFacts> definitions, CancellationToken cancellationToken) =>
        new CollectionDumpReader(batch).ReadAsync(
            collection,
            (block, _) =>
            {
                using (block)
                {
                    definitions.AddRange(DefinitionDocuments.Read(kind, block.Lines));
                    return default;
                }
            },
            cancellationToken);
}
