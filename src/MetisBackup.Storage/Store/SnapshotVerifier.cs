using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Bulk;

namespace MetisBackup.Storage.Store;

/// <summary>A fault that verification found.</summary>
/// <param name="File">The file, relative to the snapshot; null when the fault lies in no single one.</param>
/// <param name="Collection">The collection it belongs to, if any.</param>
/// <param name="Message">One sentence that says what is wrong and with which thing.</param>
public sealed record VerificationFinding(string? File, string? Collection, string Message);

/// <summary>What verification did and found.</summary>
/// <param name="Files">Number of files whose every byte was read.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Documents">Number of documents counted, excluded ones left out.</param>
/// <param name="Findings">The faults; empty when all is well.</param>
public sealed record VerificationReport(int Files, long Bytes, long Documents, IReadOnlyList<VerificationFinding> Findings);

/// <summary>A part of a snapshot that is to be verified; definitions always are.</summary>
/// <param name="Whole">Names of collections whose documents are all read and compared with their lists.</param>
/// <param name="Files">Names of collections whose files are compared with their hashes.</param>
public sealed record VerificationScope(IReadOnlySet<string> Whole, IReadOnlySet<string> Files)
{
    /// <summary>Whether a collection is part of it.</summary>
    public bool Covers(string collection) => Whole.Contains(collection) || Files.Contains(collection);
}

/// <summary>Verifies one snapshot: files in parallel, each segment with its list of revisions on one core.</summary>
internal sealed class SnapshotVerifier(SnapshotReader reader, VerificationScope? scope, IProgress<long>? progress)
{
    private const int MaxSegmentsAtOnce = 4;
    private const int ChunkBytes = 256 * 1024;

    private readonly ConcurrentBag<VerificationFinding> _findings = [];
    private readonly string _path = reader.Entry.Path;
    private int _files;
    private long _bytes;
    private long _documents;

    public async Task<VerificationReport> RunAsync(CancellationToken cancellationToken)
    {
        CheckNames();
        await CheckStructuresAsync(cancellationToken);
        var whole = reader.Manifest.Collections.Where(collection => scope?.Whole.Contains(collection.Name) != false).ToList();
        var segments = whole.SelectMany(collection => collection.Segments.Select(segment => new SegmentVerifier(reader, collection, segment))).ToList();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MaxSegmentsAtOnce),
            CancellationToken = cancellationToken,
        };
        var inSegments = segments.Select(segment => segment.File).ToHashSet(StringComparer.Ordinal);
        var leftOut = reader.Manifest.Collections.Where(collection => scope?.Covers(collection.Name) == false).SelectMany(SnapshotReader.FilesOf).ToHashSet(StringComparer.Ordinal);
        await Parallel.ForEachAsync(reader.Hashes.Hashes.Keys.Where(file => !inSegments.Contains(file) && !leftOut.Contains(file)), options, CheckFileAsync);
        await Parallel.ForEachAsync(segments, options, CheckSegmentAsync);
        await CheckBulkAsync(cancellationToken);
        foreach (var collection in whole)
        {
            CheckCollection(collection, segments.Where(segment => ReferenceEquals(segment.Collection, collection)).ToList());
        }

        var findings = _findings.OrderBy(finding => finding.File is null).ThenBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Collection, StringComparer.Ordinal);
        return new VerificationReport(_files, _bytes, _documents, [.. findings]);
    }

    /// <summary>Files that are there but not listed: nobody vouches for them.</summary>
    private void CheckNames()
    {
        foreach (var relative in SnapshotFolder.Files(_path))
        {
            if (relative is not (HashList.FileName or "pin.json" or "pin.json.new") && !IsBulkContent(relative) && !reader.Hashes.Hashes.ContainsKey(relative))
            {
                _findings.Add(new VerificationFinding(relative, null, $"'{relative}' does not belong to the snapshot: {HashList.FileName} does not list it."));
            }
        }
    }

    /// <summary>Contents of bulk files vouch for themselves by their names.</summary>
    private bool IsBulkContent(string relative) => reader.Manifest.Bulk is not null && relative.StartsWith(BulkContents.Folder + "/", StringComparison.Ordinal);

    private async Task CheckBulkAsync(CancellationToken cancellationToken)
    {
        if (reader.Manifest.Bulk is null || scope is not null)
        {
            return;
        }

        var bulk = new BulkVerifier(_path, Count);
        foreach (var finding in await bulk.RunAsync(cancellationToken))
        {
            _findings.Add(finding);
        }

        _files += bulk.Files;
    }

    /// <summary>A definition must be the one of the collection or view that the manifest names.</summary>
    private async Task CheckStructuresAsync(CancellationToken cancellationToken)
    {
        var named = reader.Manifest.Collections.Select(collection => (collection.Name, collection.Structure, IsCollection: true))
            .Concat(reader.Manifest.Views.Select(view => (view.Name, view.Structure, IsCollection: false)));
        foreach (var (name, file, isCollection) in named)
        {
            try
            {
                using var structure = JsonDocument.Parse(await reader.ReadStructureAsync(file, cancellationToken));
                var definition = isCollection ? structure.RootElement.GetProperty("parameters") : structure.RootElement;
                if (definition.GetProperty("name").GetString() != name)
                {
                    _findings.Add(new VerificationFinding(file, name, $"'{file}' defines something else than {QuotedName.Of(name)}."));
                }
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                _findings.Add(new VerificationFinding(file, name, $"'{file}' is no definition of {QuotedName.Of(name)}."));
            }
            catch (MetisException error) when (error.Code == ErrorCode.VerificationFailed)
            {
                // the check of every file against its hash names it
                continue;
            }
        }
    }

    private async ValueTask CheckFileAsync(string file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var stream = StoreFile.Read(Path.Combine(_path, file));
            for (var read = -1; read != 0;)
            {
                read = await stream.ReadAsync(buffer, cancellationToken);
                hash.AppendData(buffer, 0, read);
                Count(read);
            }

            CheckHash(file, collection: null, hash);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            _findings.Add(new VerificationFinding(file, null, StoreFault.Reading(error, file).Message));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask CheckSegmentAsync(SegmentVerifier segment, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var fault = await segment.RunAsync(hash, Count, cancellationToken);
        if (fault is not null)
        {
            _findings.Add(fault);
        }

        if (segment.ReadToEnd)
        {
            CheckHash(segment.File, segment.Collection.Name, hash);
        }
    }

    private void CheckHash(string file, string? collection, IncrementalHash hash)
    {
        Interlocked.Increment(ref _files);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != reader.Hashes.Hashes[file])
        {
            _findings.Add(new VerificationFinding(file, collection, $"'{file}' is damaged: it does not match its SHA-256."));
        }
    }

    private void CheckCollection(CollectionRecord collection, List<SegmentVerifier> segments)
    {
        var sum = segments.Aggregate(RevisionSummary.Empty, (total, segment) => total.Union(segment.Kept));
        _documents += (long)sum.Count;
        if (sum == collection.Summary() && (collection.Tree is null || sum == collection.Tree.Summary()))
        {
            return;
        }

        var expected = collection.Tree ?? new TreeRoot { Count = collection.Documents, Hash = collection.RevisionHash };
        _findings.Add(new VerificationFinding(
            null,
            collection.Name,
            $"Collection {QuotedName.Of(collection.Name)} has {sum.Count} documents with hash {sum.Hash}, but its revision tree states "
            + $"{expected.Count} with hash {expected.Hash}."));
    }

    private void Count(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        progress?.Report(bytes);
    }
}
