using System.Buffers;
using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace MetisBackup.Storage.Store;

/// <summary>One zstd frame in pooled memory.</summary>
internal sealed class CompressedFrame(byte[] buffer, int length, int rawLength) : IDisposable
{
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, length);

    public int RawLength => rawLength;

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}

/// <summary>
/// Compresses frames on all cores for every collection of a snapshot. The number of frames between receipt and disk is bounded, so
/// memory does not follow the speed of the server.
/// </summary>
internal sealed class FrameCompressor : IDisposable
{
    private const int Level = 1;

    /// <summary>Larger than the level would have it for frames of this size: it packs them as well as frames of 1 MiB.</summary>
    private const int HashLog = 15;

    private const int MaxThreads = 16;
    private const int FramesInReserve = 4;

    private readonly BlockingCollection<Job> _jobs = [];
    private readonly Thread[] _threads;

    public FrameCompressor()
    {
        var count = Math.Clamp(Environment.ProcessorCount, 1, MaxThreads);
        Slots = new SemaphoreSlim(count + FramesInReserve);
        _threads = [.. Enumerable.Range(0, count).Select(number => new Thread(Work) { IsBackground = true, Name = $"zstd {number}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>One slot per frame that is on its way; whoever submits a frame takes one and gives it back when the frame is written.</summary>
    public SemaphoreSlim Slots { get; }

    /// <summary>Compresses one frame; the memory must stay as it is until the task has ended.</summary>
    public Task<CompressedFrame> CompressAsync(ReadOnlyMemory<byte> raw)
    {
        var job = new Job(raw, new TaskCompletionSource<CompressedFrame>(TaskCreationOptions.RunContinuationsAsynchronously));
        _jobs.Add(job);
        return job.Done.Task;
    }

    /// <summary>Ends the threads when all frames that were submitted are done.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _jobs.Dispose();
        Slots.Dispose();
    }

    private void Work()
    {
        using var compressor = new Compressor(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_hashLog, HashLog);
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                Compress(compressor, job);
            }
#pragma warning disable CA1031 // carried to whoever waits for the frame; the thread must live on for the others
            catch (Exception error)
#pragma warning restore CA1031
            {
                job.Done.SetException(error);
            }
        }
    }

    private static void Compress(Compressor compressor, Job job)
    {
        var raw = job.Raw.Span;
        var buffer = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(raw.Length));
#pragma warning disable CA2000 // belongs to whoever waits for it
        job.Done.SetResult(new CompressedFrame(buffer, compressor.Wrap(raw, buffer), raw.Length));
#pragma warning restore CA2000
    }

    private sealed record Job(ReadOnlyMemory<byte> Raw, TaskCompletionSource<CompressedFrame> Done);
}
