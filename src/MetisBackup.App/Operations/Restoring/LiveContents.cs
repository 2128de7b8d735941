using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>What a database holds now.</summary>
internal sealed record LiveContents
{
    /// <summary>The database does not exist yet.</summary>
    public static readonly LiveContents Absent = new() { Facts = DatabaseContents.Empty, Views = new Dictionary<string, ViewEntry>(StringComparer.Ordinal) };

    /// <summary>For the planner.</summary>
    public required DatabaseContents Facts { get; init; }

    /// <summary>View definitions by name.</summary>
    public required IReadOnlyDictionary<string, ViewEntry> Views { get; init; }

    /// <summary>Reads the present state; fails rather than leaving something out.</summary>
    /// <exception cref="Core.Errors.MetisException">14 when collections are hidden from the account; 12, 16 as every call.</exception>
    public static async Task<LiveContents> ReadAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        await using var batch = await ReplicationBatch.OpenAsync(client, database, cancellationToken);
        var reading = new SnapshotReading(batch);
        var inventory = await reading.ReadInventoryAsync(cancellationToken);
        await new CoverageCheck(batch).RequireCompleteAsync(inventory, cancellationToken);
        var inquiry = new ServerInquiry(client, database);
        var collections = new List<CollectionFacts>();
        var definitions = new List<DefinitionFacts>();
        foreach (var entry in inventory.Collections.Where(static one => !one.IsDeleted))
        {
            // Not every collection that can be read in a batch can be counted by its own call: _users cannot.
            var root = entry.HasRevisionTree ? await reading.ReadTreeRootAsync(entry.Name, cancellationToken) : null;
            var count = root is { } known ? (long)known.Count : await inquiry.CountAsync(entry.Name, cancellationToken);
            collections.Add(new CollectionFacts(entry.Name, entry.IsEdge, count));
            if (DefinitionDocuments.KindOf(entry.Name) is { } kind)
            {
                await ReadDefinitionsAsync(batch, entry.Name, kind, definitions, cancellationToken);
            }
        }

        return new LiveContents
        {
            Facts = new DatabaseContents { Collections = collections, Views = [.. inventory.Views.Select(FactsOf)], Definitions = definitions },
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
