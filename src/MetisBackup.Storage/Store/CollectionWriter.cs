using System.Buffers;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>What was written for one collection: goes into its <see cref="CollectionRecord"/>.</summary>
/// <param name="Segments">The segments, in order.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Summary">Count and hash of their revisions, to be compared with the server's tree root.</param>
/// <param name="RawBytes">Size of the documents as received.</param>
/// <param name="StoredBytes">Size of the segments' files.</param>
public sealed record CollectionData(
    IReadOnlyList<SegmentRecord> Segments, long Documents, RevisionSummary Summary, long RawBytes, long StoredBytes);

/// <summary>
/// Takes the documents of one collection. One caller at a time. Cuts them into frames of about 1 MiB and segments of at most 256 MiB or
/// 131,072 documents; memory does not follow the size of the collection.
/// </summary>
public sealed class CollectionWriter : IAsyncDisposable
{
    /// <summary>Just under 1 MiB, so that what zstd needs in the worst case fits into a pooled buffer of 1 MiB as well.</summary>
    internal const int FrameBytes = (1024 - 8) * 1024;

    private const long MaxSegmentBytes = 256L * 1024 * 1024;

    private readonly string _name;
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

    internal CollectionWriter(SegmentTarget target, FrameCompressor compressor)
    {
        _name = target.Collection;
        _compressor = compressor;
        _appender = new SegmentAppender(target, compressor);
    }

    /// <summary>Documents taken so far; may be read from another thread.</summary>
    public long Documents => Volatile.Read(ref _documents);

    /// <summary>Bytes taken so far; may be read from another thread.</summary>
    public long RawBytes => Volatile.Read(ref _rawBytes);

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
            if (next >= FrameBytes)
            {
                await WriteLargeLineAsync(jsonLines[..next], cancellationToken);
                jsonLines = jsonLines[next..];
            }
        }
    }

    /// <summary>Waits until everything is on the disk and says what was written.</summary>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public async Task<CollectionData> CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushFrameAsync(cancellationToken);
        EndSegment();
        var segments = await _appender.CompleteAsync(cancellationToken);
        IsComplete = true;
        return new CollectionData(segments, _documents, _summary, _rawBytes, segments.Sum(segment => segment.StoredBytes));
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

    /// <summary>Length of the first line with its line feed, or of everything when there is none.</summary>
    private static int LineLength(ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        return end < 0 ? lines.Length : end + 1;
    }

    /// <summary>Takes lines until the frame or the segment is full or a line is larger than a frame; returns the number of bytes taken.</summary>
    private int TakeSmallLines(ReadOnlySpan<byte> lines)
    {
        var taken = 0;
        while (taken < lines.Length && !_entries.IsFull)
        {
            var length = LineLength(lines[taken..]);
            var line = lines.Slice(taken, length).TrimEnd((byte)'\n');
            if (_filled + line.Length + 1 > FrameBytes || length >= FrameBytes)
            {
                break;
            }

            if (!line.TrimStart(" \t\r"u8).IsEmpty)
            {
                _buffer ??= ArrayPool<byte>.Shared.Rent(FrameBytes);
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
        _summary = _summary.With(_scanner.Revision);
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
