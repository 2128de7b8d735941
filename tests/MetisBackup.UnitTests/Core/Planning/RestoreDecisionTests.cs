using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class RestoreDecisionTests
{
    private static readonly CollectionDifference Equal = new() { Name = "c", LiveName = "c", Revisions = RevisionCounts.None };

    [Fact]
    public void An_equal_collection_is_kept()
    {
        var decision = RestoreDecision.For(Equal, 1000, full: false);

        Assert.Equal((RestoreWay.Keep, "equal to the snapshot"), (decision.Way, decision.Reason));
        Assert.Null(decision.Changes);
    }

    [Fact]
    public void A_few_changes_are_written_in_place()
    {
        var decision = RestoreDecision.For(Equal with { Revisions = new RevisionCounts(12, 10, 7) }, 3000, full: false);

        Assert.Equal((RestoreWay.Delta, "15 of 3,000 documents differ"), (decision.Way, decision.Reason));
        Assert.Equal(new DocumentChanges(3, 5, 7), decision.Changes);
    }

    [Theory]
    [InlineData(0, 500_000, 1_000_000, RestoreWay.Delta)]
    [InlineData(500_000, 0, 1_000_000, RestoreWay.Delta)]
    [InlineData(300_000, 300_000, 1_000_000, RestoreWay.Delta)]
    [InlineData(500_000, 500_000, 1_000_000, RestoreWay.Full)]
    [InlineData(0, 900_000, 1_000_000, RestoreWay.Full)]
    [InlineData(1_000_000, 1_000_000, 1_000_000, RestoreWay.Full)]
    [InlineData(5_000_000, 0, 1_000_000, RestoreWay.Full)]
    [InlineData(100, 100, 100, RestoreWay.Delta)]
    [InlineData(10_000, 0, 0, RestoreWay.Full)]
    [InlineData(10, 0, 0, RestoreWay.Delta)]
    public void Loading_all_is_chosen_where_it_costs_less(long live, long stored, long documents, RestoreWay expected)
    {
        var decision = RestoreDecision.For(Equal with { Revisions = new RevisionCounts(live, stored, 0) }, documents, full: false);

        Assert.Equal(expected, decision.Way);
        Assert.Equal(expected == RestoreWay.Full, decision.Changes is null);
        Assert.NotEmpty(decision.Reason);
    }

    [Fact]
    public void What_stands_in_the_way_is_the_reason()
    {
        var decision = RestoreDecision.For(Equal with { Obstacle = "its key generator differs" }, 1000, full: false);

        Assert.Equal((RestoreWay.Full, "its key generator differs"), (decision.Way, decision.Reason));
    }

    [Fact]
    public void What_was_not_compared_is_loaded()
    {
        var decision = RestoreDecision.For(Equal with { Revisions = null }, 1000, full: false);

        Assert.Equal((RestoreWay.Full, "its documents were not compared"), (decision.Way, decision.Reason));
    }

    [Fact]
    public void A_full_restore_keeps_nothing()
    {
        Assert.Equal(RestoreWay.Full, RestoreDecision.For(Equal, 1000, full: true).Way);
    }

    [Fact]
    public void Structure_and_name_are_changed_in_place()
    {
        var decision = RestoreDecision.For(Equal with { LiveName = "d", Structure = ["index i is missing"] }, 1000, full: false);

        Assert.Equal((RestoreWay.Delta, "its documents are equal; it is called d now; index i is missing"), (decision.Way, decision.Reason));
        Assert.Equal(new DocumentChanges(0, 0, 0), decision.Changes);
    }

    [Theory]
    [InlineData(5, 3, null, 3, 5, 0)]
    [InlineData(5, 3, 2L, 1, 3, 2)]
    [InlineData(5, 3, 9L, 0, 2, 3)]
    [InlineData(5, 3, -1L, 3, 5, 0)]
    public void Documents_that_both_hold_in_other_versions_are_changes(long live, long stored, long? replaced, long added, long removed, long changed)
    {
        Assert.Equal(new DocumentChanges(added, removed, changed), DocumentChanges.Of(new RevisionCounts(live, stored, replaced)));
    }
}
