using CsCheck;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class RevisionTreeProperties
{
    private static readonly ulong First = RevisionTree.DefaultInitialRangeMin.Value;

    /// <summary>Ids from 2021 to 2038, often close together.</summary>
    private static readonly Gen<RevisionId> Revision = Gen.OneOf(
        Gen.ULong[First, First + (1UL << 59)],
        Gen.ULong[0, 4096].Select(step => First + (1UL << 57) + (step << 30)),
        Gen.ULong[0, 4096].Select(step => First + step)).Select(id => new RevisionId(id));

    private static readonly Gen<List<RevisionId>> Revisions = Revision.HashSet[0, 200].Select(set => set.ToList());

    [Fact]
    public void From_2021_on_the_order_of_insertion_does_not_matter() =>
        Gen.Select(Revisions, Gen.Int).Sample((revisions, seed) =>
        {
            var shuffled = revisions.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(RevisionVectors.Tree(revisions).Json(), RevisionVectors.Tree(shuffled).Json());
        });

    [Fact]
    public void Reading_what_was_written_gives_the_same_tree() =>
        Revisions.Sample(revisions =>
        {
            var tree = RevisionVectors.Tree(revisions);
            var read = RevisionTree.Parse(tree.Bytes(RevisionTreeForm.Populated));
            Assert.Equal(tree.Json(), read.Json());
            Assert.Empty(read.Diff(tree));
        });

    [Fact]
    public void The_difference_covers_exactly_the_leaves_of_the_ids_that_only_one_side_has() =>
        Gen.Select(Revisions, Revisions, Revisions).Sample((common, left, right) =>
        {
            var (leftSet, rightSet) = (common.Concat(left).ToHashSet(), common.Concat(right).ToHashSet());
            var ranges = RevisionVectors.Tree(leftSet).Diff(RevisionVectors.Tree(rightSet));
            var only = leftSet.Except(rightSet).Concat(rightSet.Except(leftSet)).ToList();
            Assert.All(only, revision => Assert.Contains(ranges, range => range.Contains(revision)));
            Assert.All(ranges, range => Assert.Contains(only, range.Contains));
            Assert.True(ranges.Zip(ranges.Skip(1)).All(pair => pair.First.Max.Value + 1 < pair.Second.Min.Value));
        });

    [Fact]
    public void Removing_what_was_inserted_leaves_the_sums_of_the_rest() =>
        Gen.Select(Revisions, Revisions).Sample((keep, remove) =>
        {
            var rest = keep.Except(remove).ToList();
            var tree = RevisionVectors.Tree(rest.Concat(remove));
            remove.ForEach(tree.Remove);
            Assert.Equal(RevisionSummary.Of(rest), tree.Summary);
            Assert.Empty(tree.Diff(RevisionVectors.Tree(rest)));
        });

    [Fact]
    public void Either_text_form_of_a_modern_id_reads_back() =>
        Revision.Sample(revision =>
        {
            Assert.Equal(revision, RevisionId.ParseRev(revision.ToRev()));
            Assert.Equal(revision, RevisionId.ParseHlc(revision.ToHlc()));
        });

    [Fact]
    public void Summaries_of_disjoint_sets_add_up() =>
        Gen.Select(Revisions, Revisions).Sample((left, right) =>
        {
            var rest = right.Except(left).ToList();
            var union = RevisionSummary.Of(left).Union(RevisionSummary.Of(rest));
            Assert.Equal(RevisionSummary.Of(left.Concat(rest)), union);
            Assert.Equal(RevisionSummary.Of(left), rest.Aggregate(union, (sum, revision) => sum.Without(revision)));
        });
}
