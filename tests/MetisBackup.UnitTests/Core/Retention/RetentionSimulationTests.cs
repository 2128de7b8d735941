using CsCheck;
using MetisBackup.Core.Retention;

namespace MetisBackup.UnitTests.Core.Retention;

public sealed class RetentionSimulationTests
{
    private static readonly DateTimeOffset Now = Series.At("2026-11-23 12:00");

    [Fact]
    public void Ninety_nights_replace_the_last_thirty_one_by_one()
    {
        var present = Series.Nightlies("2026-10-25", 30);

        var forecast = RetentionSimulation.Run("dr", present, RetentionPolicy.DisasterRecovery, Nights(90), Now.AddDays(90));

        Assert.Equal(90, forecast.Arrivals);
        Assert.Equal(90, forecast.Removals.Count);
        Assert.Equal(30, forecast.Remaining.Count);
        Assert.All(forecast.Remaining, point => Assert.True(point.Expected));
        Assert.Equal(("p1", Now.Date.AddHours(26)), (forecast.Removals[0].Name, forecast.Removals[0].Removed.UtcDateTime));
        Assert.All(forecast.Removals, removal => Assert.True(removal.Time < removal.Removed && removal.Reason.Length > 0));
    }

    [Fact]
    public void A_permanent_one_is_there_at_the_end_and_a_pin_ends_on_its_day()
    {
        var present = Series.Of("2026-11-01 02:00", "2026-11-02 02:00", "2026-11-03 02:00");
        present[0] = present[0] with { Permanent = true };
        present[1] = present[1] with { Pin = new PointPin("paper", Series.At("2026-12-01 00:00")) };

        var forecast = RetentionSimulation.Run("papers", present, new RetentionPolicy { Last = 5 }, Nights(30), Now.AddDays(30));

        Assert.Equal(["p1"], forecast.Remaining.Where(point => !point.Expected).Select(point => point.Name));
        Assert.Equal(Series.At("2026-12-01 02:00"), forecast.Removals.Single(removal => removal.Name == "p2").Removed);
    }

    [Fact]
    public void Without_new_ones_nothing_grows_old()
    {
        var present = Series.Nightlies("2026-10-01", 20);

        var forecast = RetentionSimulation.Run("papers", present, new RetentionPolicy { Within = TimeSpan.FromDays(40) }, [], Now.AddDays(365));

        Assert.Empty(forecast.Removals);
        Assert.Equal(20, forecast.Remaining.Count);
    }

    [Fact]
    public void Of_nothing_nothing_comes() => Assert.Empty(RetentionSimulation.Run("papers", [], RetentionPolicy.Operational, [], Now).Remaining);

    [Fact]
    public void What_is_foretold_comes_true() =>
        Gen.Select(Gen.Int[1, 15], Gen.Int[0, 10], Gen.Int[0, 6], Gen.Int[1, 40].Array[1, 60], Gen.Int[0, 25]).Sample(
            (last, daily, weekly, gaps, old) =>
            {
                var policy = new RetentionPolicy { Last = last, Daily = daily, Weekly = weekly };
                var present = Series.Nightlies("2026-10-25", old);
                var arrivals = gaps.Aggregate(new List<DateTimeOffset> { Now }, static (times, hours) => [.. times, times[^1].AddHours(hours)]);
                var end = arrivals[^1].AddDays(1);

                var forecast = RetentionSimulation.Run("papers", present, policy, arrivals, end);

                // what creating and pruning does, one after the other
                var points = present.ToList();
                foreach (var time in arrivals)
                {
                    points.Add(Series.Point(1000 + arrivals.IndexOf(time), time));
                    points = [.. Series.Plan(points, policy, time).Kept.Reverse().Select(decision => decision.Point)];
                }

                Assert.Equal(points.Select(point => point.Time), forecast.Remaining.Reverse().Select(point => point.Time));
                Assert.Equal(old + arrivals.Count, forecast.Remaining.Count + forecast.Removals.Count);
            },
            iter: 200);

    [Fact]
    public void A_burst_of_experiments_leaves_the_state_before_it()
    {
        // the field's defect: twelve quick ones, and the baseline is gone
        List<DateTimeOffset> arrivals = [Now, .. Enumerable.Range(1, 12).Select(minute => Now.AddMinutes(minute))];

        var forecast = RetentionSimulation.Run("papers", [], RetentionPolicy.Operational, arrivals, Now.AddHours(1));

        Assert.Contains(forecast.Remaining, point => point.Time == Now);
    }

    private static IEnumerable<DateTimeOffset> Nights(int count) => Enumerable.Range(1, count).Select(night => new DateTimeOffset(Now.UtcDateTime.Date.AddDays(night).AddHours(2), TimeSpan.Zero));
}
