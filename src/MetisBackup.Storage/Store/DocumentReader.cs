using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Reads the documents of a collection in order while frames ahead are unpacked on all cores. At most a few MiB of them are in memory
/// beside what the caller has; large documents are bounded over all collections.
/// </summary>
internal sealed class DocumentReader(string snapshotPath, FrameDecompressor decompressor)
{
    private const int MostAhead = 8;

    /// <summary>One MiB for each core and one more.</summary>
    private static readonly long BytesAhead = Math.Clamp(Environment.ProcessorCount + 1, 2, MostAhead) * 1024L * 1024;

    /// <summary>All documents, in blocks of about 1 MiB.</summary>
    public IAsyncEnumerable<DocumentBlock> ReadAsync(CollectionRecord collection, CancellationToken cancellationToken) =>
        BlockJoiner.JoinAsync(ReadFramesAsync(collection, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<DocumentBlock> ReadFramesAsync(CollectionRecord collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in collection.Segments)
        {
            var excluded = record.Excluded is { } exclusion ? ReadExclusions(exclusion) : null;
            await foreach (var block in ReadSegmentAsync(record, new Filter(null, excluded, null), cancellationToken))
            {
                yield return block;
            }
        }
    }

    /// <summary>One segment without some revisions.</summary>
    public IAsyncEnumerable<DocumentBlock> ReadAsync(SegmentRecord segment, HashSet<ulong> excluded, CancellationToken cancellationToken) =>
        ReadSegmentAsync(segment, new Filter(null, excluded, null), cancellationToken);

    /// <summary>Only the selected documents, in blocks of about 1 MiB although a frame may hold few of them.</summary>
    public IAsyncEnumerable<DocumentBlock> ReadAsync(CollectionRecord collection, DocumentSelection selection, CancellationToken cancellationToken) =>
        BlockJoiner.JoinAsync(ReadSparselyAsync(collection, selection, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<DocumentBlock> ReadSparselyAsync(
        CollectionRecord collection, DocumentSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (position, selected) in selection.Segments)
        {
            await foreach (var block in ReadSegmentAsync(collection.Segments[position], new Filter(selected.Frames, null, selected.Revisions), cancellationToken))
            {
                yield return block;
            }
        }
    }

    private async IAsyncEnumerable<DocumentBlock> ReadSegmentAsync(
        SegmentRecord record, Filter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var segment = SegmentReader.Open(snapshotPath, record);
        var ahead = new Queue<Task<DocumentBlock>>();
        var sizes = new Queue<int>();
        var bytesAhead = 0L;
        try
        {
            foreach (var (number, frame) in segment.Frames.Index())
            {
                if (filter.Frames?.Contains(number) == false)
                {
                    segment.Skip(frame);
                    continue;
                }

                // Whoever waits for room for a large frame must hold none.
                while (ahead.Count > 0 && (frame.RawLength > FrameMemory.LargestUsual || bytesAhead + frame.RawLength > BytesAhead))
                {
                    bytesAhead -= sizes.Dequeue();
                    yield return await ahead.Dequeue();
                }

                ahead.Enqueue(await StartAsync(segment, Path.Combine(snapshotPath, record.Documents), frame, filter, cancellationToken));
                sizes.Enqueue(frame.RawLength);
                bytesAhead += frame.RawLength;
            }

            while (ahead.TryDequeue(out var next))
            {
                yield return await next;
            }
        }
        finally
        {
            foreach (var unread in ahead)
            {
                await unread.ContinueWith(
                    static task => task.IsCompletedSuccessfully ? task.Result : null,
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                    .ContinueWith(static task => task.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task<Task<DocumentBlock>> StartAsync(
        SegmentReader segment, string path, SegmentFrame frame, Filter filter, CancellationToken cancellationToken)
    {
        var place = await decompressor.Budget.EnterAsync(frame, cancellationToken);
        byte[] stored;
        try
        {
            stored = await segment.ReadFrameAsync(frame, cancellationToken);
        }
        catch (Exception error)
        {
            place?.Dispose();
            if (StoreFault.IsDisk(error))
            {
                throw StoreFault.Reading(error, path);
            }

            throw;
        }

        return Task.Run(
            () =>
            {
                try
                {
                    var block = decompressor.Unpack(stored.AsSpan(0, frame.StoredLength), frame, place);
                    return filter.TakesAll ? block : Take(block, filter);
                }
                catch (FormatException error)
                {
                    throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}.", error);
                }
                finally
                {
                    FrameMemory.Return(stored);
                }
            },
            CancellationToken.None);
    }

    private HashSet<ulong> ReadExclusions(ExclusionRecord exclusion)
    {
        var path = Path.Combine(snapshotPath, exclusion.File);
        try
        {
            return ExclusionList.ReadAll(path);
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}.", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }

    /// <summary>Moves the documents that are wanted to the front of the block and cuts off the rest.</summary>
    private static DocumentBlock Take(DocumentBlock block, Filter filter)
    {
        var scanner = new DocumentScanner();
        var lines = MemoryMarshal.AsMemory(block.Lines).Span;
        var (length, documents) = (0, 0);
        for (var start = 0; start < lines.Length;)
        {
            var end = lines[start..].IndexOf((byte)'\n');
            if (end < 0 || scanner.Scan(lines.Slice(start, end)) is not null)
            {
                block.Dispose();
                throw new FormatException("it holds something that is not a document");
            }

            if (filter.Takes(scanner.Revision.Value))
            {
                lines.Slice(start, end + 1).CopyTo(lines[length..]);
                length += end + 1;
                documents++;
            }

            start += end + 1;
        }

        block.Cut(length, documents);
        return block;
    }

    /// <summary>What is wanted of a segment; null stands for no restriction.</summary>
    private sealed record Filter(HashSet<int>? Frames, HashSet<ulong>? Excluded, HashSet<ulong>? Only)
    {
        public bool TakesAll => Excluded is null && Only is null;

        public bool Takes(ulong revision) => Excluded?.Contains(revision) != true && Only?.Contains(revision) != false;
    }
}
