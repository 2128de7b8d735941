using MetisBackup.Arango.Dump;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>The later state of a comparison: another snapshot, or the live database at one point in time.</summary>
internal interface IComparedSide : IAsyncDisposable
{
    /// <summary>Which one it is.</summary>
    ComparedState State { get; }

    /// <summary>Its collections by name.</summary>
    IReadOnlyDictionary<string, CollectionEntry> Collections { get; }

    /// <summary>Its views by name.</summary>
    IReadOnlyDictionary<string, ViewEntry> Views { get; }

    /// <summary>Its graphs, analyzers and functions.</summary>
    IReadOnlyList<DefinitionFacts> Definitions { get; }

    /// <summary>Whether it says nothing of a collection, neither that it was there nor that it was not.</summary>
    bool IsUnknown(string name);

    /// <summary>Number of documents of a collection that the earlier state lacks.</summary>
    Task<long> CountAsync(string name, CancellationToken cancellationToken);

    /// <summary>Puts the documents that only one state holds, by their revisions, into <paramref name="records"/>.</summary>
    /// <param name="earlier">The earlier state.</param>
    /// <param name="collection">The collection there; it has a proven revision tree.</param>
    /// <param name="records">Takes key, revision and place of each.</param>
    /// <param name="needsKeys">Keys are wanted even where nothing but additions is found.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when this state has no revisions to compare with; nothing has been put anywhere then.</returns>
    Task<RevisionComparison?> CompareAsync(
        SnapshotReader earlier, CollectionRecord collection, KeyedRecords records, bool needsKeys, CancellationToken cancellationToken);

    /// <summary>Puts all documents of a collection into <paramref name="records"/> by their content and returns their number.</summary>
    Task<long> ReadContentAsync(string name, KeyedRecords records, IOperationProgress progress, CancellationToken cancellationToken);

    /// <summary>One document; null when it is no longer there.</summary>
    /// <param name="name">The collection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its revision and place; null when documents are compared by content.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<byte[]?> FetchAsync(string name, string key, KeyedValue? value, CancellationToken cancellationToken);

    /// <summary>Makes sure that everything was read at one point in time.</summary>
    /// <exception cref="Core.Errors.MetisException">16 when it was not.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken);
}

/// <summary>What a comparison of revisions found besides the records.</summary>
/// <param name="DocumentsAfter">Number of documents in the later state.</param>
/// <param name="AddedWithoutKey">Documents of the later state that are certainly new and of which no record was made.</param>
internal sealed record RevisionComparison(long DocumentsAfter, long AddedWithoutKey);
