using System.Security.Cryptography;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Reads one snapshot; while it is open the snapshot cannot be deleted.</summary>
public sealed class SnapshotReader : IDisposable
{
    private static readonly string[] ContentFolders = ["segments/", "structure/", "excluded/", "bulk/"];

    private readonly FileStream _use;
    private readonly FrameDecompressor _decompressor = new();

    private SnapshotReader(SnapshotEntry entry, FileStream use, HashList hashes, Manifest manifest)
    {
        (Entry, _use, Hashes, Manifest) = (entry, use, hashes, manifest);
    }

    /// <summary>The snapshot that is read.</summary>
    public SnapshotEntry Entry { get; }

    /// <summary>Its manifest, checked.</summary>
    public Manifest Manifest { get; }

    internal HashList Hashes { get; }

    internal FrameDecompressor Decompressor => _decompressor;

    /// <summary>A definition, byte for byte as the server gave it; <paramref name="path"/> as in the manifest.</summary>
    /// <exception cref="MetisException">VerificationFailed: the file is missing or damaged.</exception>
    public Task<byte[]> ReadStructureAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => ReadChecked(Entry.Path, Hashes, path), cancellationToken);

    /// <summary>
    /// The documents of a collection, unpacked and checked against the checksum of each frame, in blocks of about 1 MiB; a single larger
    /// document is a block of its own. Reads ahead on all cores. Dispose each block.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a segment is damaged; the message names the file.</exception>
    public IAsyncEnumerable<DocumentBlock> ReadDocumentsAsync(CollectionRecord collection, CancellationToken cancellationToken) =>
        new DocumentReader(Entry.Path, _decompressor).ReadAsync(collection, cancellationToken);

    /// <summary>
    /// Some documents of a collection, in blocks of at most about 1 MiB in the order of the segments: only the frames that hold one of them
    /// are read. Dispose each block. A document that is not there, or excluded, is an error of the caller and not reported.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a segment is damaged; the message names the file.</exception>
    public IAsyncEnumerable<DocumentBlock> ReadDocumentsAsync(
        CollectionRecord collection, DocumentSelection selection, CancellationToken cancellationToken) =>
        new DocumentReader(Entry.Path, _decompressor).ReadAsync(collection, selection, cancellationToken);

    /// <summary>
    /// The revisions of a collection in ascending order, excluded ones left out, with keys and places. Holds 64 KiB per segment and one
    /// stretch, however large the collection is; that stretch is used again.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a list of revisions is damaged.</exception>
    public IEnumerable<StoredRevisions> ReadRevisionBlocks(CollectionRecord collection) => RevisionReader.ReadBlocks(Entry.Path, collection);

    /// <summary>The revisions of a collection in ascending order, excluded ones left out. Holds 64 KiB per segment, however large it is.</summary>
    /// <exception cref="MetisException">VerificationFailed: a list of revisions is damaged.</exception>
    public IEnumerable<RevisionEntry> ReadRevisions(CollectionRecord collection) => RevisionReader.Read(Entry.Path, collection);

    /// <summary>The documents of one segment, less those that <paramref name="excluded"/> names; otherwise as the documents of a collection.</summary>
    internal IAsyncEnumerable<DocumentBlock> ReadSegmentAsync(SegmentRecord segment, HashSet<ulong> excluded, CancellationToken cancellationToken) =>
        new DocumentReader(Entry.Path, _decompressor).ReadAsync(segment, excluded, cancellationToken);

    /// <summary>
    /// Reads every byte of every file against its hash, every document against its list of revisions, and every collection against its
    /// tree root. Goes on after a fault and reports all. <paramref name="progress"/> receives bytes read since the last report.
    /// </summary>
    public Task<VerificationReport> VerifyAsync(IProgress<long>? progress, CancellationToken cancellationToken) =>
        new SnapshotVerifier(this, scope: null, progress).RunAsync(cancellationToken);

    /// <summary>The same for a part of the snapshot.</summary>
    public Task<VerificationReport> VerifyAsync(VerificationScope scope, IProgress<long>? progress, CancellationToken cancellationToken) =>
        new SnapshotVerifier(this, scope, progress).RunAsync(cancellationToken);

    /// <summary>Size of the documents on disk that a part of the snapshot covers, in bytes.</summary>
    public long SizeOf(VerificationScope scope) =>
        Manifest.Collections.Where(one => scope.Covers(one.Name)).Sum(static one => one.Segments.Sum(static segment => segment.StoredBytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        _decompressor.Dispose();
        _use.Dispose();
    }

    internal static SnapshotReader Open(SnapshotEntry entry)
    {
        if (entry.State is SnapshotState.Legacy or SnapshotState.Newer or SnapshotState.Leftover)
        {
            throw Unreadable(entry, entry.Problem ?? "it was written by the earlier tool and has neither manifest nor hashes");
        }

#pragma warning disable CA2000 // belongs to the reader
        var use = SnapshotUse.Shared(entry);
#pragma warning restore CA2000
        try
        {
            RequireKnownSchema(entry);
            var hashes = ReadHashes(entry, use);
            SnapshotFolder.RequireNoLinks(entry.Path, hashes.Hashes.Keys);
            _ = ReadChecked(entry.Path, hashes, "metadata.json");
            var manifest = ReadManifest(entry, hashes);
            return new SnapshotReader(entry, use, hashes, manifest);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file and compares it with its hash.</summary>
    internal static byte[] ReadChecked(string snapshotPath, HashList hashes, string relativePath)
    {
        var path = Path.Combine(snapshotPath, relativePath);
        if (!hashes.Hashes.TryGetValue(relativePath, out var expected))
        {
            throw StoreFault.Damaged($"'{path}' is not listed in {HashList.FileName}.");
        }

        try
        {
            var content = File.ReadAllBytes(path);
            return Convert.ToHexStringLower(SHA256.HashData(content)) == expected
                ? content
                : throw StoreFault.Damaged($"'{path}' is damaged: it does not match its SHA-256.");
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }

    private static MetisException Unreadable(SnapshotEntry entry, string problem) => new(
        ErrorCode.Usage,
        $"Snapshot {QuotedName.Of(entry.Name)} cannot be read by this version: {problem}.",
        entry.State switch
        {
            SnapshotState.Legacy => "'show', 'verify', 'diff' and 'restore' read it",
            SnapshotState.Leftover => "delete it when nothing in it is needed",
            _ => "install a newer version of metis-backup",
        });

    /// <summary>A newer version may spell everything else differently, so its schema comes before any hash.</summary>
    private static void RequireKnownSchema(SnapshotEntry entry)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(entry.Path, "manifest.json")));
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("schema", out var schema)
                && schema.ValueKind == JsonValueKind.Number
                && schema.TryGetInt32(out var number) && number > Manifest.CurrentSchema)
            {
                throw Unreadable(entry with { State = SnapshotState.Newer }, $"it was written by a newer version of metis-backup (schema {number})");
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException)
        {
            // said better by the check against its hash, which follows
        }
    }

    private static HashList ReadHashes(SnapshotEntry entry, FileStream file)
    {
        try
        {
            using var content = new MemoryStream();
            file.CopyTo(content);
            return HashList.Parse(content.ToArray());
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{Path.Combine(entry.Path, HashList.FileName)}' is damaged: {error.Message}.", error);
        }
        catch (IOException error)
        {
            throw StoreFault.Reading(error, file.Name);
        }
    }

    private static Manifest ReadManifest(SnapshotEntry entry, HashList hashes)
    {
        var path = Path.Combine(entry.Path, "manifest.json");
        try
        {
            var manifest = JsonSerializer.Deserialize(ReadChecked(entry.Path, hashes, "manifest.json"), SnapshotJson.Default.Manifest)
                ?? throw new FormatException("it is empty");
            ManifestCheck.Require(manifest);
            RequireSameFiles(FilesOf(manifest).ToHashSet(StringComparer.Ordinal), hashes);

            return manifest;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}", error);
        }
    }

    /// <summary>The manifest and the list of hashes speak of the same content.</summary>
    private static void RequireSameFiles(HashSet<string> named, HashList hashes)
    {
        if (named.FirstOrDefault(file => !hashes.Hashes.ContainsKey(file)) is { } unlisted)
        {
            throw new FormatException($"it names '{unlisted}', which {HashList.FileName} does not list");
        }

        var unused = hashes.Hashes.Keys.FirstOrDefault(file =>
            ContentFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) && !named.Contains(file));
        if (unused is not null)
        {
            throw new FormatException($"it does not name '{unused}', which {HashList.FileName} lists");
        }
    }

    /// <summary>The files of a collection's documents, relative to the snapshot.</summary>
    internal static IEnumerable<string> FilesOf(CollectionRecord collection) =>
        collection.Segments.SelectMany(static segment => new[] { segment.Documents, segment.Revisions, segment.Excluded?.File }).OfType<string>();

    private static IEnumerable<string> FilesOf(Manifest manifest) =>
        manifest.Collections.SelectMany(static collection => FilesOf(collection).Append(collection.Structure))
            .Concat(manifest.Views.Concat(manifest.Analyzers).Select(record => record.Structure))
            .Concat(manifest.Bulk is { } bulk ? [bulk.List] : []);
}
