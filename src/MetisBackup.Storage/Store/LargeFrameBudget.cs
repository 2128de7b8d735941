namespace MetisBackup.Storage.Store;

/// <summary>
/// Bounds the bytes of large documents that are unpacked at the same time, over all collections of a snapshot. A single document may be
/// larger than the bound; it is then alone. Whoever waits must hold no large frame.
/// </summary>
internal sealed class LargeFrameBudget
{
    private const long Bytes = 64L * 1024 * 1024;
    private readonly Lock _guard = new();
    private readonly Queue<(long Wanted, TaskCompletionSource Granted)> _waiting = new();
    private long _used;

    /// <summary>Waits until the frame fits in; null for a frame of usual size. Disposing makes room again.</summary>
    public async Task<IDisposable?> EnterAsync(SegmentFrame frame, CancellationToken cancellationToken)
    {
        if (frame.RawLength <= FrameMemory.LargestUsual)
        {
            return null;
        }

        var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_guard)
        {
            _waiting.Enqueue((frame.RawLength, granted));
            Grant();
        }

        var place = new Place(this, frame.RawLength);
        try
        {
            await granted.Task.WaitAsync(cancellationToken);
            return place;
        }
        catch
        {
            // the turn may still come
            _ = granted.Task.ContinueWith(_ => place.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private void Grant()
    {
        while (_waiting.TryPeek(out var next) && (_used == 0 || _used + next.Wanted <= Bytes))
        {
            _used += next.Wanted;
            _waiting.Dequeue().Granted.SetResult();
        }
    }

    private void Leave(long bytes)
    {
        lock (_guard)
        {
            _used -= bytes;
            Grant();
        }
    }

    private sealed class Place(LargeFrameBudget budget, long bytes) : IDisposable
    {
        private int _isGiven;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGiven, 1) == 0)
            {
                budget.Leave(bytes);
            }
        }
    }
}
