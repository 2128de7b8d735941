using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>A collection of a snapshot with its definition.</summary>
/// <param name="Record">Its part of the manifest.</param>
/// <param name="Entry">Its definition.</param>
internal sealed record StoredCollection(CollectionRecord Record, CollectionEntry Entry);

/// <summary>What a snapshot holds, ready to be planned with and written.</summary>
internal sealed record SnapshotContents
{
    /// <summary>The reader, which keeps the snapshot from being deleted.</summary>
    public required SnapshotReader Reader { get; init; }

    /// <summary>Collections by name.</summary>
    public required IReadOnlyDictionary<string, StoredCollection> Collections { get; init; }

    /// <summary>View definitions by name, fit for the target database.</summary>
    public required IReadOnlyDictionary<string, ViewEntry> Views { get; init; }

    /// <summary>The same for the planner.</summary>
    public required DatabaseContents Facts { get; init; }

    /// <summary>Reads all definitions of a snapshot.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="target">The database that the definitions are meant for.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="MetisException">13 when a definition is not what the manifest says.</exception>
    public static async Task<SnapshotContents> ReadAsync(SnapshotReader reader, string target, CancellationToken cancellationToken)
    {
        var manifest = reader.Manifest;
        var rename = new AnalyzerNames(manifest.Database, target);
        var collections = new Dictionary<string, StoredCollection>(StringComparer.Ordinal);
        foreach (var record in manifest.Collections)
        {
            var json = rename.Apply(await reader.ReadStructureAsync(record.Structure, cancellationToken));
            var entry = Parse(reader, record.Structure, () => InventoryParser.ParseCollection(json));
            Require(reader, record.Structure, entry.Name == record.Name && entry.IsEdge == (record.Type == 3));
            collections.Add(record.Name, new StoredCollection(record, entry));
        }

        var views = new Dictionary<string, ViewEntry>(StringComparer.Ordinal);
        foreach (var record in manifest.Views)
        {
            var json = rename.Apply(await reader.ReadStructureAsync(record.Structure, cancellationToken));
            var view = Parse(reader, record.Structure, () => InventoryParser.ParseView(json));
            Require(reader, record.Structure, view.Name == record.Name);
            views.Add(record.Name, view);
        }

        var facts = new PlannedFacts(target);
        return new SnapshotContents
        {
            Reader = reader,
            Collections = collections,
            Views = views,
            Facts = new DatabaseContents
            {
                Collections = [.. collections.Values.Select(one => facts.Of(one.Entry, one.Record.Documents) with { Identity = one.Record.GloballyUniqueId ?? "" })],
                Views = [.. views.Values.Select(facts.Of)],
                Definitions = await ReadDefinitionsAsync(reader, cancellationToken),
                LeavesUnlistedSystemCollections = manifest.LeavesUnlistedSystemCollections,
            },
        };
    }

    /// <summary>The graphs, analyzers and functions of a snapshot.</summary>
    public static async Task<IReadOnlyList<DefinitionFacts>> ReadDefinitionsAsync(SnapshotReader reader, CancellationToken cancellationToken)
    {
        var definitions = new List<DefinitionFacts>();
        foreach (var record in reader.Manifest.Collections)
        {
            if (DefinitionDocuments.KindOf(record.Name) is not { } kind)
            {
                continue;
            }

            await foreach (var block in reader.ReadDocumentsAsync(record, cancellationToken))
            {
                using (block)
                {
                    definitions.AddRange(DefinitionDocuments.Read(kind, block.Lines));
                }
            }
        }

        return definitions;
    }

    private static T Parse<T>(SnapshotReader reader, string file, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException error)
        {
            throw Damaged(reader, file, error);
        }
    }

    private static void Require(SnapshotReader reader, string file, bool condition)
    {
        if (!condition)
        {
            throw Damaged(reader, file, cause: null);
        }
    }

    private static MetisException Damaged(SnapshotReader reader, string file, Exception? cause) => new(
        ErrorCode.VerificationFailed,
        $"File {file} of snapshot {QuotedName.Of(reader.Entry.Name)} is not the definition that the manifest says.",
        "use another snapshot",
        cause);
}
