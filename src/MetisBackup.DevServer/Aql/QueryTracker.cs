using System.Collections.Concurrent;

namespace MetisBackup.DevServer.Aql;

/// <summary>A query that runs or ran.</summary>
/// <param name="Id">Decimal text, unique in the server.</param>
/// <param name="Request">The query as it was asked.</param>
/// <param name="User">Who asked.</param>
/// <param name="Started">When it began.</param>
/// <param name="RunTime">How long it took; null while it runs.</param>
internal sealed record TrackedQuery(string Id, QueryRequest Request, string User, DateTimeOffset Started, TimeSpan? RunTime);

/// <summary>What is tracked: the properties of <c>/_api/query/properties</c>.</summary>
internal sealed record TrackingOptions
{
    public bool Enabled { get; init; } = true;

    public bool TrackSlowQueries { get; init; } = true;

    public bool TrackBindVars { get; init; } = true;

    public int MaxSlowQueries { get; init; } = 64;

    /// <summary>Seconds.</summary>
    public double SlowQueryThreshold { get; init; } = 10;

    /// <summary>Seconds.</summary>
    public double SlowStreamingQueryThreshold { get; init; } = 10;

    public int MaxQueryStringLength { get; init; } = 4096;
}

/// <summary>Knows the queries that run, and those that ran for long; lets a running one be killed.</summary>
internal sealed class QueryTracker(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (TrackedQuery Query, CancellationTokenSource Kill)> _running = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Queue<TrackedQuery> _slow = new();

    public TrackingOptions Options { get; set; } = new();

    public IEnumerable<TrackedQuery> Running(string database) =>
        _running.Values.Select(static entry => entry.Query).Where(query => query.Request.Database == database).OrderBy(static query => query.Started);

    public IReadOnlyList<TrackedQuery> Slow(string database)
    {
        lock (_gate)
        {
            return [.. _slow.Where(query => query.Request.Database == database)];
        }
    }

    public void ClearSlow()
    {
        lock (_gate)
        {
            _slow.Clear();
        }
    }

    /// <summary>Cancels a running query.</summary>
    /// <returns>False where no query of this id runs in the database.</returns>
    public bool Kill(string database, string id)
    {
        if (!_running.TryGetValue(id, out var entry) || entry.Query.Request.Database != database)
        {
            return false;
        }

        Cancel(id, entry.Kill);
        return true;
    }

    /// <summary>Cancels every running query, or every one of a database that goes.</summary>
    public void KillAll(string? database = null)
    {
        foreach (var (query, kill) in _running.Values.Where(entry => database is null || entry.Query.Request.Database == database))
        {
            Cancel(query.Id, kill);
        }
    }

    /// <summary>Runs the work as a query that is seen and can be killed.</summary>
    public T Track<T>(string id, QueryRequest request, string user, Func<CancellationToken, T> work)
    {
        var kill = new CancellationTokenSource();
        var started = time.GetTimestamp();
        var query = new TrackedQuery(id, request, user, time.GetUtcNow(), null);
        _running[id] = (query, kill);
        try
        {
            return work(kill.Token);
        }
        finally
        {
            _running.TryRemove(id, out _);
            lock (kill)
            {
                kill.Dispose();
            }

            Keep(query with { RunTime = time.GetElapsedTime(started) });
        }
    }

    /// <summary>A query that ended meanwhile has given its source back.</summary>
    private void Cancel(string id, CancellationTokenSource kill)
    {
        lock (kill)
        {
            if (_running.ContainsKey(id))
            {
                kill.Cancel();
            }
        }
    }

    private void Keep(TrackedQuery query)
    {
        var options = Options;
        var threshold = query.Request.Options.Stream ? options.SlowStreamingQueryThreshold : options.SlowQueryThreshold;
        if (!options.Enabled || !options.TrackSlowQueries || query.RunTime?.TotalSeconds < threshold)
        {
            return;
        }

        lock (_gate)
        {
            _slow.Enqueue(query);
            while (_slow.Count > options.MaxSlowQueries)
            {
                _slow.Dequeue();
            }
        }
    }
}
