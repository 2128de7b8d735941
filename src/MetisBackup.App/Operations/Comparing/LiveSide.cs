using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>The live database as the later state, at the point in time of one batch.</summary>
internal sealed class LiveSide : IComparedSide
{
    private readonly ReplicationBatch _batch;
    private readonly SnapshotReading _reading;
    private readonly List<DefinitionFacts> _definitions = [];

    private LiveSide(ReplicationBatch batch, Inventory inventory)
    {
        _batch = batch;
        _reading = new SnapshotReading(batch);
        State = new ComparedState(batch.Database, Snapshot: null, Timestamp: null);
        Collections = inventory.Collections.Where(static one => !one.IsDeleted).ToDictionary(static one => one.Name, StringComparer.Ordinal);
        Views = inventory.Views.ToDictionary(static one => one.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public ComparedState State { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CollectionEntry> Collections { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ViewEntry> Views { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DefinitionFacts> Definitions => _definitions;

    /// <summary>Opens a batch and reads what the database consists of.</summary>
    /// <exception cref="Core.Errors.MetisException">10 no such database; 14 when collections are hidden from the account; 12, 16 as every call.</exception>
    public static async Task<LiveSide> OpenAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        await new ServerInquiry(client, database).RequireDatabaseAsync(cancellationToken);
        var batch = await ReplicationBatch.OpenAsync(client, database, cancellationToken);
        try
        {
            var inventory = await new SnapshotReading(batch).ReadInventoryAsync(cancellationToken);
            await new CoverageCheck(batch).RequireCompleteAsync(inventory, cancellationToken);
            var side = new LiveSide(batch, inventory);
            foreach (var name in side.Collections.Keys)
            {
                if (DefinitionDocuments.KindOf(name) is { } kind)
                {
                    await side.ReadAsync(name, lines => side._definitions.AddRange(DefinitionDocuments.Read(kind, lines)), cancellationToken);
                }
            }

            return side;
        }
        catch
        {
            await batch.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsUnknown(string name) => false;

    /// <inheritdoc/>
    public async Task<long> CountAsync(string name, CancellationToken cancellationToken) =>
        Collections[name].HasRevisionTree && await _reading.ReadTreeRootAsync(name, cancellationToken) is { } root
            ? (long)root.Count
            : await new ServerInquiry(_batch.Client, _batch.Database).CountAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async Task<RevisionComparison?> CompareAsync(
        SnapshotReader earlier, CollectionRecord collection, KeyedRecords records, bool needsKeys, CancellationToken cancellationToken)
    {
        var tree = Collections[collection.Name].HasRevisionTree ? await _reading.ReadTreeAsync(collection.Name, cancellationToken) : null;
        if (tree is null)
        {
            return null;
        }

        var added = tree.Summary == collection.Summary()
            ? 0
            : await new LiveRevisions(_batch, earlier, collection, records).CollectAsync(tree, needsKeys, cancellationToken);
        return new RevisionComparison((long)tree.Count, added);
    }

    /// <inheritdoc/>
    public async Task<long> ReadContentAsync(string name, KeyedRecords records, IOperationProgress progress, CancellationToken cancellationToken)
    {
        var documents = 0L;
        await ReadAsync(
            name,
            lines =>
            {
                var count = records.AddDocuments(isAfter: true, lines.Span, byContent: true);
                documents += count;
                progress.Advance(name, count, lines.Length);
            },
            cancellationToken);
        return documents;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FetchAsync(string name, string key, KeyedValue? value, CancellationToken cancellationToken)
    {
        if (value is not { } known)
        {
            return await new ServerInquiry(_batch.Client, _batch.Database).ReadDocumentAsync(name, key, cancellationToken);
        }

        byte[]? found = null;
        await foreach (var block in new RevisionDocumentsReader(_batch).ReadAsync(name, [known.Value], cancellationToken))
        {
            using (block)
            {
                found ??= StoredDocuments.LineOf(block.Lines, key)?.ToArray();
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public Task ConfirmAsync(CancellationToken cancellationToken) => _batch.ConfirmAliveAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    private Task ReadAsync(string name, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken) => new CollectionDumpReader(_batch).ReadAsync(
        name,
        (block, _) =>
        {
            using (block)
            {
                take(block.Lines);
                return default;
            }
        },
        cancellationToken);
}
