using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;

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

    /// <summary>View definitions by name.</summary>
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

        return new LiveContents
        {
            Facts = new DatabaseContents
            {
                Collections = [.. found.Select(static one => new CollectionFacts(one.Collection.Entry.Name, one.Collection.Entry.IsEdge, one.Documents, one.Collection.Entry.GloballyUniqueId))],
                Views = [.. inventory.Views.Select(FactsOf)],
                Definitions = definitions,
            },
            Collections = found.ToDictionary(static one => one.Collection.Entry.Name, static one => one.Collection, StringComparer.Ordinal),
            Views = inventory.Views.ToDictionary(static view => view.Name, StringComparer.Ordinal),
        };
    }

    /// <summary>A view as the planner sees it.</summary>
    public static ViewFacts FactsOf(ViewEntry view) => new(view.Name, view.Type == "search-alias", [.. CoverageCheck.CollectionsOf(view)]);

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
