using CsCheck;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class CompactRevisionsTests
{
    [Fact]
    public void What_was_added_is_read_in_the_same_order() =>
        Gen.ULong.List[0, 300].Sample(ids =>
        {
            ids.Sort();
            var compact = new CompactRevisions();
            ids.ForEach(compact.Add);
            Assert.Equal(ids, compact);
            Assert.Equal(ids.Count, compact.Count);
            Assert.Equal(RevisionSummary.Of(ids.Select(static id => new RevisionId(id))), compact.Summary);
        });

    [Fact]
    public void It_is_a_sequence_for_those_who_know_no_types_too()
    {
        var compact = new CompactRevisions { 3, 5 };
        Assert.Equal(new object[] { 3UL, 5UL }, ((System.Collections.IEnumerable)compact).Cast<object>());
    }

    [Fact]
    public void An_id_below_the_last_one_is_refused()
    {
        var compact = new CompactRevisions();
        compact.Add(7);
        compact.Add(7);
        Assert.Throws<ArgumentOutOfRangeException>(() => compact.Add(6));
    }
}
