namespace MetisBackup.Arango.Client;

/// <summary>A body that fails with an error of the product when it breaks off or pauses for too long.</summary>
internal sealed class StalledBodyStream(Stream inner, TimeSpan patience, TimeProvider clock, (string Endpoint, string Call) origin) : Stream
{
    private readonly Stream _inner = inner;
    private readonly TimeSpan _patience = patience;
    private readonly (string Endpoint, string Call) _origin = origin;
    private readonly CancellationTokenSource _stalled = new(Timeout.InfiniteTimeSpan, clock);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await using var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stalled);
        _stalled.CancelAfter(_patience);
        try
        {
            var read = await _inner.ReadAsync(buffer, _stalled.Token);
            _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            return read;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw ServerFailures.FromTransport(_origin.Endpoint, _origin.Call, new TimeoutException("The body stalled.", error));
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception error) when (ServerFailures.IsTransport(error))
        {
            throw ServerFailures.FromTransport(_origin.Endpoint, _origin.Call, error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _stalled.Dispose();
        }

        base.Dispose(disposing);
    }
}
