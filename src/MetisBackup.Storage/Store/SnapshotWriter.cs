using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>What a structure file defines.</summary>
public enum StructureKind
{
    /// <summary>A collection: parameters and indexes.</summary>
    Collection,

    /// <summary>A view.</summary>
    View,

    /// <summary>An analyzer.</summary>
    Analyzer,
}

/// <summary>
/// Writes one snapshot into a hidden folder and makes it visible at the end. Disposing without a commit removes the folder.
/// Collections may be written in parallel; all share one set of compressing threads.
/// </summary>
public sealed class SnapshotWriter : IAsyncDisposable
{
    /// <summary>The name that the snapshot will have.</summary>
    public string Name => throw new NotSupportedException();

    /// <summary>Identity of the snapshot, 16 hexadecimal digits.</summary>
    public string Id => throw new NotSupportedException();

    /// <summary>When the snapshot was begun.</summary>
    public DateTimeOffset StartedAt => throw new NotSupportedException();

    /// <summary>Begins the documents of a collection; call once per collection, empty ones included.</summary>
    public CollectionWriter OpenCollection(string name) => throw new NotSupportedException();

    /// <summary>Writes a definition byte for byte and returns its path for the manifest.</summary>
    public Task<string> WriteStructureAsync(StructureKind kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Proves each collection against its tree root, writes metadata, manifest and hashes, flushes everything to the disk and renames the
    /// folder. Fields described as "filled in by the store" are set here.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: count or hash of a collection is not what its tree root states.</exception>
    public Task<SnapshotEntry> CommitAsync(Manifest manifest, SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Releases the lock; removes the folder if it was not committed.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
