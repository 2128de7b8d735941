using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>
/// Begins jobs when their time has come: of one series one at a time, and one run for all the times that were missed. It does nothing by itself;
/// whoever has it looks again and again.
/// </summary>
/// <param name="memory">The due times that were dealt with.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Hears what happens, in whole sentences.</param>
internal sealed class Scheduler(DueMemory memory, TimeProvider clock, ServiceLog log) : IDisposable
{
    private readonly DueMemory _memory = memory;
    private readonly TimeProvider _clock = clock;
    private readonly ServiceLog _log = log;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Dictionary<string, RunningJob> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DueState> _waiting = new(StringComparer.Ordinal);
    private IReadOnlyList<ScheduledJob> _jobs = [];
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    /// <summary>Ends when there may be something to look at before the next time: a job ended, or others are to be run.</summary>
    public Task Woken
    {
        get
        {
            lock (_lock)
            {
                return _woken.Task;
            }
        }
    }

    /// <summary>Ends when none of the jobs that run now does.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
            {
                return Task.WhenAll(_running.Values.Select(static one => one.Task));
            }
        }
    }

    /// <summary>How the jobs stand, in the order of their names.</summary>
    public IReadOnlyList<JobStanding> Standing
    {
        get
        {
            lock (_lock)
            {
                return [.. _jobs.OrderBy(static job => job.Times.Name, StringComparer.Ordinal).Select(StandingOf)];
            }
        }
    }

    /// <summary>Runs these jobs from now on; what runs already goes on.</summary>
    public void Use(IReadOnlyList<ScheduledJob> jobs)
    {
        lock (_lock)
        {
            _jobs = jobs;
            foreach (var gone in _waiting.Keys.Except(jobs.Select(static job => job.Times.Key), StringComparer.Ordinal).ToList())
            {
                _ = _waiting.Remove(gone);
            }
        }

        Wake();
    }

    /// <summary>Begins what is due.</summary>
    /// <returns>When the next job is due; null when none will be.</returns>
    public DateTimeOffset? Look()
    {
        lock (_lock)
        {
            _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            DateTimeOffset? next = null;
            foreach (var job in _stopping ? [] : _jobs.Where(static job => job.Enabled))
            {
                var wanted = LookAt(job);
                next = next is null || wanted < next ? wanted ?? next : next;
            }

            return next;
        }
    }

    /// <summary>Begins a job although its time has not come.</summary>
    /// <exception cref="MetisException">10: there is none of that name. 11: its series is at work. 16: the service stops.</exception>
    public void Begin(string name)
    {
        lock (_lock)
        {
            var job = _jobs.FirstOrDefault(job => job.Times.Name == name)
                ?? throw new MetisException(ErrorCode.NotFound, $"There is no job '{name}'.", _jobs.Count > 0 ? $"there are {string.Join(", ", _jobs.Select(static one => one.Times.Name))}" : "the configuration has no schedule");
            if (_stopping)
            {
                throw new MetisException(ErrorCode.ServerFailed, "The service is being stopped.", "start it again first");
            }

            if (_running.TryGetValue(job.Series, out var busy))
            {
                throw new MetisException(ErrorCode.Locked, $"'{busy.Name}' runs since {busy.Since:yyyy-MM-dd'T'HH:mm:ss'Z'}, and works on {job.Series} too.", "wait until it has ended");
            }

            Start(job, RunCause.Command, due: null);
        }
    }

    /// <summary>Begins nothing more, and waits for what runs; after a while it is abandoned, which leaves nothing half-made.</summary>
    /// <param name="patience">How long it is waited for.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        lock (_lock)
        {
            _stopping = true;
        }

        var idle = Idle;
        using var enough = new CancellationTokenSource();
        if (!idle.IsCompleted && await Task.WhenAny(idle, Task.Delay(patience, _clock, enough.Token)) != idle)
        {
            await _abandon.CancelAsync();
        }

        await enough.CancelAsync();
        await Idle;
    }

    /// <inheritdoc/>
    public void Dispose() => _abandon.Dispose();

    private DateTimeOffset? LookAt(ScheduledJob job)
    {
        var times = job.Times;
        if (_running.Values.Any(one => one.Due is not null && one.Key == times.Key))
        {
            return null;
        }

        var last = _memory.Last(times.Key);
        var state = times.Look(last, _clock.GetUtcNow());
        if (state.Kind == DueKind.NotYet && state.Due != last)
        {
            _memory.Set(times.Key, state.Due);
        }

        if (state.Kind == DueKind.Missed && !_waiting.ContainsKey(times.Key))
        {
            _log.Warn($"{times.Name}: was due at {state.Due:yyyy-MM-dd'T'HH:mm:ss'Z'} and is left out.");
            _memory.Set(times.Key, state.Due);
        }
        else if (state.Kind != DueKind.NotYet)
        {
            if (_running.ContainsKey(job.Series))
            {
                // its time has come while somebody looked: however late it begins, it was not missed
                _ = _waiting.TryAdd(times.Key, state);
                return null;
            }

            var first = _waiting.Remove(times.Key, out var waited) ? waited : state;
            Start(job, first.Kind == DueKind.OnTime ? RunCause.Schedule : RunCause.CatchUp, state.Due);
            return null;
        }

        return state.Next;
    }

    private void Start(ScheduledJob job, RunCause cause, DateTimeOffset? due)
    {
        var running = new RunningJob(job.Times.Name, job.Times.Key, _clock.GetUtcNow(), due);
        _running.Add(job.Series, running);
        running.Task = Task.Run(() => RunAsync(job, cause, due), CancellationToken.None);
    }

    /// <summary>
    /// A time counts as dealt with when the run has ended, so that one that dies with its process, or is abandoned by a stop, is made up for. The run that
    /// makes up for it counts from its beginning: one that brings the machine down is not begun again and again.
    /// </summary>
    private async Task RunAsync(ScheduledJob job, RunCause cause, DateTimeOffset? due)
    {
        var key = job.Times.Key;
        var before = due is null ? null : _memory.Last(key);
        try
        {
            if (due is { } owed && cause == RunCause.CatchUp)
            {
                _memory.Set(key, owed);
            }

            await job.Work(cause, _abandon.Token);
            Remember(key, due);
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            _log.Warn($"{job.Times.Name}: abandoned, because the service stops.");
            Remember(key, before);
        }
#pragma warning disable CA1031 // the one catch-all of a job: whatever happened, the others go on
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error);
            _log.Fail($"{job.Times.Name}: failed with {(int)failure.Code}: {failure.Message}");
            Remember(key, due);
        }
        finally
        {
            lock (_lock)
            {
                _ = _running.Remove(job.Series);
            }

            Wake();
        }
    }

    private void Remember(string key, DateTimeOffset? due)
    {
        if (due is { } time)
        {
            _memory.Set(key, time);
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            _ = _woken.TrySetResult();
        }
    }

    private JobStanding StandingOf(ScheduledJob job)
    {
        var key = job.Times.Key;
        var last = _memory.Last(key);
        var since = _running.Values.FirstOrDefault(one => one.Key == key)?.Since;
        return new JobStanding(job, last, job.Enabled ? job.Times.Look(last, _clock.GetUtcNow()).Next : null, since, _waiting.ContainsKey(key));
    }

    private sealed record RunningJob(string Name, string Key, DateTimeOffset Since, DateTimeOffset? Due)
    {
        public Task Task { get; set; } = Task.CompletedTask;
    }
}
