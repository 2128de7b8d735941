using System.Text;
using MetisBackup.Core.Bulk;

namespace MetisBackup.UnitTests.Core.Bulk;

public sealed class TreePathTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    public void A_path_that_could_leave_the_tree_is_refused(string text) =>
        Assert.Throws<FormatException>(() => TreePath.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_with_a_way_in_it_is_refused(string name) =>
        Assert.Throws<FormatException>(() => TreePath.Root.Child(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Paths_are_ordered_as_a_walk_meets_them()
    {
        string[] walk = ["a", "a/b", "a/b/c", "a!b", "a.txt", "b", "b/a", "ä"];

        var sorted = walk.Reverse().Select(Of).Order().Select(static path => path.ToString());

        Assert.Equal(walk, sorted);
        Assert.True(Of("a") < Of("a/b") && Of("a!") > Of("a/z") && Of("a") <= Of("a") && Of("b") >= Of("a"));
        Assert.Equal(1, Of("a").CompareTo(null));
        Assert.True(TreePath.Root < Of("a"));
    }

    [Fact]
    public void A_path_knows_its_names_and_what_is_above_it()
    {
        var path = Of("a/b").Child("c"u8);

        Assert.Equal("c", Encoding.UTF8.GetString(path.Name));
        Assert.Equal([Of("a/b"), Of("a"), TreePath.Root, TreePath.Root], [path.Parent, path.Parent.Parent, path.Parent.Parent.Parent, TreePath.Root.Parent]);
        Assert.Equal(["a", "b", "c"], path.Names().Select(Encoding.UTF8.GetString));
        Assert.Empty(TreePath.Root.Names());
        Assert.True(path.IsWithin(Of("a")) && path.IsWithin(path) && path.IsWithin(TreePath.Root));
        Assert.False(Of("ab").IsWithin(Of("a")));
        Assert.False(Of("a").IsWithin(Of("a/b")));
        Assert.True(TreePath.Root.IsRoot);
        Assert.Equal(".", TreePath.Root.ToString());
    }

    [Fact]
    public void Equal_paths_are_one()
    {
        Assert.True(Of("a/b") == Of("a/b") && Of("a") != Of("b") && (TreePath?)null == null && Of("a") != null);
        Assert.Equal(Of("a").GetHashCode(), Of("a").GetHashCode());
        Assert.True(Of("a").Equals((object)Of("a")));
        Assert.False(Of("a").Equals("a"));
    }

    [Fact]
    public void What_is_no_text_is_shown_as_numbers()
    {
        var path = TreePath.Parse([(byte)'x', 0xFF, (byte)'\n', .. "é"u8]);

        Assert.Equal(@"x\xff\x0aé", path.ToString());
        Assert.False(path.IsText);
        Assert.True(Of("é").IsText);
    }

    private static TreePath Of(string text) => TreePath.Parse(Encoding.UTF8.GetBytes(text));
}
