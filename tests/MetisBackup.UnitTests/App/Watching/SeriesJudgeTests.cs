using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Forecasting;
using MetisBackup.Storage.History;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class SeriesJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly JobTimes Nightly = new("nightly", "0 2 * * *", TimeZoneInfo.Utc);
    private static readonly StatusLimits Usual = new() { SizeChangePercent = 50, FreeWarningPercent = 15, FreeCriticalPercent = 5, Forecast = TimeSpan.FromDays(14) };

    [Fact]
    public void Fresh_points_of_the_usual_size_with_room_are_ok()
    {
        var status = Judge(Points(10), Made(0));

        Assert.Empty(status.Concerns);
        Assert.Equal(Health.Ok, status.Health);
        Assert.Equal((1000, new PointCounts(10, 0, 0, 0, 0, 0)), ((int)status.UsualBytes!, status.Points!));
        Assert.Equal(new DateTimeOffset(2026, 3, 21, 2, 0, 0, TimeSpan.Zero), status.NextRun);
    }

    [Fact]
    public void An_old_point_is_critical() => Only(Judge(Points(5, firstDaysAgo: 2), runs: [Run(0, 0)]), ConcernKind.Age, Health.Critical, "55 h old; 26 h are allowed");

    [Fact]
    public void Points_made_by_hand_may_be_old()
    {
        var status = Judge(Points(5, firstDaysAgo: 200), allowed: null, times: []);

        Assert.Equal((Health.Ok, null), (status.Health, status.NextRun));
    }

    [Fact]
    public void No_point_at_all_is_critical_where_one_must_be() => Only(Judge([], runs: [Run(0, 1)], kind: ConcernKind.NoPoint), ConcernKind.NoPoint, Health.Critical, "no snapshot of db yet");

    [Fact]
    public void No_point_at_all_is_a_warning_where_they_are_made_by_hand() => Only(Judge([], allowed: null, times: []), ConcernKind.NoPoint, Health.Warning, "no snapshot");

    [Fact]
    public void An_empty_store_that_had_points_is_unknown() => Only(Judge([], Made(0)), ConcernKind.Unread, Health.Unknown, "is it the right one, and mounted?");

    [Fact]
    public void A_newest_point_that_vanished_is_told() => Only(Judge(Points(5, firstDaysAgo: 1), Made(0, "metis_other"), allowed: TimeSpan.FromDays(9)), ConcernKind.Gone, Health.Warning, "metis_other");

    [Fact]
    public void A_failed_night_is_critical_at_once() => Only(Judge(Points(5, firstDaysAgo: 1), runs: [Run(0, 17, "The disk is full.")], allowed: TimeSpan.FromDays(9)), ConcernKind.Failed, Health.Critical, "failed with 17: The disk is full.");

    [Fact]
    public void A_failure_is_over_when_a_point_came_after_it() => Assert.Equal(Health.Ok, Judge(Points(5), runs: [Run(1, 17)]).Health);

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(130)]
    public void What_a_person_did_wrong_is_a_warning(int code) => Only(
        Judge(Points(5, firstDaysAgo: 1), runs: [Run(0, code, cause: RunCause.Command)], allowed: TimeSpan.FromDays(9)), ConcernKind.Failed, Health.Warning, $"failed with {code}");

    [Fact]
    public void A_run_with_a_rest_undone_is_a_warning() => Only(Judge(Points(5), runs: [Run(0, 3, "Hook thaw failed.", "metis_0")]), ConcernKind.Incomplete, Health.Warning, "Hook thaw failed.");

    [Fact]
    public void A_missed_night_is_told_before_the_age_is() => Only(Judge(Points(5, firstDaysAgo: 1), allowed: TimeSpan.FromDays(9)), ConcernKind.Missed, Health.Warning, "was due 2026-03-20 02:00 UTC, and nothing was run");

    [Fact]
    public void A_night_that_is_still_under_way_is_not_missed() => Assert.DoesNotContain(Judge(Points(5, firstDaysAgo: 1), runs: [Run(0, code: null)]).Concerns, static one => one.Kind == ConcernKind.Missed);

    [Theory]
    [InlineData(400, true)]
    [InlineData(600, false)]
    [InlineData(1400, false)]
    [InlineData(1600, true)]
    public void An_unusual_size_is_told(long bytes, bool isTold)
    {
        var points = Points(6);
        var status = Judge([points[0] with { Bytes = bytes }, .. points.Skip(1)], Made(0));

        Assert.Equal(isTold, status.Concerns.Any(static one => one is { Kind: ConcernKind.Size, Health: Health.Warning }));
    }

    [Fact]
    public void Three_points_do_not_make_a_usual_size() => Assert.Null(Judge(Points(3), Made(0)).UsualBytes);

    [Fact]
    public void A_safety_point_neither_keeps_a_series_fresh_nor_shapes_its_size()
    {
        var points = Points(5, firstDaysAgo: 2);
        var status = Judge([new WatchedPoint("metis_s", Now, PointKind.Safety) { Bytes = 1 }, .. points], runs: [Run(0, 0)]);

        Assert.Equal(points[0], status.Newest);
        Assert.Contains(status.Concerns, static one => one.Kind == ConcernKind.Age);
    }

    [Fact]
    public void A_point_of_the_future_is_told_and_does_not_hide_an_old_one()
    {
        var status = Judge([new WatchedPoint("metis_f", Now.AddDays(400), PointKind.Own), .. Points(5, firstDaysAgo: 3)], runs: [Run(0, 0)]);

        Assert.Equal([ConcernKind.Age, ConcernKind.Future], status.Concerns.Select(static one => one.Kind));
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(14.9, 1)]
    [InlineData(4.9, 2)]
    public void Little_room_is_told(double percent, int health) => Assert.Equal((Health)health, Judge(Points(5), Made(0), space: new Reading<SpaceStatus>(new SpaceStatus("/s", 1, percent), null)).Health);

    [Fact]
    public void Room_that_will_not_last_is_told()
    {
        IReadOnlyList<SpaceSample> shrinking = [.. Enumerable.Range(0, 11).Select(static day => new SpaceSample(Now.AddDays(day - 10), 2000 - (day * 100)))];

        Only(Judge(Points(5), Made(0) with { Space = shrinking }, space: new Reading<SpaceStatus>(new SpaceStatus("/s", 1000, 50), null)), ConcernKind.Forecast, Health.Warning, "full in 10 d");
    }

    [Fact]
    public void Without_a_memory_the_forecast_is_unknown_and_no_concern() => Assert.Equal((Health.Ok, null), (Judge(Points(5), Made(0)).Health, Judge(Points(5), Made(0)).Space!.ShrinksPerDay));

    [Fact]
    public void Damaged_and_unproven_points_are_told()
    {
        var points = Points(5);
        var status = Judge([points[0] with { IsUnproven = true }, .. points.Skip(1), new WatchedPoint("metis_d", Now.AddDays(-9), PointKind.Damaged)], Made(0));

        Assert.Equal([ConcernKind.Unproven, ConcernKind.Damaged], status.Concerns.Select(static one => one.Kind));
        Assert.Equal((1, 1), (status.Points!.Damaged, status.Points.Unproven));
    }

    [Fact]
    public void A_failed_drill_is_critical_until_one_passes()
    {
        var failed = Made(0) with { Drill = new ProofStatus("drill", Now.AddDays(-1), Passed: false, null) };
        Only(Judge(Points(5), failed), ConcernKind.Proof, Health.Critical, "The last drill, 2026-03-19 09:00 UTC, found");

        var points = Points(5);
        var passed = Judge([points[0] with { Drill = new ProofStatus("drill", Now, Passed: true, 4) }, .. points.Skip(1)], failed);
        Assert.Equal((Health.Ok, 4.0), (passed.Health, passed.Proof!.Seconds));
    }

    [Fact]
    public void A_proof_of_long_ago_is_told_where_that_is_wanted()
    {
        var limits = Usual with { ProofAge = TimeSpan.FromDays(30) };

        Only(Judge(Points(5), Made(0), limits: limits), ConcernKind.Proof, Health.Warning, "ever drilled");
        var verified = new RunRecord(1, new RunStart("operational:db", RunOperation.Verify, RunCause.Schedule, Now.AddDays(-31)), new RunEnd(Now.AddDays(-31), 0));
        Only(Judge(Points(5), Made(0) with { Verifications = [verified] }, limits: limits), ConcernKind.Proof, Health.Warning, "31 d ago; 30 d are allowed");
    }

    [Fact]
    public void A_restore_that_did_not_end_is_critical_unless_it_runs()
    {
        var trouble = new Concern(ConcernKind.Unfinished, Health.Critical, "A restore did not end.");
        var read = Read(Points(5), Made(0)) with { Troubles = new Reading<IReadOnlyList<Concern>>([trouble], null) };
        Assert.Equal([trouble], Judge(read).Concerns);

        var running = Made(0) with { RunningOperations = new HashSet<string>(["restore"], StringComparer.Ordinal) };
        Assert.Empty(Judge(read with { Runs = new Reading<RememberedRuns>(running, null) }).Concerns);
    }

    [Fact]
    public void Each_part_that_could_not_be_read_makes_it_unknown()
    {
        var good = Read(Points(5), Made(0));
        Assert.All(
            (SeriesReadings[])
            [
                good with { Points = new Reading<IReadOnlyList<WatchedPoint>>(null, "No.") },
                good with { Troubles = new Reading<IReadOnlyList<Concern>>(null, "No.") },
                good with { Space = new Reading<SpaceStatus>(null, "No.") },
                good with { Runs = new Reading<RememberedRuns>(null, "No.") },
            ],
            read => Only(Judge(read), ConcernKind.Unread, Health.Unknown, "No."));
    }

    [Fact]
    public void The_worst_is_told_first_and_unknown_is_worse_than_a_warning()
    {
        Assert.Equal(Health.Unknown, ((Health[])[Health.Warning, Health.Unknown, Health.Ok]).Worst());
        Assert.Equal(Health.Critical, ((Health[])[Health.Critical, Health.Unknown]).Worst());
        Assert.Equal(Health.Ok, Array.Empty<Health>().Worst());
    }

    private static void Only(SeriesStatus status, ConcernKind kind, Health health, string text)
    {
        var concern = Assert.Single(status.Concerns);
        Assert.Equal((kind, health, health), (concern.Kind, concern.Health, status.Health));
        Assert.Contains(text, concern.Text, StringComparison.Ordinal);
    }

    /// <summary>Points of 1000 bytes, one each night at two.</summary>
    private static IReadOnlyList<WatchedPoint> Points(int count, int firstDaysAgo = 0) =>
        [.. Enumerable.Range(firstDaysAgo, count).Select(static day => new WatchedPoint($"metis_{day}", Night(day), PointKind.Own) { Bytes = 1000 })];

    private static DateTimeOffset Night(int daysAgo) => new DateTimeOffset(2026, 3, 20, 2, 0, 0, TimeSpan.Zero).AddDays(-daysAgo);

    private static RunRecord Run(int daysAgo, int? code, string? message = null, string? point = null, RunCause cause = RunCause.Schedule) => new(
        100 - daysAgo,
        new RunStart("operational:db", RunOperation.Create, cause, Night(daysAgo)),
        code is { } known ? new RunEnd(Night(daysAgo).AddMinutes(7), known) { Message = message, Point = point } : null);

    private static RememberedRuns Made(int daysAgo, string? point = null) => new() { Creates = [Run(daysAgo, 0, point: point ?? $"metis_{daysAgo}")] };

    private static SeriesReadings Read(IReadOnlyList<WatchedPoint> points, RememberedRuns runs) => new(
        new Reading<IReadOnlyList<WatchedPoint>>(points, null),
        new Reading<IReadOnlyList<Concern>>([], null),
        new Reading<SpaceStatus>(new SpaceStatus("/s", 1_000_000, 80), null),
        new Reading<RememberedRuns>(runs, null));

    private static SeriesStatus Judge(SeriesReadings read) => new SeriesJudge(Usual, Now).Judge(Series(TimeSpan.FromHours(26), [Nightly]), read);

    private static SeriesStatus Judge(IReadOnlyList<WatchedPoint> points, RememberedRuns runs, StatusLimits? limits = null, TimeSpan? allowed = null, Reading<SpaceStatus>? space = null) =>
        new SeriesJudge(limits ?? Usual, Now).Judge(Series(allowed ?? TimeSpan.FromHours(26), [Nightly]), Read(points, runs) is var read && space is not null ? read with { Space = space } : read);

    private static SeriesStatus Judge(IReadOnlyList<WatchedPoint> points, IReadOnlyList<RunRecord> runs, TimeSpan? allowed = null, ConcernKind? kind = null)
    {
        var status = new SeriesJudge(Usual, Now).Judge(Series(allowed ?? TimeSpan.FromHours(26), [Nightly]), Read(points, new RememberedRuns { Creates = runs }));
        return kind is null ? status : status with { Concerns = [.. status.Concerns.Where(one => one.Kind == kind)] };
    }

    private static SeriesStatus Judge(IReadOnlyList<WatchedPoint> points, TimeSpan? allowed, IReadOnlyList<JobTimes>? times = null) =>
        new SeriesJudge(Usual, Now).Judge(Series(allowed, times ?? [Nightly]), Read(points, RememberedRuns.None));

    private static WatchedSeries Series(TimeSpan? allowed, IReadOnlyList<JobTimes> times) =>
        new("operational", new StorePlace("/s", "db", TimeProvider.System)) { AllowedAge = allowed, Times = times };
}
