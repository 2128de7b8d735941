using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;

namespace MetisBackup.UnitTests.Core.Retention;

public sealed class RetentionRulesTests
{
    [Fact]
    public void The_last_ones_are_kept_and_the_rest_goes_oldest_first()
    {
        var plan = Series.Plan(Series.Nightlies("2026-01-01", 33), RetentionPolicy.DisasterRecovery);

        Assert.Equal(30, plan.Kept.Count());
        Assert.Equal(["p1", "p2", "p3"], plan.Removals.Select(decision => decision.Point.Name));
        Assert.Equal("no rule keeps it", plan.Of("p1").Explanation);
        Assert.Equal("one of the last 30", plan.Of("p4").Explanation);
        Assert.Equal("the newest complete one; one of the last 30", plan.Of("p33").Explanation);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void The_systems_order_counts_and_not_the_dates()
    {
        // the clock went back by a day between p2 and p3
        var points = Series.Of("2026-01-01 02:00", "2026-01-05 02:00", "2026-01-04 02:00", "2026-01-04 12:00");

        var plan = Series.Plan(points.AsEnumerable().Reverse(), new RetentionPolicy { Last = 2 }, Series.At("2026-02-01"));

        Assert.Equal(["p4", "p3"], plan.Kept.Where(kept => kept.Reasons.Any(reason => reason.Rule == KeepRule.Last)).Select(kept => kept.Point.Name));
        Assert.Contains(plan.Of("p4").Reasons, reason => reason.Rule == KeepRule.NewestComplete);
        Assert.False(plan.Of("p1").Keep);
    }

    [Fact]
    public void Quick_snapshots_do_not_push_out_the_one_before_them_nor_the_nights()
    {
        // ten nights, a baseline at 14:00, and eleven quick ones after it
        var points = Series.Nightlies("2026-01-01", 10);
        points.Add(Series.Point(11, Series.At("2026-01-10 14:00")));
        points.AddRange(Enumerable.Range(12, 11).Select(order => Series.Point(order, Series.At("2026-01-10 14:00").AddMinutes(order))));

        var plan = Series.Plan(points, new RetentionPolicy { Last = 10 });

        Assert.Equal("p2 p3 p4 p5 p6 p7 p8 p9 p10 p11 p13 p14 p15 p16 p17 p18 p19 p20 p21 p22", plan.KeptNames());
        Assert.Equal("the first of the hour 2026-01-10 14:00, whatever came after it", plan.Of("p11").Explanation);
        Assert.Equal(KeepRule.FirstOfBurst, plan.Of("p11").Reasons.Single().Rule);
    }

    [Fact]
    public void Of_two_policies_together_each_keeps_what_it_keeps_alone()
    {
        RetentionPolicy[] policies =
        [
            new() { Last = 3 }, new() { Weekly = 4, Hourly = 2 }, new() { Daily = 9, MaxAge = TimeSpan.FromDays(5) }, new() { MaxAge = TimeSpan.FromDays(8) },
            new() { Within = TimeSpan.FromDays(6) }, new() { Within = TimeSpan.FromDays(20), MaxAge = TimeSpan.FromDays(12) }, new() { Yearly = 2, Monthly = 3 },
        ];
        var points = Series.Nightlies("2025-11-20", 90);

        foreach (var (one, other) in policies.SelectMany(one => policies.Select(other => (one, other))))
        {
            var together = Series.Plan(points, one.Or(other).Checked()).Kept.Select(static kept => kept.Point.Name).ToHashSet(StringComparer.Ordinal);
            Assert.Subset(together, Series.Plan(points, one).Kept.Select(static kept => kept.Point.Name).ToHashSet(StringComparer.Ordinal));
        }

        Assert.Equal("keep the last 10, the first of each of 13 weeks, the first of each of 10 years", RetentionPolicy.Operational.Or(new RetentionPolicy { Last = 5, Yearly = 10 }).Sentence);
        Assert.False(Series.Plan(points, policies[0].Or(policies[1])).Of("p1").Keep);
    }

    [Fact]
    public void Of_each_period_the_first_is_kept()
    {
        var points = Series.Of(
            "2024-12-30 02:00", // Monday of 2025-W01
            "2025-01-05 02:00", // Sunday of the same week
            "2025-01-06 02:00", // Monday of 2025-W02
            "2025-01-06 03:00",
            "2025-01-06 03:30");

        Assert.Equal("p1 p3 p5", Series.Plan(points, new RetentionPolicy { Weekly = 5 }).KeptNames());
        Assert.Equal("p3 p5", Series.Plan(points, new RetentionPolicy { Weekly = 1 }).KeptNames());
        Assert.Equal("p1 p2 p3 p5", Series.Plan(points, new RetentionPolicy { Daily = 5 }).KeptNames());
        Assert.Equal("p3 p4 p5", Series.Plan(points, new RetentionPolicy { Hourly = 2 }).KeptNames());
        Assert.Equal("p1 p2 p5", Series.Plan(points, new RetentionPolicy { Monthly = 2 }).KeptNames());
        Assert.Equal("p1 p2 p5", Series.Plan(points, new RetentionPolicy { Yearly = 9 }).KeptNames());
        Assert.Equal("the first of the week 2025-W01", Series.Plan(points, new RetentionPolicy { Weekly = 5 }).Of("p1").Explanation);
    }

    [Fact]
    public void Periods_are_those_of_utc_whatever_the_offset()
    {
        var points = Series.Of("2026-06-01 23:30", "2026-06-02T01:45:00+02:00", "2026-06-02 00:15");

        Assert.Equal("p1 p3", Series.Plan(points, new RetentionPolicy { Daily = 9 }).KeptNames());
    }

    [Fact]
    public void Ages_are_measured_from_the_newest_so_that_nothing_grows_old_when_backups_stop()
    {
        var points = Series.Nightlies("2026-01-01", 10);

        var plan = Series.Plan(points, new RetentionPolicy { Within = TimeSpan.FromDays(3) }, Series.At("2029-01-01"));

        Assert.Equal("p7 p8 p9 p10", plan.KeptNames());
        Assert.Equal("within 3 days of the newest", plan.Of("p7").Explanation);
    }

    [Fact]
    public void A_limit_takes_back_what_rules_keep_and_never_a_floor()
    {
        var points = Series.Nightlies("2026-01-01", 10);
        points[0] = points[0] with { Permanent = true };

        var plan = Series.Plan(points, new RetentionPolicy { Last = 9, MaxAge = TimeSpan.FromDays(4) });

        Assert.Equal("p1 p6 p7 p8 p9 p10", plan.KeptNames());
        Assert.Equal("older than 4 days: 5 days before the newest", plan.Of("p5").Explanation);
    }

    [Fact]
    public void A_limit_by_itself_keeps_all_that_are_younger() =>
        Assert.Equal("p6 p7 p8 p9 p10", Series.Plan(Series.Nightlies("2026-01-01", 10), new RetentionPolicy { MaxAge = TimeSpan.FromDays(4) }).KeptNames());

    [Fact]
    public void A_clock_that_leaps_for_a_night_makes_nothing_old()
    {
        var policy = new RetentionPolicy { Within = TimeSpan.FromDays(5) };
        var points = Series.Nightlies("2026-01-01", 10);
        points.Add(Series.Point(11, Series.At("2038-01-01")));

        var plan = Series.Plan(points, policy);

        Assert.Equal("p5 p6 p7 p8 p9 p10 p11", plan.KeptNames());
        Assert.Contains("Between p10 and p11 lie more than 45 days", Assert.Single(plan.Warnings), StringComparison.Ordinal);

        // two more in the new time, and it is believed
        points.Add(Series.Point(12, Series.At("2038-01-02")));
        Assert.Equal(8, Series.Plan(points, policy).Kept.Count());
        points.Add(Series.Point(13, Series.At("2038-01-03")));
        Assert.Equal("p11 p12 p13", Series.Plan(points, policy).KeptNames());
        Assert.Empty(Series.Plan(points, new RetentionPolicy { Last = 1 }).Warnings);
    }

    [Fact]
    public void A_leap_means_nothing_to_rules_that_count()
    {
        var points = Series.Nightlies("2026-01-01", 3);
        points.Add(Series.Point(4, Series.At("2038-01-01")));

        Assert.Empty(Series.Plan(points, RetentionPolicy.Operational).Warnings);
    }

    [Fact]
    public void A_policy_is_a_sentence()
    {
        Assert.Equal("keep the last 10, the first of each of 13 weeks", RetentionPolicy.Operational.Sentence);
        Assert.Equal("keep the last 30", RetentionPolicy.DisasterRecovery.Sentence);
        Assert.Equal(
            "keep the first of each of 24 hours, the first of each of 7 days, the first of each of 6 months, the first of the newest year, all within 36 hours, but none older than 1000 days",
            new RetentionPolicy { Hourly = 24, Daily = 7, Monthly = 6, Yearly = 1, Within = TimeSpan.FromHours(36), MaxAge = TimeSpan.FromDays(1000) }.Sentence);
        Assert.Equal("keep all within 1 minute", new RetentionPolicy { MaxAge = TimeSpan.FromMinutes(1) }.Sentence);
    }

    [Fact]
    public void A_policy_that_makes_no_sense_is_refused()
    {
        RetentionPolicy[] senseless = [new(), new() { Last = -1 }, new() { Last = 1, Within = TimeSpan.Zero }, new() { Last = 1, MaxAge = TimeSpan.FromDays(-1) }];

        Assert.All(senseless, policy => Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => Series.Plan(Series.Nightlies("2026-01-01", 2), policy)).Code));
    }
}
