using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// The writing half of one collection: takes frames in the order in which they were submitted, waits for each to be compressed, and
/// appends it. After a fault it goes on taking frames and throws them away, so that nobody who waits for a slot waits for ever.
/// </summary>
internal sealed class SegmentAppender
{
    private readonly SegmentTarget _target;
    private readonly FrameCompressor _compressor;
    private readonly Channel<Step> _steps = Channel.CreateUnbounded<Step>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<SegmentRecord> _segments = [];
    private readonly Task _run;
    private SegmentWriter? _segment;
    private volatile ExceptionDispatchInfo? _fault;
    private volatile bool _isAborted;

    public SegmentAppender(SegmentTarget target, FrameCompressor compressor)
    {
        _target = target;
        _compressor = compressor;
        _run = Task.Run(RunAsync);
    }

    /// <summary>Throws what went wrong in the background, if anything did.</summary>
    public void ThrowIfFaulted() => _fault?.Throw();

    /// <summary>Appends a frame for which a slot is held; its pooled buffer, if any, is given back when the frame is compressed.</summary>
    public void Append(Task<CompressedFrame> frame, byte[]? pooled, int documents) => _steps.Writer.TryWrite(new FrameStep(frame, pooled, documents));

    /// <summary>Ends the segment; <paramref name="entries"/> belong to the appender from now on.</summary>
    public void EndSegment(SegmentEntries entries) => _steps.Writer.TryWrite(new EndStep(entries));

    /// <summary>Waits until everything is on the disk.</summary>
    public async Task<IReadOnlyList<SegmentRecord>> CompleteAsync(CancellationToken cancellationToken)
    {
        _steps.Writer.TryComplete();
        await _run.WaitAsync(cancellationToken);
        ThrowIfFaulted();
        return _segments;
    }

    /// <summary>Throws away what has not been written yet.</summary>
    public async Task AbortAsync()
    {
        _isAborted = true;
        _steps.Writer.TryComplete();
        await _run;
        _segment?.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await (step is FrameStep frame ? AppendAsync(frame) : EndAsync((EndStep)step));
            }
#pragma warning disable CA1031 // whatever it was, the caller gets it at the next call; the loop must go on to free the slots
            catch (Exception error)
#pragma warning restore CA1031
            {
                var translated = StoreFault.IsDisk(error) ? StoreFault.Writing(error, _segment?.FilePath ?? _target.SnapshotPath) : error;
                _fault ??= ExceptionDispatchInfo.Capture(translated);
            }
        }
    }

    private async Task AppendAsync(FrameStep step)
    {
        try
        {
            using var frame = await step.Frame;
            if (_fault is null && !_isAborted)
            {
                _segment ??= new SegmentWriter(_target, _segments.Count + 1);
                await _segment.AppendAsync(frame, step.Documents, CancellationToken.None);
            }
        }
        finally
        {
            if (step.Pooled is { } pooled)
            {
                ArrayPool<byte>.Shared.Return(pooled);
            }

            _compressor.Slots.Release();
        }
    }

    private Task EndAsync(EndStep step) => Task.Run(() =>
    {
        using var entries = step.Entries;
        if (_fault is null && !_isAborted && _segment is { } segment)
        {
            _segments.Add(segment.Complete(entries));
            segment.Dispose();
            _segment = null;
        }
    });

    private abstract record Step;

    private sealed record FrameStep(Task<CompressedFrame> Frame, byte[]? Pooled, int Documents) : Step;

    private sealed record EndStep(SegmentEntries Entries) : Step;
}
