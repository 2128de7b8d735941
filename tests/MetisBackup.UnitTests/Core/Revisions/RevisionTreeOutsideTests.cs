using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class RevisionTreeOutsideTests
{
    [Fact]
    public void A_leaf_without_documents_outside_of_the_other_tree_is_no_difference_whatever_its_hash()
    {
        var initial = RevisionTree.DefaultInitialRangeMin;
        var left = new RevisionTree(initial);
        var right = new RevisionTree(initial);
        left.Insert(new RevisionId(initial.Value - 1000));
        left.Remove(new RevisionId(initial.Value - 1001));

        Assert.NotEqual(0UL, left.Hash);
        Assert.Empty(left.Diff(right));
        Assert.Empty(right.Diff(left));
    }

    [Fact]
    public void What_the_range_leaves_out_lies_below_and_above_it()
    {
        var tree = new RevisionTree(RevisionTree.DefaultInitialRangeMin);
        Assert.Equal(
            [
                new RevisionRange(new RevisionId(0), new RevisionId(tree.RangeMin.Value - 1)),
                new RevisionRange(tree.RangeMax, new RevisionId(ulong.MaxValue)),
            ],
            tree.Outside());

        var fromZero = new RevisionTree(new RevisionId(0));
        Assert.Equal([new RevisionRange(fromZero.RangeMax, new RevisionId(ulong.MaxValue))], fromZero.Outside());
    }

    [Fact]
    public void A_revision_shows_itself_as_the_server_writes_it() => Assert.Equal("12345", new RevisionId(12345).ToString());

    [Fact]
    public void A_revision_does_not_fit_into_less_room_than_its_text_needs() =>
        Assert.Throws<ArgumentException>(() => new RevisionId(12345).WriteRev(new byte[3]));
}
