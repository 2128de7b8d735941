using System.Globalization;
using MetisBackup.App.Operations.Scheduling;

namespace MetisBackup.UnitTests.App.Scheduling;

public sealed class JobTimesTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Fact]
    public void A_new_job_has_missed_nothing()
    {
        var state = Nightly().Look(last: null, At("2026-03-01T09:00Z"));

        Assert.Equal(new DueState(DueKind.NotYet, At("2026-03-01T09:00Z"), At("2026-03-02T02:00Z")), state);
    }

    [Theory]
    [InlineData("2026-03-02T01:59:59Z", "NotYet", "2026-03-01T02:00Z")]
    [InlineData("2026-03-02T02:00:00Z", "OnTime", "2026-03-02T02:00Z")]
    [InlineData("2026-03-02T02:02:00Z", "OnTime", "2026-03-02T02:00Z")]
    [InlineData("2026-03-02T02:02:01Z", "Late", "2026-03-02T02:00Z")]
    [InlineData("2026-03-09T17:00:00Z", "Late", "2026-03-09T02:00Z")]
    [InlineData("2026-03-09T02:00:30Z", "OnTime", "2026-03-09T02:00Z")]
    [InlineData("2031-03-09T17:00:00Z", "Late", "2031-03-09T02:00Z")]
    public void Only_the_newest_of_the_times_that_came_is_due(string now, string kind, string due)
    {
        var state = Nightly().Look(At("2026-03-01T02:00Z"), At(now));

        Assert.Equal((kind, At(due)), (state.Kind.ToString(), state.Due));
        Assert.Equal(At(due).AddDays(1), state.Next);
    }

    [Fact]
    public void A_job_that_does_not_catch_up_leaves_missed_times_out_and_comes_on_time_all_the_same()
    {
        var times = Nightly() with { CatchesUp = false };

        Assert.Equal(DueKind.Missed, times.Look(At("2026-03-01T02:00Z"), At("2026-03-04T12:00Z")).Kind);
        Assert.Equal(DueKind.OnTime, times.Look(At("2026-03-01T02:00Z"), At("2026-03-04T02:01Z")).Kind);
    }

    [Theory]
    [InlineData("* * * * *", "2026-02-20T10:14Z")]
    [InlineData("*/20 3 * * *", "2026-02-20T03:40Z")]
    [InlineData("0 4 1 1 *", "2026-01-01T04:00Z")]
    [InlineData("0 4 29 2 *", "2024-02-29T04:00Z")]
    public void The_newest_time_is_found_however_long_nobody_looked(string cron, string due)
    {
        var state = new JobTimes("n", cron, TimeZoneInfo.Utc).Look(At("2021-01-15T00:00Z"), At("2026-02-20T10:14:30Z"));

        Assert.Equal(At(due), state.Due);
    }

    [Fact]
    public void A_night_that_lacks_its_hour_has_its_run_at_the_end_of_the_gap()
    {
        var times = new JobTimes("n", "30 2 * * *", Vienna);

        Assert.Equal(
            [At("2026-03-28T01:30Z"), At("2026-03-29T01:00Z"), At("2026-03-30T00:30Z")],
            Following(times, At("2026-03-27T12:00Z"), 3));
    }

    [Fact]
    public void A_night_that_has_its_hour_twice_has_one_run()
    {
        var times = new JobTimes("n", "30 2 * * *", Vienna);

        Assert.Equal(
            [At("2026-10-24T00:30Z"), At("2026-10-25T00:30Z"), At("2026-10-26T01:30Z")],
            Following(times, At("2026-10-23T12:00Z"), 3));
        Assert.Equal(DueKind.NotYet, times.Look(At("2026-10-25T00:30Z"), At("2026-10-25T01:30Z")).Kind);
    }

    [Fact]
    public void A_clock_that_went_back_a_little_does_not_bring_the_same_night_twice()
    {
        var done = At("2026-03-02T02:00Z");

        Assert.Equal(DueKind.NotYet, Nightly().Look(done, At("2026-03-02T01:40Z")).Kind);
        Assert.Equal(At("2026-03-03T02:00Z"), Nightly().Look(done, At("2026-03-02T02:00Z")).Next);
    }

    [Fact]
    public void A_job_that_ran_while_the_clock_was_far_ahead_does_not_rest_until_then()
    {
        var state = Nightly().Look(At("2036-01-01T02:00Z"), At("2026-03-02T01:40Z"));

        Assert.Equal(new DueState(DueKind.NotYet, At("2026-03-02T01:40Z"), At("2026-03-02T02:00Z")), state);
    }

    [Fact]
    public void Jitter_delays_by_the_same_part_each_night_and_by_another_on_another_machine()
    {
        var jittered = Nightly() with { Jitter = TimeSpan.FromHours(1), Host = "a" };
        var delays = Enumerable.Range(0, 50).Select(number => (jittered with { Host = $"host{number}" }).Delay).ToList();

        Assert.Equal(jittered.Delay, (jittered with { CatchesUp = false }).Delay);
        Assert.All(delays, static delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromHours(1)));
        Assert.True(delays.Distinct().Count() > 40);
        Assert.True(delays.Max() - delays.Min() > TimeSpan.FromMinutes(40));
    }

    [Fact]
    public void A_delayed_job_is_due_after_its_delay_and_not_before()
    {
        var times = Nightly() with { Jitter = TimeSpan.FromHours(1), Host = "a" };
        var begin = At("2026-03-02T02:00Z") + times.Delay;

        Assert.Equal(begin, times.Next(At("2026-03-02T02:00Z")));
        Assert.Equal(DueKind.NotYet, times.Look(At("2026-03-01T02:00Z"), begin.AddSeconds(-1)).Kind);
        Assert.Equal((DueKind.OnTime, At("2026-03-02T02:00Z")), times.Look(At("2026-03-01T02:00Z"), begin) is var state ? (state.Kind, state.Due) : default);
    }

    private static JobTimes Nightly() => new("nightly", "0 2 * * *", TimeZoneInfo.Utc);

    private static List<DateTimeOffset> Following(JobTimes times, DateTimeOffset after, int count)
    {
        var found = new List<DateTimeOffset>();
        for (var at = after; found.Count < count; found.Add(at))
        {
            at = times.Next(at)!.Value;
        }

        return [.. found.Select(static one => one.ToUniversalTime())];
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
