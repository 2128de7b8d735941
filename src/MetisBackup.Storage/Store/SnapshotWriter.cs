using System.Globalization;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Bulk;

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
    private const double Megabyte = 1_000_000;

    private readonly SnapshotStore _store;
    private readonly StoreLock _lock;
    private readonly SnapshotRequest _request;
    private readonly FrameCompressor _compressor = new();
    private readonly HashList _hashes = new();
    private readonly Lock _guard = new();
    private readonly Dictionary<string, CollectionWriter> _collections = new(StringComparer.Ordinal);
    private string? _folder;
    private long _sharedBytes;

    internal SnapshotWriter(SnapshotStore store, StoreLock heldLock, SnapshotRequest request, string folder)
    {
        (_store, _lock, _request, _folder) = (store, heldLock, request, folder);
        Name = store.FreeName(request).Value;
    }

    /// <summary>The name that the snapshot will have, unless a run for another database takes it first.</summary>
    public string Name { get; private set; }

    /// <summary>Identity of the snapshot, 16 hexadecimal digits.</summary>
    public string Id => _request.Id;

    /// <summary>When the snapshot was begun.</summary>
    public DateTimeOffset StartedAt => _request.StartedAt;

    /// <summary>Begins the documents of a collection; call once per collection, empty ones included.</summary>
    public CollectionWriter OpenCollection(string name)
    {
        lock (_guard)
        {
            var target = new SegmentTarget(Folder, Id, name, new HashList());
            var writer = new CollectionWriter(target, _compressor, Completed);
            _collections.Add(name, writer);
            return writer;
        }
    }

    /// <summary>Gives up what was written for a collection, so that it can be opened again.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public async Task DiscardCollectionAsync(string name)
    {
        CollectionWriter? writer;
        lock (_guard)
        {
            writer = _collections.GetValueOrDefault(name);
            _collections.Remove(name);
        }

        await (writer?.DiscardAsync() ?? Task.CompletedTask);
    }

    /// <summary>Writes a definition byte for byte and returns its path for the manifest.</summary>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public Task<string> WriteStructureAsync(StructureKind kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var path = $"structure/{kind.ToString().ToLowerInvariant()}-{CollectionFolder.NameOf(name)}.json";
        return Task.Run(
            () =>
            {
                WriteFile(path, json.Span);
                return path;
            },
            cancellationToken);
    }

    /// <summary>The folder that is written.</summary>
    internal string ContentFolder => Folder;

    /// <summary>The folder of the store.</summary>
    internal string StoreFolder => _store.Path;

    /// <summary>A sentence about an earlier run that died while it wrote a snapshot of this database; null when there was none.</summary>
    public string? TakenOver => _lock.TakenOver;

    /// <summary>Takes the files beside the database in, whose list and contents lie in the folder and are durable.</summary>
    internal void AddBulk(ReadOnlySpan<byte> hashOfList, long sharedBytes)
    {
        _hashes.Set(TreeListFile.Name, hashOfList);
        Interlocked.Add(ref _sharedBytes, sharedBytes);
    }

    /// <summary>
    /// Proves each collection against its tree root, writes metadata, manifest and hashes, flushes everything to the disk and renames the
    /// folder. Fields described as "filled in by the store" are set here.
    /// </summary>
    /// <exception cref="MetisException">
    /// VerificationFailed: count or hash of a collection is not what its tree root states. NoSpace, Denied: as the disk says.
    /// </exception>
    public async Task<SnapshotEntry> CommitAsync(Manifest manifest, SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        Prove(manifest);
        return await Task.Run(() => Commit(manifest with { Id = Id, Schema = Manifest.CurrentSchema }, metadata, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Finishes the folder so that it can be read, without making it visible: it goes with this object. For what is read in the form of a
    /// snapshot only for the time of a run.
    /// </summary>
    /// <param name="manifest">What it holds.</param>
    /// <param name="shownAs">The entry that stands for it in messages.</param>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    internal SnapshotReader OpenHidden(Manifest manifest, SnapshotEntry shownAs)
    {
        manifest = manifest with { Id = Id, Schema = Manifest.CurrentSchema };
        WriteFile("manifest.json", [.. JsonSerializer.SerializeToUtf8Bytes(manifest, SnapshotJson.Default.Manifest), (byte)'\n']);
        var metadata = Complete(manifest, new SnapshotMetadata()) with { SnapshotName = shownAs.Name };
        try
        {
            WriteMetadata(Folder, metadata);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, Folder);
        }

        return SnapshotReader.Open(shownAs with { Path = Folder, State = SnapshotState.Complete, Problem = null, Metadata = metadata });
    }

    /// <summary>Releases the lock; removes the folder if it was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var collection in _collections.Values)
        {
            await collection.DisposeAsync();
        }

        _compressor.Dispose();
        try
        {
            if (_folder is { } folder)
            {
                _folder = null;
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            // hidden, and the next run recognises it: not worth hiding the fault that led here
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private void Completed(HashList hashes, long sharedBytes)
    {
        _hashes.Add(hashes);
        Interlocked.Add(ref _sharedBytes, sharedBytes);
    }

    private string Folder => _folder ?? throw new InvalidOperationException("The snapshot has been committed or given up.");

    private void Prove(Manifest manifest)
    {
        if (_collections.Any(collection => !collection.Value.IsComplete))
        {
            throw new InvalidOperationException("A collection has not been completed.");
        }

        foreach (var collection in manifest.Collections)
        {
            if (collection.Tree is { } tree && tree.Summary() != collection.Summary())
            {
                throw new MetisException(
                    ErrorCode.VerificationFailed,
                    $"Collection {QuotedName.Of(collection.Name)} was not read completely: {collection.Documents} documents with hash "
                    + $"{collection.RevisionHash}, but the server's revision tree states {tree.Count} with hash {tree.Hash}.",
                    "run the command again; if it happens again, let the server rebuild the revision tree of that collection");
            }
        }
    }

    private SnapshotEntry Commit(Manifest manifest, SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        WriteFile("manifest.json", [.. JsonSerializer.SerializeToUtf8Bytes(manifest, SnapshotJson.Default.Manifest), (byte)'\n']);
        metadata = Complete(manifest, metadata);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            metadata = metadata with { SnapshotName = Name, CompletedAt = Iso(_store.Time.GetUtcNow()) };
            if (TryPublish(metadata))
            {
                return _store.ReadEntry(Name);
            }

            Name = _store.FreeName(_request).Value;
        }
    }

    /// <summary>False when another run took the name in the meantime.</summary>
    private bool TryPublish(SnapshotMetadata metadata)
    {
        var (folder, target) = (Folder, Path.Combine(_store.Path, Name));
        try
        {
            WriteMetadata(folder, metadata);
            foreach (var directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            {
                DirectoryFlush.Flush(directory);
            }

            if (Path.Exists(target))
            {
                return false;
            }

            _lock.Require();
            Directory.Move(folder, target);
            _folder = null;
            DirectoryFlush.Flush(_store.Path);
            return true;
        }
        catch (IOException) when (_folder is not null && Path.Exists(target))
        {
            return false;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, target);
        }
    }

    private void WriteMetadata(string folder, SnapshotMetadata metadata)
    {
        File.Delete(Path.Combine(folder, "metadata.json"));
        File.Delete(Path.Combine(folder, HashList.FileName));
        WriteFile("metadata.json", [.. JsonSerializer.SerializeToUtf8Bytes(metadata, SnapshotJson.Default.SnapshotMetadata), (byte)'\n']);
        StoreFile.WriteSealed(Path.Combine(folder, HashList.FileName), _hashes.Write());
    }

    private SnapshotMetadata Complete(Manifest manifest, SnapshotMetadata metadata)
    {
        var documentBytes = manifest.Collections.Sum(collection => collection.Segments.Sum(segment => segment.KeptBytes()));
        var storedBytes = _hashes.Hashes.Keys.Sum(file => new FileInfo(Path.Combine(Folder, file)).Length) + (manifest.Bulk?.StoredBytes ?? 0);
        return metadata with
        {
            Schema = SnapshotMetadata.CurrentSchema,
            Id = Id,
            Sequence = _store.NextSequence(),
            Timestamp = Iso(StartedAt),
            Description = _request.Description,
            Database = _request.Database,
            Collections = manifest.Collections.ToDictionary(collection => collection.Name, collection => collection.Documents, StringComparer.Ordinal),
            UnprovenCollections = [.. manifest.Collections.Where(collection => collection.Unproven is not null).Select(collection => collection.Name)],
            DatabaseSizeMb = Math.Round(documentBytes / Megabyte, 3),
            DocumentBytes = documentBytes,
            BulkStoreSizeMb = Math.Round((manifest.Bulk?.Bytes ?? 0) / Megabyte, 3),
            BulkFiles = manifest.Bulk?.Files,
            BulkBytes = manifest.Bulk?.Bytes,
            Compression = "zstd",
            StoredBytes = storedBytes,
            NewBytes = storedBytes - _sharedBytes,
        };
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void WriteFile(string relativePath, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(Folder, relativePath);
        try
        {
            StoreFile.CreateDirectory(Path.GetDirectoryName(path)!);
            _hashes.Set(relativePath, StoreFile.WriteSealed(path, content));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }
}
