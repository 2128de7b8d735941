using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>A snapshot that can be read, whoever wrote it.</summary>
internal sealed class OpenedSnapshot : IAsyncDisposable
{
    private readonly LegacySnapshot? _legacy;

    private OpenedSnapshot(SnapshotReader reader, LegacySnapshot? legacy) => (Reader, _legacy) = (reader, legacy);

    /// <summary>Reads it.</summary>
    public SnapshotReader Reader { get; }

    /// <summary>What a user should know before relying on it.</summary>
    public IReadOnlyList<string> Warnings => _legacy is null ? [] :
    [
        $"Snapshot {QuotedName.Of(Reader.Entry.Name)} is of the earlier tool: it has no hashes, and nothing proves that its dump is complete. Graphs, analyzers and functions that it does not list stay as they are.",
        .. _legacy.Remarks,
    ];

    /// <summary>Opens a snapshot; one of the earlier tool is copied into our form for that, which takes a while.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entry">The snapshot.</param>
    /// <param name="database">The database to take a legacy one for when it does not tell; null when that is not known either.</param>
    /// <param name="progress">Told of the copying.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MetisException">2 it cannot be read by this version, 10 it is gone, 11 another run reads it, 13 it is damaged, 17 no space for the copy.</exception>
    public static async Task<OpenedSnapshot> OpenAsync(
        SnapshotStore store, SnapshotEntry entry, string? database, IOperationProgress progress, CancellationToken cancellationToken)
    {
        if (entry.State != SnapshotState.Legacy)
        {
            return new OpenedSnapshot(store.OpenReader(entry), legacy: null);
        }

        progress.BeginPhase(OperationPhase.Verifying, WorkTotal.Unknown);
        var legacy = await LegacySnapshot.OpenAsync(store, entry, database, (collection, documents, bytes) => progress.Advance(collection, documents, bytes), cancellationToken);
        return new OpenedSnapshot(legacy.Reader, legacy);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_legacy is { } legacy)
        {
            return legacy.DisposeAsync();
        }

        Reader.Dispose();
        return default;
    }
}
