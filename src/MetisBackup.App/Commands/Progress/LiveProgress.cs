using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands.Progress;

/// <summary>For terminals: one line that shows the phase, how much of it is done, the rate and the time left.</summary>
internal sealed class LiveProgress(Screen screen, TimeProvider clock) : IOperationProgress
{
    private const int BarWidth = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Screen _screen = screen;
    private readonly TimeProvider _clock = clock;
    private readonly Lock _lock = new();
    private OperationPhase _phase;
    private WorkTotal _total;
    private long _documents;
    private long _bytes;
    private long _started;
    private long _drawn;

    /// <inheritdoc/>
    public void BeginPhase(OperationPhase phase, WorkTotal total)
    {
        lock (_lock)
        {
            (_phase, _total, _documents, _bytes) = (phase, total, 0, 0);
            _started = _drawn = _clock.GetTimestamp();
            _screen.Status(PhaseText.Name(phase) + " …");
        }
    }

    /// <inheritdoc/>
    public void Advance(string subject, long documents, long bytes)
    {
        lock (_lock)
        {
            _documents += documents;
            _bytes += bytes;
            var now = _clock.GetTimestamp();
            if (_clock.GetElapsedTime(_drawn, now) >= Pause)
            {
                _drawn = now;
                _screen.Status(Describe(_phase, subject, new WorkTotal(_documents, _bytes), _total, _clock.GetElapsedTime(_started, now)));
            }
        }
    }

    /// <inheritdoc/>
    public void Note(string message) => _screen.Message("note: " + HumanText.Printable(message));

    /// <summary>The line: <c>Writing flights ██████░░░░ 62 %  12,400 documents  1.20 MB  48.0 MB/s  14.0 s left</c>.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="subject">What is being worked at.</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">How much there is, as far as known.</param>
    /// <param name="elapsed">Since the phase began.</param>
    internal static string Describe(OperationPhase phase, string subject, WorkTotal done, WorkTotal total, TimeSpan elapsed)
    {
        var parts = new List<string> { $"{PhaseText.Name(phase)} {HumanText.Printable(subject)}" };
        var share = Share(done, total);
        if (share is { } known)
        {
            var filled = (int)(known * BarWidth);
            parts.Add($"{new string('█', filled)}{new string('░', BarWidth - filled)} {known * 100:0} %");
        }

        if (done.Documents is { } documents and > 0)
        {
            parts.Add(HumanText.Count(documents, "document"));
        }

        if (done.Bytes is { } bytes and > 0)
        {
            parts.Add(HumanText.Bytes(bytes));
            if (elapsed.TotalSeconds >= 0.5)
            {
                parts.Add(HumanText.Bytes((long)(bytes / elapsed.TotalSeconds)) + "/s");
            }
        }

        if (share is > 0.01 and < 1 && elapsed.TotalSeconds >= 1)
        {
            parts.Add(HumanText.Duration(elapsed * ((1 - share.Value) / share.Value)) + " left");
        }

        return string.Join("  ", parts);
    }

    private static double? Share(WorkTotal done, WorkTotal total)
    {
        var (part, whole) = total.Bytes is > 0 ? (done.Bytes, total.Bytes) : (done.Documents, total.Documents);
        return whole is > 0 ? Math.Clamp((double)(part ?? 0) / whole.Value, 0, 1) : null;
    }
}
