using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;

namespace MetisBackup.UnitTests.Core.Retention;

public sealed class RetentionFloorsTests
{
    private static readonly RetentionPolicy One = new() { Last = 1 };

    [Fact]
    public void What_is_protected_is_kept_with_its_reason_and_is_not_counted()
    {
        var points = Series.Nightlies("2026-01-01", 10);
        points[0] = points[0] with { Owned = false };
        points[1] = points[1] with { Permanent = true };
        points[2] = points[2] with { Pin = new PointPin("baseline of phase 4", null) };
        points[3] = points[3] with { Pin = new PointPin("", Series.At("2026-03-01")) };
        points[4] = points[4] with { Holders = ["zrepl", "metis"] };
        points[5] = points[5] with { Users = ["dbpool/clone"] };
        points[6] = points[6] with { Complete = false };
        points[7] = points[7] with { Proof = PointProof.Failed };

        var plan = Series.Plan(points, new RetentionPolicy { Last = 2 }, Series.At("2026-02-01"));

        Assert.Equal(
            [
                "the newest complete one; one of the last 2",
                "one of the last 2",
                "its last drill or verification failed: somebody must look",
                "damaged or incomplete: somebody must look",
                "in use by dbpool/clone",
                "held by zrepl, metis",
                "pinned until 2026-03-01 00:00 UTC",
                "pinned: baseline of phase 4",
                "permanent",
                "not ours",
            ],
            plan.Decisions.Select(decision => decision.Explanation));
        Assert.All(plan.Decisions.Skip(2), decision => Assert.True(decision.Reasons.Single().IsFloor));
        Assert.False(plan.Decisions[1].Reasons.Single().IsFloor);
    }

    [Fact]
    public void A_pin_ends_at_its_time()
    {
        var points = Series.Nightlies("2026-01-01", 3);
        points[0] = points[0] with { Pin = new PointPin("", Series.At("2026-02-01")) };

        Assert.Equal("p1 p3", Series.Plan(points, One, Series.At("2026-01-31")).KeptNames());
        Assert.Equal("p3", Series.Plan(points, One, Series.At("2026-02-01")).KeptNames());
    }

    [Fact]
    public void Permanent_and_pinned_ones_do_not_take_the_place_of_others_and_held_ones_do()
    {
        var points = Series.Nightlies("2026-01-01", 4);
        points[3] = points[3] with { Permanent = true };
        points[2] = points[2] with { Holders = ["zrepl"] };

        Assert.Equal("p2 p3 p4", Series.Plan(points, new RetentionPolicy { Last = 2 }).KeptNames());
    }

    [Fact]
    public void One_dated_in_the_future_is_kept_and_pushes_nothing_out()
    {
        var points = Series.Of("2026-01-01", "2026-01-02", "2031-05-05", "2026-01-03");

        var plan = Series.Plan(points, new RetentionPolicy { Last = 2, Within = TimeSpan.FromHours(1) }, Series.At("2026-01-03"));

        Assert.Equal("p2 p3 p4", plan.KeptNames());
        Assert.Equal("dated in the future (2031-05-05 00:00 UTC)", plan.Of("p3").Explanation);
        Assert.Equal(["1 of 4 points are dated in the future, the farthest 2031-05-05 00:00 UTC: check the clock."], plan.Warnings);
    }

    [Fact]
    public void When_the_clock_goes_far_back_nothing_is_removed() =>
        Assert.Empty(Series.Plan(Series.Nightlies("2026-01-01", 50), One, Series.At("1970-01-01")).Removals);

    [Fact]
    public void Broken_ones_never_stand_in_for_the_good_one_before_them()
    {
        var points = Series.Nightlies("2026-01-01", 5);
        points[2] = points[2] with { Proof = PointProof.Failed };
        points[3] = points[3] with { Complete = false };
        points[4] = points[4] with { Complete = false };

        var plan = Series.Plan(points, new RetentionPolicy { Last = 1, MaxAge = TimeSpan.FromHours(1) });

        Assert.Equal("p2 p3 p4 p5", plan.KeptNames());
        Assert.Contains(plan.Of("p2").Reasons, reason => reason.Rule == KeepRule.NewestComplete);
    }

    [Fact]
    public void The_newest_proven_one_is_kept()
    {
        var points = Series.Nightlies("2026-01-01", 5);
        points[0] = points[0] with { Proof = PointProof.Proven };
        points[1] = points[1] with { Proof = PointProof.Proven };

        var plan = Series.Plan(points, One);

        Assert.Equal("p2 p5", plan.KeptNames());
        Assert.Equal("the newest one that was proven", plan.Of("p2").Explanation);
    }

    [Fact]
    public void The_newest_complete_one_is_kept_although_every_rule_is_against_it()
    {
        var points = Series.Nightlies("2026-01-01", 2);
        points[1] = points[1] with { Permanent = true };
        points.Add(Series.Point(3, Series.At("2026-01-03")) with { Owned = false });

        Assert.Equal("permanent; the newest complete one", Series.Plan(points, One).Of("p2").Explanation);
    }

    [Fact]
    public void An_empty_listing_is_none() => Assert.Null(SeriesListing.Of("dbpool/arangodb", [], witness: null));

    [Fact]
    public void A_listing_that_lacks_what_is_known_to_exist_is_not_believed()
    {
        Assert.Equal(ErrorCode.ServerFailed, Assert.Throws<MetisException>(() => SeriesListing.Of("x", [], witness: "id1")).Code);

        var failure = Assert.Throws<MetisException>(() => SeriesListing.Of("dbpool/arangodb", Series.Nightlies("2026-01-01", 2), witness: "id3"));

        Assert.Equal("The listing of dbpool/arangodb lacks a point that is known to exist; nothing is removed on its word.", failure.Message);
        Assert.Equal("dbpool/arangodb", SeriesListing.Of("dbpool/arangodb", Series.Nightlies("2026-01-01", 2), witness: "id2")!.Series);
    }

    [Fact]
    public void A_listing_in_which_points_cannot_be_told_apart_is_not_believed()
    {
        var point = Series.Point(1, Series.At("2026-01-01"));

        Assert.Throws<MetisException>(() => SeriesListing.Of("x", [point, point with { Order = 2 }], witness: null));
    }

    [Fact]
    public void Points_made_in_the_same_transaction_are_ordered_by_their_dates()
    {
        var points = Series.Of("2026-01-01 00:00:02", "2026-01-01 00:00:01").ConvertAll(point => point with { Order = 7 });

        Assert.Equal(["p1", "p2"], SeriesListing.Of("x", points, witness: null)!.NewestFirst.Select(point => point.Name));
    }
}
