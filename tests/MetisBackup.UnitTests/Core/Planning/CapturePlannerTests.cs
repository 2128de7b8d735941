using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class CapturePlannerTests
{
    private static readonly RevisionSummary Stored = new(10_000, 7);

    [Fact]
    public void The_same_root_is_linked_whether_or_not_the_tree_is_at_hand()
    {
        Assert.Equal(CaptureMethod.Linked, CapturePlanner.Decide(new CaptureFacts(Stored, true, Stored)).Method);
        Assert.Equal(CaptureMethod.Linked, CapturePlanner.Decide(new CaptureFacts(Stored, false, Stored)).Method);
    }

    [Fact]
    public void Another_root_needs_the_tree_and_enough_documents_to_be_worth_it()
    {
        Assert.Equal(CaptureMethod.Changes, CapturePlanner.Decide(new CaptureFacts(new(10_000, 8), true, Stored)).Method);
        Assert.Equal(CaptureMethod.Full, CapturePlanner.Decide(new CaptureFacts(new(10_000, 8), false, Stored)).Method);
        Assert.Equal(CaptureMethod.Full, CapturePlanner.Decide(new CaptureFacts(null, true, Stored)).Method);
        Assert.Equal(CapturePlanner.Cheaper, CapturePlanner.Decide(new CaptureFacts(new(50, 8), true, Stored)));
        Assert.Equal(CapturePlanner.Cheaper, CapturePlanner.Decide(new CaptureFacts(new(0, 0), true, Stored)));
    }

    [Theory]
    [InlineData(1_000_000, 10_000, false)]
    [InlineData(1_000_000, 300_000, false)]
    [InlineData(1_000_000, 500_000, true)]
    [InlineData(100, 1, true)]
    public void A_full_read_is_taken_when_it_costs_less(ulong total, ulong added, bool expected) =>
        Assert.Equal(expected, CapturePlanner.IsFullCheaper(total, added));

    [Theory]
    [InlineData(100, 50, false)]
    [InlineData(100, 51, true)]
    [InlineData(1, 1, true)]
    public void A_segment_is_written_anew_when_more_than_half_of_it_is_obsolete(long documents, long obsolete, bool expected) =>
        Assert.Equal([expected, false], CapturePlanner.Rewritten([(documents, obsolete), (1_000_000, 0)]));

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void Many_small_segments_are_put_together_and_large_ones_stay(int small, bool expected)
    {
        var rewritten = CapturePlanner.Rewritten([.. Enumerable.Repeat((100L, 1L), small), (10_000L, 0L), (100_000L, 10_000L)]);

        Assert.Equal([.. Enumerable.Repeat(expected, small), false, false], rewritten);
    }
}
