using System.Collections.Concurrent;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Requests that were sent with <c>x-arango-async</c>: they run on, and their answers wait to be fetched (arangodb-protocol 1.1).</summary>
internal sealed class AsyncJobs(ServerEngine engine) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, AsyncJob> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AsyncJob, Task> _running = new();

    /// <summary>Runs the work apart from the connection.</summary>
    /// <param name="user">Who may fetch the answer.</param>
    /// <param name="keep">False throws the answer away.</param>
    /// <param name="work">Answers the request; its token is cancelled by <see cref="AsyncJob.Cancel"/>.</param>
    /// <returns>The id of the job.</returns>
    public string Start(string user, bool keep, Func<CancellationToken, Task<ArangoResponse>> work)
    {
        var job = new AsyncJob(engine.NewTick(), user);
        if (keep)
        {
            _kept[job.Id] = job;
        }

        var task = new Task<Task>(() => RunAsync(job, work));
        _running[job] = task.Unwrap();
        task.Start(TaskScheduler.Default);
        return job.Id;
    }

    /// <summary>The user's job of this id; null where there is none.</summary>
    public AsyncJob? Find(string user, string id) => _kept.TryGetValue(id, out var job) && job.User == user ? job : null;

    /// <summary>The user's jobs, the oldest first.</summary>
    public IEnumerable<AsyncJob> Of(string user) => _kept.Values.Where(job => job.User == user).OrderBy(static job => job.Number);

    /// <summary>Takes the answer of a job that is done; a second call gets none.</summary>
    public ArangoResponse? Take(AsyncJob job) => job.IsDone && _kept.TryRemove(job.Id, out _) ? job.Answer : null;

    /// <summary>Forgets a job and its answer; one that still runs is cancelled.</summary>
    public void Remove(AsyncJob job)
    {
        if (!_kept.TryRemove(job.Id, out _))
        {
            return;
        }

        job.Cancel();
        if (job.IsDone)
        {
            job.Answer?.Release();
        }
    }

    public void Dispose()
    {
        foreach (var job in _running.Keys)
        {
            job.Cancel();
        }

        Task.WaitAll([.. _running.Values], Patience);
        foreach (var job in _kept.Values)
        {
            job.Answer?.Release();
        }
    }

    private async Task RunAsync(AsyncJob job, Func<CancellationToken, Task<ArangoResponse>> work)
    {
        try
        {
            job.Finish(await work(job.Canceled), engine.Time.GetUtcNow());
        }
        finally
        {
            _running.TryRemove(job, out _);
            job.Dispose();
            if (!_kept.ContainsKey(job.Id))
            {
                job.Answer?.Release();
            }
        }
    }
}

/// <summary>One request that runs apart from its connection.</summary>
internal sealed class AsyncJob(string id, string user) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private volatile bool _isDone;

    /// <summary>Decimal text, unique in the server.</summary>
    public string Id => id;

    public ulong Number { get; } = ulong.Parse(id, System.Globalization.CultureInfo.InvariantCulture);

    public string User => user;

    public bool IsDone => _isDone;

    /// <summary>When the answer was there.</summary>
    public DateTimeOffset DoneAt { get; private set; }

    /// <summary>Null until the job is done.</summary>
    public ArangoResponse? Answer { get; private set; }

    public CancellationToken Canceled => _cancel.Token;

    /// <summary>Asks the job to end; one that is done stays as it is.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (!_isDone)
            {
                _cancel.Cancel();
            }
        }
    }

    public void Finish(ArangoResponse answer, DateTimeOffset at)
    {
        Answer = _cancel.IsCancellationRequested && answer.Status == 410 ? ArangoResponse.Error(410, 21, "request canceled") : answer;
        DoneAt = at;
        lock (_gate)
        {
            _isDone = true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDone = true;
            _cancel.Dispose();
        }
    }
}
