using CsCheck;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class RevisionMergeTests
{
    private static readonly Gen<ulong[][]> Blocks = Gen.ULong[0, 60].HashSet[0, 40].SelectMany(
        ids => Gen.Int[1, 7].List[20].Select(sizes => Cut([.. ids.Order()], sizes)));

    [Fact]
    public void Every_id_that_one_side_lacks_is_told_once_however_the_blocks_are_cut() =>
        Gen.Select(Blocks, Blocks).Sample((left, right) =>
        {
            var (onlyLeft, onlyRight, common) = Collect(RevisionMerge.Compare(left.Select(Block), right.Select(Block)));
            var (lefts, rights) = (left.SelectMany(static ids => ids).ToList(), right.SelectMany(static ids => ids).ToList());
            Assert.Equal(lefts.Except(rights), onlyLeft);
            Assert.Equal(rights.Except(lefts), onlyRight);
            Assert.Equal(lefts.Intersect(rights).Count(), common);
        });

    [Fact]
    public async Task A_listing_is_compared_in_the_same_way()
    {
        var differences = new List<RevisionDifference<RevisionBlock, RevisionBlock>>();
        var onlyLeft = new List<ulong>();
        var listed = new ulong[][] { [1, 2], [], [5] }.ToAsyncEnumerable().Select(Block);
        await foreach (var difference in RevisionMerge.CompareAsync(listed, new ulong[][] { [2, 3], [4] }.Select(Block), TestContext.Current.CancellationToken))
        {
            differences.Add(difference);
            onlyLeft.AddRange(difference.OnlyLeft.ToArray().Select(at => difference.Left.Ids.Span[at]));
        }

        Assert.Equal([1UL, 5UL], onlyLeft);
        Assert.Equal(2, differences.Sum(static one => one.OnlyRight.Length));
        Assert.Equal(1, differences.Sum(static one => one.Common));
    }

    [Fact]
    public void An_id_that_stands_twice_counts_twice()
    {
        var (onlyLeft, onlyRight, common) = Collect(RevisionMerge.Compare([Block([0, 0, 7])], [Block([0, 7, 7])]));
        Assert.Equal([0UL], onlyLeft);
        Assert.Equal([7UL], onlyRight);
        Assert.Equal(2, common);
    }

    private static (List<ulong> OnlyLeft, List<ulong> OnlyRight, int Common) Collect(IEnumerable<RevisionDifference<RevisionBlock, RevisionBlock>> differences)
    {
        var (onlyLeft, onlyRight, common) = (new List<ulong>(), new List<ulong>(), 0);
        foreach (var difference in differences)
        {
            onlyLeft.AddRange(difference.OnlyLeft.ToArray().Select(at => difference.Left.Ids.Span[at]));
            onlyRight.AddRange(difference.OnlyRight.ToArray().Select(at => difference.Right.Ids.Span[at]));
            common += difference.Common;
        }

        return (onlyLeft, onlyRight, common);
    }

    private static RevisionBlock Block(ulong[] ids) => new(ids);

    private static ulong[][] Cut(ulong[] ids, IReadOnlyList<int> sizes)
    {
        var blocks = new List<ulong[]>();
        for (var (at, block) = (0, 0); at < ids.Length; at += sizes[block++ % sizes.Count])
        {
            blocks.Add([.. ids.Skip(at).Take(sizes[block % sizes.Count])]);
        }

        return [.. blocks];
    }
}
