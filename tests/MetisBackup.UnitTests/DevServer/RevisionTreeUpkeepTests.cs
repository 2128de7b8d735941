using System.Buffers;
using System.Text;
using CsCheck;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using static MetisBackup.UnitTests.DevServer.EngineFixture;

namespace MetisBackup.UnitTests.DevServer;

public sealed class RevisionTreeUpkeepTests
{
    private const ulong NewYear2021 = 1_687_640_290_099_200_000;

    [Fact]
    public void The_kept_tree_equals_a_computed_one_after_any_series_of_writes()
    {
        using var fixture = new EngineFixture();
        var number = 0;
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 20], Gen.ULong[NewYear2021, NewYear2021 + (1UL << 57)]).List[1, 60].Sample(
            steps =>
            {
                var collection = fixture.Create($"c{Interlocked.Increment(ref number)}");
                foreach (var (action, key, revision) in steps)
                {
                    fixture.Engine.Write(transaction => Apply(transaction, collection, action, $"k{key}", revision));
                }

                using var pin = fixture.Engine.Pin();
                var computed = pin.Read(reader => reader.ComputeTree(collection));
                return Text(pin.Tree(collection)) == Text(computed);
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void A_tree_keeps_its_width_over_removals_and_restarts()
    {
        using var fixture = new EngineFixture();
        var collection = fixture.Create("c");
        fixture.Engine.Write(transaction => transaction.Insert(collection, Document("a", NewYear2021 + (1UL << 58))));
        fixture.Engine.Write(transaction => transaction.Remove(collection, "a"));
        fixture.Engine.Write(transaction => transaction.Insert(collection, Document("b", NewYear2021 + 1)));
        string before;
        using (var pin = fixture.Engine.Pin())
        {
            before = Text(pin.Tree(collection));
        }

        fixture.Reopen();

        using var again = fixture.Engine.Pin();
        Assert.Equal(before, Text(again.Tree(collection)));
        Assert.NotEqual(before, Text(Fresh(NewYear2021 + 1)));
    }

    [Fact]
    public void A_tree_of_a_pinned_snapshot_is_not_touched_by_later_writes()
    {
        using var fixture = new EngineFixture();
        var collection = fixture.Create("c");
        fixture.Insert(collection, "a", "b", "c");
        using var pin = fixture.Engine.Pin();
        var before = Text(pin.Tree(collection));

        fixture.Insert(collection, "d");
        fixture.Engine.Write(transaction => transaction.Truncate(collection));

        Assert.Equal(before, Text(pin.Tree(collection)));
    }

    [Fact]
    public void A_truncated_collection_has_an_empty_tree()
    {
        using var fixture = new EngineFixture();
        var collection = fixture.Create("c");
        fixture.Insert(collection, "a", "b", "c");

        fixture.Engine.Write(transaction => transaction.Truncate(collection));

        using var pin = fixture.Engine.Pin();
        Assert.Equal(RevisionSummary.Empty, pin.Tree(collection).Summary);
        Assert.Equal(0, fixture.Engine.Read(reader => reader.Count(collection)));
    }

    private static void Apply(WriteTransaction transaction, CollectionInfo collection, int action, string key, ulong revision)
    {
        var exists = transaction.Contains(collection, key);
        var taken = transaction.TryGetByRevision(collection, new RevisionId(revision), out _);
        switch (action)
        {
            case 0 or 1 when !exists && !taken:
                transaction.Insert(collection, Document(key, revision));
                break;
            case 2 when exists && !taken:
                transaction.Replace(collection, Document(key, revision));
                break;
            case 3:
                transaction.Remove(collection, key);
                break;
        }
    }

    private static RevisionTree Fresh(ulong revision)
    {
        var tree = new RevisionTree();
        tree.Insert(new RevisionId(revision));
        return tree;
    }

    private static string Text(RevisionTree tree)
    {
        var output = new ArrayBufferWriter<byte>();
        tree.WriteJson(output, RevisionTreeForm.Populated);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
