using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.UnitTests.App.Scheduling;

public sealed class SchedulerTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-scheduler-").FullName;
    private readonly SetClock _clock = new(Noon);
    private readonly List<string> _log = [];
    private readonly List<(string Job, RunCause Cause, DateTimeOffset At)> _runs = [];

    private ServiceLog Log => new(_log.Add, line => _log.Add($"warning: {line}"), line => _log.Add($"error: {line}"));

    private string HistoryPath => Path.Combine(_folder, "history.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_job_runs_when_its_time_has_come_and_once()
    {
        using var scheduler = Scheduler(Job("nightly"));

        Assert.Equal(Night(2), scheduler.Look());
        await LookAt(scheduler, Night(2).AddSeconds(3));
        await LookAt(scheduler, Night(2).AddSeconds(33));
        await LookAt(scheduler, Night(3));

        Assert.Equal([("nightly", RunCause.Schedule, Night(2).AddSeconds(3)), ("nightly", RunCause.Schedule, Night(3))], _runs);
    }

    [Fact]
    public async Task A_later_process_makes_up_once_for_all_that_was_missed()
    {
        using (var first = Scheduler(Job("nightly")))
        {
            first.Look();
            await LookAt(first, Night(2));
        }

        using var second = Scheduler(Job("nightly"));
        await LookAt(second, Night(9).AddHours(5));
        await LookAt(second, Night(9).AddHours(6));
        await LookAt(second, Night(10));

        Assert.Equal([RunCause.Schedule, RunCause.CatchUp, RunCause.Schedule], _runs.Select(static run => run.Cause));
    }

    [Fact]
    public async Task What_is_left_out_is_said_once()
    {
        using (var first = Scheduler(Job("nightly", catchesUp: false)))
        {
            first.Look();
        }

        using var second = Scheduler(Job("nightly", catchesUp: false));
        await LookAt(second, Night(9).AddHours(5));
        await LookAt(second, Night(9).AddHours(6));

        Assert.Empty(_runs);
        Assert.Equal(["warning: nightly: was due at 2026-03-09T02:00:00Z and is left out."], _log);
    }

    [Fact]
    public async Task Of_a_series_one_job_runs_at_a_time_and_the_other_begins_when_it_has_ended()
    {
        var held = new TaskCompletionSource();
        using var scheduler = Scheduler(Job("a", work: held.Task), Job("b", catchesUp: false), Job("c", series: "other"));
        scheduler.Look();
        _clock.Now = Night(2);
        scheduler.Look();
        await UntilAsync(() => _runs.Count == 2);
        Assert.Equal(["a", "c"], _runs.Select(static run => run.Job).Order());
        Assert.True(scheduler.Standing.Single(static one => one.Job.Times.Name == "b").Waiting);

        _clock.Now = Night(2).AddHours(3);
        scheduler.Look();
        var woken = scheduler.Woken;
        held.SetResult();
        await woken;
        await LookAt(scheduler, _clock.Now);

        Assert.Equal(("b", RunCause.Schedule), (_runs[2].Job, _runs[2].Cause));
        Assert.Equal(3, _runs.Count);
    }

    [Fact]
    public async Task A_failed_job_is_said_and_comes_again_at_its_next_time()
    {
        using var scheduler = Scheduler(Job("nightly", work: Task.FromException(new MetisException(ErrorCode.NoSpace, "The disk is full."))));
        scheduler.Look();
        await LookAt(scheduler, Night(2));
        await LookAt(scheduler, Night(2).AddHours(1));
        await LookAt(scheduler, Night(3));

        Assert.Equal(2, _runs.Count);
        Assert.Equal(["error: nightly: failed with 17: The disk is full.", "error: nightly: failed with 17: The disk is full."], _log);
    }

    [Fact]
    public async Task A_run_that_died_with_its_process_is_made_up_for_but_not_for_ever()
    {
        var never = new TaskCompletionSource().Task;
        var lost = new Scheduler(Memory(), _clock, Log);
        lost.Use([Job("nightly", work: never)]);
        lost.Look();
        _clock.Now = Night(2);
        lost.Look();
        await UntilAsync(() => _runs.Count == 1);

        var again = new Scheduler(Memory(), _clock, Log);
        again.Use([Job("nightly", work: never)]);
        _clock.Now = Night(2).AddHours(1);
        again.Look();
        await UntilAsync(() => _runs.Count == 2);

        using var third = Scheduler(Job("nightly"));
        await LookAt(third, Night(2).AddHours(2));
        Assert.Equal([RunCause.Schedule, RunCause.CatchUp], _runs.Select(static run => run.Cause));
        await LookAt(third, Night(3));
        Assert.Equal(3, _runs.Count);
    }

    [Fact]
    public async Task A_stop_waits_for_what_runs()
    {
        var held = new TaskCompletionSource();
        using var scheduler = Scheduler(Job("nightly", work: held.Task));
        scheduler.Look();
        _clock.Now = Night(2);
        scheduler.Look();
        await UntilAsync(() => _runs.Count == 1);

        var stopped = scheduler.StopAsync(TimeSpan.FromMinutes(1));
        Assert.False(stopped.IsCompleted);
        Assert.Equal(ErrorCode.ServerFailed, Assert.Throws<MetisException>(() => scheduler.Begin("nightly")).Code);
        held.SetResult();
        await stopped;

        Assert.Empty(_log);
        using var next = Scheduler(Job("nightly"));
        await LookAt(next, Night(2).AddHours(1));
        Assert.Single(_runs);
    }

    [Fact]
    public async Task A_stop_abandons_what_takes_too_long_and_the_next_process_makes_up_for_it()
    {
        var never = new TaskCompletionSource().Task;
        using var scheduler = Scheduler(Job("nightly", work: never));
        scheduler.Look();
        _clock.Now = Night(2);
        scheduler.Look();
        await UntilAsync(() => _runs.Count == 1);
        await scheduler.StopAsync(TimeSpan.FromMilliseconds(20));

        Assert.Equal(["warning: nightly: abandoned, because the service stops."], _log);
        using var next = Scheduler(Job("nightly"));
        await LookAt(next, Night(2).AddHours(1));
        Assert.Equal(RunCause.CatchUp, _runs[1].Cause);
    }

    [Fact]
    public async Task A_job_can_be_begun_by_hand_unless_its_series_is_at_work()
    {
        var held = new TaskCompletionSource();
        using var scheduler = Scheduler(Job("nightly", work: held.Task), Job("resting") with { Enabled = false });
        scheduler.Begin("nightly");
        await UntilAsync(() => _runs.Count == 1);

        Assert.Equal(ErrorCode.Locked, Assert.Throws<MetisException>(() => scheduler.Begin("resting")).Code);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => scheduler.Begin("none")).Code);
        held.SetResult();
        await scheduler.Idle;
        scheduler.Begin("resting");
        await scheduler.Idle;
        Assert.Equal([RunCause.Command, RunCause.Command], _runs.Select(static run => run.Cause));
    }

    [Fact]
    public async Task Jobs_run_although_the_history_cannot_be_written()
    {
        Directory.CreateDirectory(HistoryPath);
        using var scheduler = Scheduler(Job("nightly"));
        scheduler.Look();
        await LookAt(scheduler, Night(2));
        await LookAt(scheduler, Night(2).AddHours(1));

        Assert.Single(_runs);
        Assert.Contains(_log, static line => line.StartsWith("The times of the schedule cannot be", StringComparison.Ordinal));
    }

    private static DateTimeOffset Night(int day) => new(2026, 3, day, 2, 0, 0, TimeSpan.Zero);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private async Task LookAt(Scheduler scheduler, DateTimeOffset now)
    {
        _clock.Now = now;
        scheduler.Look();
        await scheduler.Idle;
    }

    private Scheduler Scheduler(params IReadOnlyList<ScheduledJob> jobs)
    {
        var scheduler = new Scheduler(Memory(), _clock, Log);
        scheduler.Use(jobs);
        return scheduler;
    }

    private DueMemory Memory() => new(HistoryPath, _clock, _log.Add);

    private ScheduledJob Job(string name, string series = "dr:tank/a", bool catchesUp = true, Task? work = null) => new(
        new JobTimes(name, "0 2 * * *", TimeZoneInfo.Utc) { CatchesUp = catchesUp },
        series,
        async (cause, cancellationToken) =>
        {
            lock (_runs)
            {
                _runs.Add((name, cause, _clock.Now));
            }

            await (work ?? Task.CompletedTask).WaitAsync(cancellationToken);
        })
    { Target = "dr", Action = "create" };
}
