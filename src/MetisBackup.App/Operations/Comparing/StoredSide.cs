using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>A snapshot as the later state.</summary>
internal sealed class StoredSide : IComparedSide
{
    private readonly SnapshotContents _contents;
    private readonly OpenedSnapshot _snapshot;

    private StoredSide(OpenedSnapshot snapshot, SnapshotContents contents)
    {
        (_snapshot, _contents) = (snapshot, contents);
        Collections = contents.Collections.ToDictionary(static one => one.Key, static one => one.Value.Entry, StringComparer.Ordinal);
    }

    /// <summary>The snapshot, open.</summary>
    public SnapshotReader Reader => _contents.Reader;

    /// <inheritdoc/>
    public ComparedState State => StateOf(_contents.Reader);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CollectionEntry> Collections { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ViewEntry> Views => _contents.Views;

    /// <inheritdoc/>
    public IReadOnlyList<DefinitionFacts> Definitions => _contents.Facts.Definitions;

    /// <summary>Reads the definitions of a snapshot, which belongs to the side from now on.</summary>
    public static async Task<StoredSide> OpenAsync(OpenedSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            return new StoredSide(snapshot, await SnapshotContents.ReadAsync(snapshot.Reader, snapshot.Reader.Manifest.Database, cancellationToken));
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>A snapshot as one of the two states.</summary>
    public static ComparedState StateOf(SnapshotReader reader) => new(reader.Manifest.Database, reader.Entry.Name, reader.Entry.CreatedAt);

    /// <inheritdoc/>
    public bool IsUnknown(string name) => _contents.Facts.IsUnknown(name);

    /// <inheritdoc/>
    public Task<long> CountAsync(string name, CancellationToken cancellationToken) => Task.FromResult(RecordOf(name).Documents);

    /// <inheritdoc/>
    public Task<RevisionComparison?> CompareAsync(
        SnapshotReader earlier, CollectionRecord collection, KeyedRecords records, bool needsKeys, CancellationToken cancellationToken)
    {
        var other = RecordOf(collection.Name);
        return Task.Run<RevisionComparison?>(
            () =>
            {
                if (other.Tree is null)
                {
                    return null;
                }

                if (other.Summary() != collection.Summary())
                {
                    Collect(RevisionMerge.Compare(earlier.ReadRevisionBlocks(collection), _contents.Reader.ReadRevisionBlocks(other)), records, cancellationToken);
                }

                return new RevisionComparison(other.Documents, 0);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadContentAsync(string name, KeyedRecords records, IOperationProgress progress, CancellationToken cancellationToken) =>
        StoredDocuments.ReadContentAsync(_contents.Reader, RecordOf(name), (records, IsAfter: true), progress, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> FetchAsync(string name, string key, KeyedValue? value, CancellationToken cancellationToken) =>
        StoredDocuments.FetchAsync(_contents.Reader, RecordOf(name), key, value, cancellationToken);

    /// <inheritdoc/>
    public Task ConfirmAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _snapshot.DisposeAsync();

    private CollectionRecord RecordOf(string name) => _contents.Collections[name].Record;

    private static void Collect(IEnumerable<RevisionDifference<StoredRevisions, StoredRevisions>> stretches, KeyedRecords records, CancellationToken cancellationToken)
    {
        foreach (var stretch in stretches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var position in stretch.OnlyLeft.Span)
            {
                records.Add(isAfter: false, stretch.Left.KeyOf(position), new KeyedValue(stretch.Left.Revisions[position], stretch.Left.PlaceOf(position)));
            }

            foreach (var position in stretch.OnlyRight.Span)
            {
                records.Add(isAfter: true, stretch.Right.KeyOf(position), new KeyedValue(stretch.Right.Revisions[position], stretch.Right.PlaceOf(position)));
            }
        }
    }
}
