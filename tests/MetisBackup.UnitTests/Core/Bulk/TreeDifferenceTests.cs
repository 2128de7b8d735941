using System.Text;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Comparing;

namespace MetisBackup.UnitTests.Core.Bulk;

public sealed class TreeDifferenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Equal_trees_do_not_differ()
    {
        TreeEntry[] tree = [Of("a", TreeEntryKind.Directory), Of("a/b"), Of("c", TreeEntryKind.Link) with { Target = [1] }];

        var difference = TreeDifference.Of(tree, [tree[0] with { ModifiedAt = new FileTime(7, 0) }, tree[1], tree[2] with { Target = [1] }], 10, Token);

        Assert.Equal(0, difference.Total);
        Assert.Empty(difference.Named);
    }

    [Fact]
    public void What_only_one_tree_has_is_added_or_removed()
    {
        var difference = TreeDifference.Of([Of("a"), Of("d"), Of("e")], [Of("b"), Of("c"), Of("d")], 10, Token);

        Assert.Equal((2, 0, 2), (difference.Added, difference.Changed, difference.Removed));
        Assert.Equal(
            [(ChangeKind.Removed, "a"), (ChangeKind.Added, "b"), (ChangeKind.Added, "c"), (ChangeKind.Removed, "e")],
            difference.Named.Select(static one => (one.Change, one.Path.ToString())));
    }

    [Fact]
    public void Only_the_first_are_named_and_all_are_counted()
    {
        var difference = TreeDifference.Of([], [Of("a"), Of("b"), Of("c")], 2, Token);

        Assert.Equal(3, difference.Total);
        Assert.Equal(["a", "b"], difference.Named.Select(static one => one.Path.ToString()));
    }

    [Fact]
    public void What_changed_is_told()
    {
        var file = Of("f");
        var link = Of("f", TreeEntryKind.Link) with { Target = [1] };

        Assert.Equal("content differs", Reason(file, file with { Hash = "2" }));
        Assert.Equal("points elsewhere", Reason(link, link with { Target = [2] }));
        Assert.Equal("rights differ", Reason(file, file with { Mode = 1 }));
        Assert.Equal("time differ", Reason(file, file with { ModifiedAt = new FileTime(9, 9) }));
        Assert.Equal("was a link", Reason(link, file));
    }

    [Fact]
    public void A_comparison_can_be_ended() =>
        Assert.Throws<OperationCanceledException>(() => TreeDifference.Of([Of("a")], [], 1, new CancellationToken(canceled: true)));

    private static string Reason(TreeEntry before, TreeEntry after)
    {
        var difference = TreeDifference.Of([before], [after], 1, Token);
        Assert.Equal(1, difference.Changed);
        Assert.Equal(after.Kind, difference.Named[0].Kind);
        return difference.Named[0].Reason;
    }

    private static TreeEntry Of(string path, TreeEntryKind kind = TreeEntryKind.File) =>
        new() { Path = TreePath.Parse(Encoding.UTF8.GetBytes(path)), Kind = kind, Hash = kind == TreeEntryKind.File ? "1" : null };
}
