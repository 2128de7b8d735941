using System.Globalization;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Service;
using MetisBackup.Core.Retention;
using MetisBackup.IntegrationTests.Operations;

namespace MetisBackup.IntegrationTests.Service;

/// <summary>A year of nights and of snapshots by hand: the real scheduler, the real operations, a real store; only the clock is ours.</summary>
public sealed class YearTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    /// <summary>From when until when the service was down.</summary>
    private static readonly (DateTimeOffset From, DateTimeOffset Until)[] Away = [(At("2026-02-10T12:00Z"), At("2026-02-24T09:15Z")), (At("2026-08-01T12:00Z"), At("2026-08-20T18:40Z"))];

    private readonly List<string> _log = [];
    private readonly YearClock _clock = new(At("2026-01-01T12:00Z"));

    private ServiceLog Log => new(_log.Add, line => _log.Add($"warning: {line}"), line => _log.Add($"error: {line}"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_year_of_nights_leaves_the_points_that_the_rules_keep()
    {
        await using var lab = await Lab.StartAsync();
        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", """{"name":"shop"}""");
        await lab.CallAsync(HttpMethod.Post, "shop", "/_api/collection", """{"name":"goods"}""");
        var settings = await ConfigureAsync(lab);
        var points = new KeptPoints(settings.Retention.Operational);

        await LiveAsync(lab, settings, points, At("2027-01-01T12:00Z"));

        var runs = new ListRuns(_clock).Run(new ListRunsRequest(settings.Serve.History, Series: null, Operation: null, 10_000)).Runs;
        Assert.All(runs, static run => Assert.Equal(0, run.ExitCode));
        AssertEveryNightHadItsRun(runs);
        Assert.Equal(2, runs.Count(static run => run.Cause == "catch_up"));
        Assert.All(Away, away => Assert.Equal("catch_up", runs.Last(run => run.Started >= away.Until).Cause));
        Assert.DoesNotContain(_log, static line => line.Contains("warning", StringComparison.Ordinal) || line.Contains("error", StringComparison.Ordinal));

        var there = (await new ListSnapshots(_clock).RunAsync(new ListSnapshotsRequest { StorePath = lab.Store }, Token)).Snapshots;
        Assert.Equal(points.Names.Order(StringComparer.Ordinal), there.Select(static one => one.Name).Order(StringComparer.Ordinal));
        AssertLastAndWeekly(runs, [.. there.Select(static one => one.Name)]);
        var verdict = await new VerifySnapshot(_clock, lab.Progress).RunAsync(new VerifySnapshotRequest { StorePath = lab.Store }, Token);
        Assert.True(verdict.Sound);
    }

    /// <summary>Looks whenever a job is due, begins jobs by hand on the first Wednesday of a month, changes the data each month, and is away twice.</summary>
    private async Task LiveAsync(Lab lab, Settings settings, KeptPoints points, DateTimeOffset end)
    {
        foreach (var (from, until) in Spans(end))
        {
            _clock.Now = from;
            using var scheduler = new Scheduler(new DueMemory(settings.Serve.History, _clock, Log.Warn), _clock, Log);
            scheduler.Use(new ServiceJobs(_clock, Log).Of(settings));
            while (_clock.Now < until)
            {
                var month = _clock.Now.Month;
                _ = scheduler.Look();
                await scheduler.Idle;
                points.Follow(settings.Serve.History, _clock);
                var next = scheduler.Look()!.Value;
                if (next is { DayOfWeek: DayOfWeek.Wednesday, Day: <= 7 })
                {
                    await ByHandAsync(scheduler, points, settings, next);
                }

                _clock.Now = next < until ? next.ToUniversalTime().AddSeconds(7) : until;
                if (_clock.Now.Month != month)
                {
                    await lab.InsertAsync("goods", [$$"""{"_key":"m{{month}}","at":"{{_clock.Now:O}}"}"""], "shop");
                }
            }

            await scheduler.StopAsync(TimeSpan.Zero);
        }
    }

    /// <summary>Three in a row, before something that somebody tries out.</summary>
    private async Task ByHandAsync(Scheduler scheduler, KeptPoints points, Settings settings, DateTimeOffset next)
    {
        foreach (var minute in (int[])[-120, -118, -90])
        {
            _clock.Now = next.ToUniversalTime().AddMinutes(minute);
            scheduler.Begin("nightly");
            await scheduler.Idle;
            points.Follow(settings.Serve.History, _clock);
        }
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Spans(DateTimeOffset end)
    {
        var from = At("2026-01-01T12:00Z");
        foreach (var away in Away)
        {
            yield return (from, away.From);
            from = away.Until;
        }

        yield return (from, end);
    }

    /// <summary>One scheduled run on each date of the zone on which somebody was there, those of summer time included.</summary>
    private static void AssertEveryNightHadItsRun(IReadOnlyList<RunSummary> runs)
    {
        var nights = runs.Where(static run => run.Cause == "schedule").Select(static run => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(run.Started, Vienna).DateTime)).Order().ToList();
        var expected = Enumerable.Range(1, 365).Select(static day => new DateOnly(2026, 1, 1).AddDays(day))
            .Where(static date => !Array.Exists(Away, away => date > DateOnly.FromDateTime(away.From.Date) && date <= DateOnly.FromDateTime(away.Until.Date)));
        Assert.Equal(expected, nights);
        Assert.Contains(runs, static run => run.Started == At("2026-03-29T01:00:07Z"));
        Assert.Contains(runs, static run => run.Started == At("2026-10-25T00:30:07Z"));
    }

    /// <summary>What the manual promises, counted without the planner: the last ten, and one of each of the last thirteen weeks.</summary>
    private static void AssertLastAndWeekly(IReadOnlyList<RunSummary> runs, HashSet<string> there)
    {
        Assert.All(runs.Take(10), run => Assert.Contains(run.Point!, there));
        var kept = runs.Where(run => there.Contains(run.Point!)).Select(static run => Week(run.Started)).ToHashSet();
        Assert.All(runs.Select(static run => Week(run.Started)).Distinct().Take(13), week => Assert.Contains(week, kept));
        Assert.InRange(there.Count, 18, 30);
    }

    private static (int Year, int Week) Week(DateTimeOffset time) => (ISOWeek.GetYear(time.UtcDateTime), ISOWeek.GetWeekOfYear(time.UtcDateTime));

    private static async Task<Settings> ConfigureAsync(Lab lab)
    {
        var folder = Path.GetDirectoryName(lab.Store)!;
        var file = Path.Combine(folder, "config.toml");
        await File.WriteAllTextAsync(file, $"""
            [server]
            endpoint = "{lab.Settings.Endpoint}"
            [operational]
            database = "shop"
            store = "{lab.Store}"
            [serve]
            history = "{Path.Combine(folder, "state", "history.db")}"
            [schedule.nightly]
            target = "operational"
            cron = "30 2 * * *"
            zone = "Europe/Vienna"
            """, Token);
        return Settings.Load(SettingsSource.Read(file, target: null, [], TimeZoneInfo.Utc));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The points that are there when the planner is followed after each run.</summary>
    private sealed class KeptPoints(RetentionPolicy policy)
    {
        private List<RecoveryPoint> _points = [];
        private long _seen;

        public IEnumerable<string> Names => _points.Select(static one => one.Name);

        public void Follow(string history, TimeProvider clock)
        {
            foreach (var run in new ListRuns(clock).Run(new ListRunsRequest(history, Series: null, Operation: null, 5)).Runs.Reverse().Where(run => run.Id > _seen))
            {
                _seen = run.Id;
                _points.Add(new RecoveryPoint { Id = run.Point!, Name = run.Point!, Order = run.Id, Time = run.Started, Owned = true });
                _points = [.. RetentionPlanner.Plan(SeriesListing.Of("year", _points, witness: null)!, policy, clock.GetUtcNow()).Kept.Select(static one => one.Point)];
            }
        }
    }

    private sealed class YearClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
