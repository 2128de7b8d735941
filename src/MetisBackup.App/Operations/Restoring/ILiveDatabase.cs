using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>
/// The database that a restore changes, as it is before the restore: as a snapshot that was just taken of it says, or as the server says.
/// </summary>
internal interface ILiveDatabase
{
    /// <summary>Its definitions, and what identifies the documents of each collection.</summary>
    LiveContents Contents { get; }

    /// <summary>Keys cost nothing.</summary>
    bool HasKeys { get; }

    /// <summary>Finds the revisions of a collection that only the database or only the wanted snapshot holds.</summary>
    /// <param name="wanted">The collection in the snapshot.</param>
    /// <param name="name">Its name in the database.</param>
    /// <param name="visitor">Told of each; never by two threads at a time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task CompareAsync(CollectionRecord wanted, string name, IDifferenceVisitor visitor, CancellationToken cancellationToken);
}

/// <summary>Takes note of differences between the documents of a database and those of a snapshot.</summary>
internal interface IDifferenceVisitor
{
    /// <summary>Whether the keys of the database's documents are of interest; they may have to be fetched.</summary>
    bool WantsKeys { get; }

    /// <summary>Nothing more has to be told.</summary>
    bool HasEnough { get; }

    /// <summary>A revision that only the database holds.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="key">Key of its document in UTF-8; empty when it was not wanted.</param>
    void Live(ulong revision, ReadOnlySpan<byte> key);

    /// <summary>A revision that only the snapshot holds.</summary>
    /// <param name="block">Where it stands.</param>
    /// <param name="position">Its position there.</param>
    void Stored(StoredRevisions block, int position);
}
