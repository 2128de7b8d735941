using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class RevisionTreeTests
{
    private const string Head = """{"version":1,"maxDepth":6,"rangeMax":"_jpq8a-----","rangeMin":"_bpq8a-----","initialRangeMin":"_bpq8a-----",""";

    [Fact]
    public void Every_tree_of_the_original_is_reproduced_byte_for_byte()
    {
        var vectors = RevisionVectors.Load("trees.json").EnumerateArray().ToList();
        Assert.Equal(38, vectors.Count);
        Assert.All(vectors, AssertTree);
    }

    [Fact]
    public void Every_difference_of_the_original_is_found()
    {
        var vectors = RevisionVectors.Load("diff.json").EnumerateArray().ToList();
        Assert.Equal(11, vectors.Count);
        Assert.All(vectors, AssertDiff);
    }

    [Fact]
    public void All_three_forms_read_back_as_the_same_tree()
    {
        var tree = RevisionVectors.Tree([new(1786843968436174848), new(1801930298662846469)]);
        Assert.Equal(5_505_197, RevisionVectors.Tree([new(1786843968436174848)]).Bytes(RevisionTreeForm.Full).Length);
        foreach (var form in Enum.GetValues<RevisionTreeForm>())
        {
            Assert.Equal(tree.Json(), RevisionTree.Parse(tree.Bytes(form)).Json());
        }

        var early = JsonDocument.Parse(tree.Bytes(RevisionTreeForm.PopulatedWithoutSkips)).RootElement.GetProperty("nodes");
        Assert.Equal(RevisionTree.LeafCount, early.GetArrayLength());
        Assert.Empty(early[0].EnumerateObject());
    }

    [Theory]
    [InlineData(""" "count":1,"hash":5,"nodes":[{"skip":1},{},{"count":1,"hash":5},{},{"skip":9}]}""")]
    [InlineData(""" "count":0,"hash":0,"nodes":[]}""")]
    [InlineData(""" "count":0,"hash":0,"nodes":[{"skip":262144}],"branchingFactor":8}""")]
    [InlineData(""" "nodes":[{"hash":18446744073709551615,"count":3,"x":[{}]}],"hash":18446744073709551615,"count":3}""")]
    public void Spellings_that_the_server_accepts_are_read(string rest) => Assert.NotNull(Parse(Head + rest));

    [Theory]
    [InlineData(""" "count":2,"hash":5,"nodes":[{"count":1,"hash":5}]}""", "sum")]
    [InlineData(""" "count":1,"hash":6,"nodes":[{"count":1,"hash":5}]}""", "sum")]
    [InlineData(""" "count":1,"nodes":[{"count":1,"hash":5}]}""", "sum")]
    [InlineData(""" "count":1,"hash":5,"nodes":[{"count":1}]}""", "only one")]
    [InlineData(""" "count":1,"hash":5,"nodes":[{"hash":5}]}""", "only one")]
    [InlineData(""" "count":1,"hash":5,"nodes":[{"count":1,"hash":"5"}]}""", "number")]
    [InlineData(""" "count":1,"hash":"5","nodes":[{"count":1,"hash":5}]}""", "number")]
    [InlineData(""" "count":-1,"hash":5,"nodes":[]}""", "unsigned")]
    [InlineData(""" "count":1,"hash":18446744073709551616,"nodes":[]}""", "unsigned")]
    [InlineData(""" "count":1,"hash":5,"nodes":[{"skip":262144},{"count":1,"hash":5}]}""", "behind")]
    [InlineData(""" "count":0,"hash":0,"nodes":[{"skip":262145}]}""", "behind")]
    [InlineData(""" "count":0,"hash":0,"nodes":[{"skip":18446744073709551615},{"skip":2}]}""", "behind")]
    [InlineData(""" "count":0,"hash":0,"nodes":[1]}""", "not an object")]
    [InlineData(""" "count":0,"hash":0,"nodes":{}}""", "not an array")]
    [InlineData(""" "count":0,"hash":0}""", "no nodes")]
    [InlineData(""" "count":0,"hash":0,"nodes":[],"version":2}""", "version")]
    [InlineData(""" "count":0,"hash":0,"nodes":[],"rangeMax":"_bpq8a-----"}""", "range")]
    [InlineData(""" "count":0,"hash":0,"nodes":[],"rangeMax":"_bpq8a----_"}""", "range")]
    [InlineData(""" "count":0,"hash":0,"nodes":[],"rangeMin":"?"}""", "not a revision")]
    [InlineData(""" "count":0,"hash":0,"nodes":[],"rangeMin":7}""", "not a text")]
    [InlineData(""" "count":0,"hash":0,"nodes":[]""", "JSON")]
    [InlineData(""" "count":0,"hash":0,"nodes":[]}{}""", "JSON")]
    public void Texts_that_are_no_tree_are_refused_with_the_reason(string rest, string reason) =>
        Assert.Contains(reason, Assert.Throws<RevisionTreeException>(() => Parse(Head + rest)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"version":1,"maxDepth":6,"rangeMax":"_jpq8a-----","rangeMin":"_bpq8a-----","count":0,"hash":0,"nodes":[]}""")]
    public void A_text_without_the_bounds_is_refused(string json) => Assert.Throws<RevisionTreeException>(() => Parse(json));

    [Fact]
    public void More_nodes_than_leaves_are_refused()
    {
        var nodes = string.Join(',', Enumerable.Repeat("{}", RevisionTree.LeafCount));
        Assert.NotNull(Parse(Head + "\"count\":0,\"hash\":0,\"nodes\":[" + nodes + "]}"));
        Assert.Throws<RevisionTreeException>(() => Parse(Head + "\"count\":0,\"hash\":0,\"nodes\":[" + nodes + ",{}]}"));
        Assert.Throws<RevisionTreeException>(() => Parse(Head + "\"count\":0,\"hash\":0,\"nodes\":[{\"skip\":0}," + nodes + "]}"));
    }

    [Fact]
    public void A_clone_and_its_original_go_separate_ways()
    {
        var original = RevisionVectors.Tree([new(1786843968436174848), new(1801930298662846469)]);
        var before = original.Json();
        var clone = original.Clone();
        clone.Insert(new(1801930298662846470));
        clone.Remove(new(1786843968436174848));
        Assert.Equal(before, original.Json());
        var changed = clone.Json();
        original.Insert(new(1985432518656000000));
        original.Insert(new(1801930298662846471));
        Assert.Equal(changed, clone.Json());
        Assert.Equal(4UL, original.Count);
    }

    [Fact]
    public void Trees_with_other_lower_bounds_are_not_compared() =>
        Assert.Throws<RevisionTreeException>(() => new RevisionTree().Diff(new RevisionTree(new RevisionId(0))));

    [Fact]
    public void Four_million_ids_go_in_fast_and_an_almost_empty_tree_is_small()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var few = RevisionVectors.Tree([new(1786843968436174848), new(1801930298662846469)]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Equal(2UL, few.Count);

        var tree = new RevisionTree();
        const int Count = 4_000_000;
        var watch = Stopwatch.StartNew();
        for (var step = 0UL; step < Count; step++)
        {
            tree.Insert(new RevisionId(1_800_000_000_000_000_000 + (step << 34)));
        }

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalNanoseconds / Count:F1} ns per insert"));
        Assert.Equal((ulong)Count, tree.Count);
        Assert.InRange(watch.Elapsed.TotalNanoseconds / Count, 0, 500);
    }

    private static RevisionTree Parse(string json) => RevisionTree.Parse(Encoding.UTF8.GetBytes(json));

    private static void AssertTree(JsonElement vector)
    {
        var tree = Build(vector);
        var expected = vector.GetProperty("tree").GetRawText();
        Assert.Equal(expected, tree.Json());
        Assert.Equal(vector.GetProperty("treeBytes").GetInt32(), expected.Length);
        Assert.Equal(vector.Number("rootCount"), tree.Count);
        Assert.Equal(vector.Number("rootHash"), tree.Hash);
        Assert.Equal(vector.Number("rangeMin"), tree.RangeMin.Value);
        Assert.Equal(vector.Number("rangeMax"), tree.RangeMax.Value);
        Assert.Equal(vector.Number("initialRangeMin"), tree.InitialRangeMin.Value);
        Assert.Equal(expected, Parse(expected).Json());
    }

    private static RevisionTree Build(JsonElement vector)
    {
        if (vector.TryGetProperty("steps", out var steps))
        {
            var stepped = vector.Text("name") == "smart-child" ? new RevisionTree(new RevisionId(0)) : new RevisionTree();
            foreach (var step in steps.EnumerateArray())
            {
                Apply(stepped, step);
            }

            return stepped;
        }

        var revisions = vector.TryGetProperty("rule", out var rule) ? RevisionVectors.Generate(rule) : [.. vector.Ids("revisions")];
        var tree = RevisionVectors.Tree(revisions);
        if (vector.TryGetProperty("keepEvery", out var keepEvery))
        {
            foreach (var (position, revision) in revisions.Index().Where(entry => entry.Index % keepEvery.GetInt32() != 0))
            {
                tree.Remove(revision);
            }
        }

        if (vector.TryGetProperty("sameForAnyOrder", out var same) && same.GetBoolean())
        {
            Assert.Equal(tree.Json(), RevisionVectors.Tree(revisions.OrderDescending()).Json());
        }

        return tree;
    }

    private static void Apply(RevisionTree tree, JsonElement step)
    {
        var revision = new RevisionId(step.Number("revision"));
        Action act = step.Text("op") == "insert" ? () => tree.Insert(revision) : () => tree.Remove(revision);
        if (step.GetProperty("error").GetString() is { } error)
        {
            Assert.Equal(error[(error.IndexOf(' ', StringComparison.Ordinal) + 1)..], Assert.Throws<RevisionTreeException>(act).Message);
        }
        else
        {
            act();
        }
    }

    private static void AssertDiff(JsonElement vector)
    {
        var (left, right) = (RevisionVectors.Tree(vector.Ids("left")), RevisionVectors.Tree(vector.Ids("right")));
        var (leftText, rightText) = (left.Json(), right.Json());
        var ranges = left.Diff(right);
        Assert.Equal(
            vector.GetProperty("ranges").EnumerateArray().Select(pair => (pair[0].GetString(), pair[1].GetString())),
            ranges.Select(range => ((string?)$"{range.Min.Value}", (string?)$"{range.Max.Value}")));
        Assert.Equal(
            vector.GetProperty("rangesText").EnumerateArray().Select(pair => (pair[0].GetString(), pair[1].GetString())),
            ranges.Select(range => ((string?)range.Min.ToHlc(), (string?)range.Max.ToHlc())));
        Assert.True(vector.GetProperty("symmetric").GetBoolean());
        Assert.Equal(ranges, right.Diff(left));
        Assert.Equal((leftText, rightText), (left.Json(), right.Json()));
    }
}
