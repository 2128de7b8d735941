using System.Buffers;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Takes the documents of one collection. One caller at a time. Cuts them into frames of about 128 KiB and segments of at most 256 MiB or
/// 131,072 documents; memory does not follow the size of the collection.
/// </summary>
public sealed class CollectionWriter : IAsyncDisposable
{
    /// <summary>
    /// Just under 128 KiB, so that what zstd needs in the worst case fits into a pooled buffer of that size as well. Whoever wants some
    /// documents unpacks the frames that hold them, so frames are small; below this size packing gets worse.
    /// </summary>
    internal const int FrameBytes = (128 - 1) * 1024;

    /// <summary>A line from here on is packed where it lies, instead of in a copy.</summary>
    internal const int LargeLineBytes = (1024 - 8) * 1024;

    private const long MaxSegmentBytes = 256L * 1024 * 1024;

    private readonly SegmentTarget _target;
    private readonly Action<HashList, long> _completed;
    private readonly string _name;
    private readonly List<SegmentRecord> _inherited = [];
    private long _sharedBytes;
    private readonly FrameCompressor _compressor;
    private readonly SegmentAppender _appender;
    private readonly DocumentScanner _scanner = new();
    private SegmentEntries _entries = new();
    private byte[]? _buffer;
    private int _filled;
    private int _frameDocuments;
    private int _frame;
    private long _segmentBytes;
    private long _documents;
    private long _rawBytes;
    private RevisionSummary _summary;
    private RevisionId _highest;

    internal CollectionWriter(SegmentTarget target, FrameCompressor compressor, Action<HashList, long> completed)
    {
        (_target, _completed) = (target, completed);
        _name = target.Collection;
        _compressor = compressor;
        _appender = new SegmentAppender(target, compressor);
    }

    /// <summary>Documents taken so far; may be read from another thread.</summary>
    public long Documents => Volatile.Read(ref _documents);

    /// <summary>Bytes taken so far; may be read from another thread.</summary>
    public long RawBytes => Volatile.Read(ref _rawBytes);

    /// <summary>Receives the keys of the documents that are taken; null for nobody.</summary>
    public KeySet? Keys { get; set; }

    internal bool IsComplete { get; private set; }

    /// <summary>
    /// Takes one or more complete lines, each a JSON object with <c>_key</c> and <c>_rev</c>; a missing line end behind the last is added,
    /// empty lines are passed over. The memory may be reused as soon as the call has ended. Waits while the compressors are busy.
    /// </summary>
    /// <exception cref="MetisException">VerificationFailed: a line is not a document. NoSpace, Denied: as the disk says.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> jsonLines, CancellationToken cancellationToken)
    {
        _appender.ThrowIfFaulted();
        while (!jsonLines.IsEmpty)
        {
            jsonLines = jsonLines[TakeSmallLines(jsonLines.Span)..];
            if (jsonLines.IsEmpty && _filled < FrameBytes && !_entries.IsFull)
            {
                return;
            }

            await FlushFrameAsync(cancellationToken);
            var next = LineLength(jsonLines.Span);
            if (next >= LargeLineBytes)
            {
                await WriteLargeLineAsync(jsonLines[..next], cancellationToken);
                jsonLines = jsonLines[next..];
            }
        }
    }

    /// <summary>
    /// Takes over what an older snapshot holds of the collection, less some revisions, without asking the server: segments are shared with
    /// it; mostly obsolete and many small ones are written anew, see <see cref="CapturePlanner.Rewritten"/>. Nothing that is visibly damaged is taken.
    /// </summary>
    /// <param name="parent">The older snapshot.</param>
    /// <param name="record">The collection there.</param>
    /// <param name="removed">Revisions to leave out, by position of the segment; null for none. Null for all: nothing changed, and every segment is shared.</param>
    /// <param name="verifyContent">Every byte that is shared is compared with its hash first.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="MetisException">VerificationFailed: the older snapshot is damaged. NoSpace, Denied: as the disk says.</exception>
    public async Task InheritAsync(
        SnapshotReader parent, CollectionRecord record, IReadOnlyList<CompactRevisions?>? removed, bool verifyContent, CancellationToken cancellationToken)
    {
        var linker = new SegmentLinker(parent, _target.SnapshotPath, _target.Hashes, verifyContent);
        var isRewritten = removed is null
            ? new bool[record.Segments.Count]
            : CapturePlanner.Rewritten([.. record.Segments.Select((segment, position) => (segment.Count, (segment.Excluded?.Count ?? 0) + (removed[position]?.Count ?? 0)))]);
        foreach (var (position, segment) in record.Segments.Index())
        {
            var gone = removed?[position];
            if (isRewritten[position])
            {
                var excluded = await Task.Run(() => linker.Exclusions(segment, gone).Select(static one => one.Value).ToHashSet(), cancellationToken);
                await foreach (var block in parent.ReadSegmentAsync(segment, excluded, cancellationToken))
                {
                    using (block)
                    {
                        await WriteAsync(block.Lines, cancellationToken);
                    }
                }

                continue;
            }

            _inherited.Add(await Task.Run(() => Guard(() => linker.Take(segment, gone)), cancellationToken));
            var kept = _inherited[^1].KeptSummary();
            _summary = _summary.Union(kept);
            Volatile.Write(ref _documents, _documents + (long)kept.Count);
            Volatile.Write(ref _rawBytes, _rawBytes + _inherited[^1].KeptBytes());
        }

        _highest = record.Highest() is { } before && before > _highest ? before : _highest;
        _sharedBytes += linker.SharedBytes;
    }

    /// <summary>Waits until everything is on the disk and says what was written.</summary>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public async Task<CollectionData> CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushFrameAsync(cancellationToken);
        EndSegment();
        List<SegmentRecord> segments = [.. _inherited, .. await _appender.CompleteAsync(cancellationToken)];
        IsComplete = true;
        _completed(_target.Hashes, _sharedBytes);
        return new CollectionData(segments, _documents, _summary, _rawBytes, segments.Sum(segment => segment.StoredBytes)) { HighestRevision = _highest };
    }

    /// <summary>Gives up: removes every file that was written or shared.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    internal async Task DiscardAsync()
    {
        await DisposeAsync();
        var own = Path.Combine(_target.SnapshotPath, "segments", CollectionFolder.NameOf(_name));
        Guard(() =>
        {
            var unfinished = Directory.Exists(own) ? Directory.EnumerateFiles(own, _target.SnapshotId + "-*") : [];
            foreach (var file in _target.Hashes.Hashes.Keys.Select(path => Path.Combine(_target.SnapshotPath, path)).Concat(unfinished).ToList())
            {
                File.Delete(file);
            }

            return true;
        });
    }

    /// <summary>Closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _appender.AbortAsync();
        _entries.Dispose();
        if (_buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _buffer = null;
        }
    }

    private T Guard<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _target.SnapshotPath);
        }
    }

    /// <summary>Length of the first line with its line feed, or of everything when there is none.</summary>
    private static int LineLength(ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        return end < 0 ? lines.Length : end + 1;
    }

    /// <summary>
    /// Takes lines until the frame or the segment is full or a line is large; returns the number of bytes taken. A line that is larger than
    /// a frame is one by itself.
    /// </summary>
    private int TakeSmallLines(ReadOnlySpan<byte> lines)
    {
        var taken = 0;
        while (taken < lines.Length && !_entries.IsFull)
        {
            var length = LineLength(lines[taken..]);
            var line = lines.Slice(taken, length).TrimEnd((byte)'\n');
            if (length >= LargeLineBytes || (_filled > 0 && _filled + line.Length + 1 > FrameBytes))
            {
                break;
            }

            if (!line.TrimStart(" \t\r"u8).IsEmpty)
            {
                _buffer ??= ArrayPool<byte>.Shared.Rent(Math.Max(FrameBytes, line.Length + 1));
                Register(line);
                line.CopyTo(_buffer.AsSpan(_filled));
                _filled += line.Length;
                _buffer[_filled++] = (byte)'\n';
            }

            taken += length;
        }

        return taken;
    }

    /// <summary>Compresses a line straight from the caller's memory, which it waits for.</summary>
    private async Task WriteLargeLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (line.Span[^1] != (byte)'\n')
        {
            line = (byte[])[.. line.Span, (byte)'\n'];
        }

        if (line.Span.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return;
        }

        Register(line.Span[..^1]);
        await _compressor.Slots.WaitAsync(cancellationToken);
        var frame = _compressor.CompressAsync(line);
        EndFrame(frame, pooled: null, line.Length);
        await ((Task)frame).WaitAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _appender.ThrowIfFaulted();
    }

    private async Task FlushFrameAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await _compressor.Slots.WaitAsync(cancellationToken);
            var (buffer, filled) = (_buffer!, _filled);
            (_buffer, _filled) = (null, 0);
            EndFrame(_compressor.CompressAsync(buffer.AsMemory(0, filled)), buffer, filled);
            _appender.ThrowIfFaulted();
        }
    }

    private void Register(ReadOnlySpan<byte> line)
    {
        if (_scanner.Scan(line) is { } fault)
        {
            throw new MetisException(
                ErrorCode.VerificationFailed, $"Line {_documents + 1} that the server sent for collection {QuotedName.Of(_name)} {fault}.", "run the command again; if it happens again the server or a proxy in between is at fault");
        }

        _entries.Add(_scanner.Revision, _scanner.Key, _frame);
        Keys?.Add(_scanner.Key);
        _summary = _summary.With(_scanner.Revision);
        _highest = _scanner.Revision > _highest ? _scanner.Revision : _highest;
        _frameDocuments++;
        Volatile.Write(ref _documents, _documents + 1);
        Volatile.Write(ref _rawBytes, _rawBytes + line.Length + 1);
    }

    private void EndFrame(Task<CompressedFrame> frame, byte[]? pooled, int rawLength)
    {
        _appender.Append(frame, pooled, _frameDocuments);
        _frameDocuments = 0;
        _frame++;
        _segmentBytes += rawLength;
        if (_segmentBytes >= MaxSegmentBytes || _entries.IsFull)
        {
            EndSegment();
        }
    }

    private void EndSegment()
    {
        if (_frame > 0)
        {
            _appender.EndSegment(_entries);
            _entries = new SegmentEntries();
            (_frame, _segmentBytes) = (0, 0);
        }
    }
}
