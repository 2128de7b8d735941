namespace MetisBackup.DevServer.Hosting;

/// <summary>Counts the requests that were answered since the start.</summary>
internal sealed class ServerStatistics
{
    /// <summary>Upper ends of the classes of durations, in seconds.</summary>
    public static readonly double[] TimeCuts = [0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 15, 30];

    /// <summary>Upper ends of the classes of sizes, in bytes.</summary>
    public static readonly double[] SizeCuts = [250, 1000, 2000, 5000, 10_000];

    /// <summary>Upper ends of the classes of the lives of connections, in seconds.</summary>
    public static readonly double[] ConnectionCuts = [0.1, 1, 60];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _requests = new(StringComparer.Ordinal);
    private long _total;
    private long _async;

    public Distribution Times { get; } = new(TimeCuts);

    public Distribution Sent { get; } = new(SizeCuts);

    public Distribution Received { get; } = new(SizeCuts);

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Requests that became jobs.</summary>
    public long Async => Interlocked.Read(ref _async);

    /// <summary>Requests of one method.</summary>
    public long Of(string method)
    {
        lock (_gate)
        {
            return _requests.GetValueOrDefault(method);
        }
    }

    /// <summary>Counts one request.</summary>
    /// <param name="method">In upper case.</param>
    /// <param name="isAsync">It became a job.</param>
    /// <param name="time">From its first byte to the last of its answer.</param>
    /// <param name="size">Bytes of the bodies.</param>
    public void Add(string method, bool isAsync, TimeSpan time, (long Received, long Sent) size)
    {
        Interlocked.Increment(ref _total);
        Interlocked.Add(ref _async, isAsync ? 1 : 0);
        lock (_gate)
        {
            _requests[method] = _requests.GetValueOrDefault(method) + 1;
        }

        Times.Add(time.TotalSeconds);
        Received.Add(size.Received);
        Sent.Add(size.Sent);
    }
}

/// <summary>How often values fell into which class.</summary>
/// <param name="cuts">Upper ends of all classes but the last, exclusive.</param>
internal sealed class Distribution(double[] cuts)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[cuts.Length + 1];
    private double _sum;

    public void Add(double value)
    {
        var place = Array.FindIndex(cuts, cut => value < cut);
        lock (_gate)
        {
            _sum += value;
            _counts[place < 0 ? cuts.Length : place]++;
        }
    }

    /// <summary>The sum of the values, and how many fell into each class.</summary>
    public (double Sum, long[] Counts) Read()
    {
        lock (_gate)
        {
            return (_sum, [.. _counts]);
        }
    }
}
