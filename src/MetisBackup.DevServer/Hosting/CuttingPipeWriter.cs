using System.IO.Pipelines;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Passes on the first bytes and swallows the rest: a body that is cut on its way.</summary>
internal sealed class CuttingPipeWriter(PipeWriter inner, long limit) : PipeWriter
{
    private Memory<byte> _block;
    private long _left = limit;

    public override void Advance(int bytes)
    {
        var passed = (int)Math.Min(bytes, _left);
        _left -= passed;
        if (passed == 0)
        {
            return;
        }

        _block.Span[..passed].CopyTo(inner.GetSpan(passed));
        inner.Advance(passed);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_block.Length < Math.Max(sizeHint, 1))
        {
            _block = new byte[Math.Max(sizeHint, 4096)];
        }

        return _block;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
