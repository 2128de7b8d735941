using CsCheck;
using MetisBackup.Core.Retention;

namespace MetisBackup.UnitTests.Core.Retention;

/// <summary>A year of nights as they are: some are missing, some days have bursts, the clock is moved, things are pinned, held and damaged.</summary>
public sealed class RetentionYearTests
{
    private static readonly Gen<TimeSpan?> AnyDuration =
        Gen.Select(Gen.Bool, Gen.Int[1, 120], (given, days) => given ? TimeSpan.FromDays(days) : (TimeSpan?)null);

    private static readonly Gen<RetentionPolicy> AnyPolicy =
        Gen.Select(Gen.Int[1, 35], Gen.Int[0, 30], Gen.Int[0, 10], Gen.Int[0, 10], Gen.Int[0, 13], AnyDuration, AnyDuration, (last, hourly, daily, weekly, monthly, within, maxAge) =>
            new RetentionPolicy { Last = last, Hourly = hourly, Daily = daily, Weekly = weekly, Monthly = monthly, Yearly = monthly % 3, Within = within, MaxAge = maxAge });

    private static readonly Gen<Day> AnyDay = Gen.Select(
        Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false))),
        Gen.Frequency((12, Gen.Const(0)), (1, Gen.Int[1, 14])),
        Gen.Int[1, 40],
        Gen.Frequency((60, Gen.Const(0)), (1, Gen.Int[-400, 4000])),
        Gen.Int[0, 99],
        (night, burst, minutes, clockDays, fate) => new Day(night, burst, minutes, clockDays, fate));

    [Fact]
    public void Floors_and_counts_hold_on_every_day_and_a_plan_leaves_nothing_for_a_second_one() =>
        Gen.Select(AnyPolicy, AnyDay.Array[365]).Sample(
            (policy, days) =>
            {
                List<RecoveryPoint> present = [];
                var made = 0;
                for (var i = 0; i < days.Length; i++)
                {
                    // a jump of the clock is noticed and mended after three days
                    var wrong = TimeSpan.FromDays(days.Skip(Math.Max(0, i - 2)).Take(3).Sum(day => day.ClockDays));
                    var fresh = Points(days[i], i, wrong, made);
                    made += fresh.Count;
                    present.AddRange(fresh);
                    if (present.Count == 0)
                    {
                        continue;
                    }

                    var now = Noon(i) + TimeSpan.FromHours(12) + wrong;
                    var plan = Series.Plan(present, policy, now);
                    RequireFloors(plan, now);
                    RequireCounts(plan, now);
                    present = [.. plan.Kept.Reverse().Select(decision => decision.Point)];
                    Assert.Empty(Series.Plan(present, policy, now).Removals);
                }
            },
            iter: 25);

    [Fact]
    public void More_generous_rules_never_keep_less() =>
        Gen.Select(AnyPolicy, Gen.Int[0, 5], AnyDay.Array[100]).Sample(
            (policy, more, days) =>
            {
                var points = days.SelectMany((day, i) => Points(day, i, TimeSpan.FromDays(day.ClockDays), i * 20)).ToList();
                Assert.NotEmpty(points); // a hundred days without a night do not occur
                var generous = policy with
                {
                    Last = policy.Last + more,
                    Hourly = policy.Hourly + more,
                    Daily = policy.Daily + more,
                    Weekly = policy.Weekly + more,
                    Monthly = policy.Monthly + more,
                    Yearly = policy.Yearly + more,
                    Within = policy.Within + TimeSpan.FromDays(more),
                    MaxAge = policy.MaxAge + TimeSpan.FromDays(more),
                };

                var kept = Series.Plan(points, generous, Noon(100)).Kept.Select(decision => decision.Point.Id).ToHashSet();

                Assert.Superset(Series.Plan(points, policy, Noon(100)).Kept.Select(decision => decision.Point.Id).ToHashSet(), kept);
            },
            iter: 200);

    [Fact]
    public void Removing_each_day_leaves_what_removing_at_the_end_would_leave() =>
        Gen.Select(AnyPolicy, AnyDay.Array[200]).Sample(
            (any, days) =>
            {
                // when a limit takes the first of a week away, those that are left have another first: then more is kept, not less
                var policy = any with { MaxAge = null };
                List<RecoveryPoint> all = [], present = [];
                for (var i = 0; i < days.Length; i++)
                {
                    var fresh = Points(days[i] with { Fate = 99 }, i, TimeSpan.Zero, all.Count);
                    all.AddRange(fresh);
                    present.AddRange(fresh);
                    if (present.Count > 0)
                    {
                        present = [.. Series.Plan(present, policy, Noon(i + 1)).Kept.Reverse().Select(decision => decision.Point)];
                        Assert.Equal(Series.Plan(all, policy, Noon(i + 1)).KeptNames(), string.Join(' ', present.Select(point => point.Name)));
                    }
                }
            },
            iter: 12);

    private static void RequireFloors(RetentionPlan plan, DateTimeOffset now)
    {
        Assert.All(plan.Removals, removal =>
        {
            var point = removal.Point;
            Assert.True(point is { Owned: true, Complete: true, Permanent: false, Pin: null, Holders: [], Users: [] } && point.Time <= now && point.Proof != PointProof.Failed, $"{point} was removed");
            Assert.NotNull(removal.RemovalReason);
        });
        Assert.All(plan.Kept, kept => Assert.NotEmpty(kept.Explanation));

        // written differently from the planner on purpose: search, and compare the order
        foreach (var removal in plan.Removals)
        {
            Assert.Contains(plan.Kept, kept => kept.Point.Order > removal.Point.Order && kept.Point is { Owned: true, Complete: true } && kept.Point.Proof != PointProof.Failed && kept.Point.Time <= now);
            Assert.True(removal.Point.Proof != PointProof.Proven || plan.Kept.Any(kept => kept.Point.Order > removal.Point.Order && kept.Point.Proof == PointProof.Proven && kept.Point.Complete));
        }
    }

    private static void RequireCounts(RetentionPlan plan, DateTimeOffset now)
    {
        var policy = plan.Policy;
        var counted = plan.Decisions.Select(decision => decision.Point)
            .Where(point => point is { Owned: true, Complete: true, Permanent: false, Pin: null } && point.Proof != PointProof.Failed && point.Time <= now).ToList();
        var byLast = plan.Kept.Count(kept => kept.Reasons.Any(reason => reason.Rule == KeepRule.Last));
        if (policy.MaxAge is null)
        {
            Assert.Equal(Math.Min(policy.Last, counted.Count), byLast);
            Assert.Equal(Math.Min(policy.Daily, counted.DistinctBy(point => point.Time.UtcDateTime.Date).Count()), plan.Kept.Count(kept => kept.Reasons.Any(reason => reason.Rule == KeepRule.Daily)));
        }

        var rules = (2 * policy.Last) + policy.Hourly + policy.Daily + policy.Weekly + policy.Monthly + policy.Yearly;
        var free = plan.Kept.Count(kept => !kept.Reasons.Any(reason => reason.IsFloor || reason.Rule == KeepRule.Within));
        Assert.True(free <= rules, $"{free} are kept by rules that allow {rules}");
    }

    /// <summary>What a day brings: a night at 02:30 of Central European time, which moves with summer time, and perhaps a burst at noon.</summary>
    private static List<RecoveryPoint> Points(Day day, int number, TimeSpan wrong, int made)
    {
        var points = new List<RecoveryPoint>();
        if (day.Night)
        {
            var summer = number is >= 87 and < 297;
            points.Add(Series.Point(++made, Noon(number).AddHours(summer ? -11.5 : -10.5) + wrong));
        }

        points.AddRange(Enumerable.Range(0, day.Burst).Select(i => Series.Point(++made, Noon(number).AddMinutes(i * day.BurstMinutes) + wrong)));
        if (points.Count > 0)
        {
            points[^1] = day.Fate switch
            {
                0 => points[^1] with { Permanent = true },
                1 => points[^1] with { Pin = new PointPin("experiment", null) },
                2 => points[^1] with { Holders = ["zrepl"] },
                3 => points[^1] with { Users = ["clone"] },
                4 => points[^1] with { Complete = false },
                5 => points[^1] with { Proof = PointProof.Failed },
                6 or 7 => points[^1] with { Proof = PointProof.Proven },
                8 => points[^1] with { Owned = false },
                _ => points[^1],
            };
        }

        return points;
    }

    private static DateTimeOffset Noon(int day) => Series.At("2026-01-01 12:00").AddDays(day);

    /// <summary>A day of the year.</summary>
    /// <param name="Night">The timer ran.</param>
    /// <param name="Burst">Snapshots by hand, from noon on.</param>
    /// <param name="BurstMinutes">Minutes from one to the next.</param>
    /// <param name="ClockDays">How far the clock is moved.</param>
    /// <param name="Fate">What becomes of the day's last point.</param>
    private sealed record Day(bool Night, int Burst, int BurstMinutes, int ClockDays, int Fate);
}
