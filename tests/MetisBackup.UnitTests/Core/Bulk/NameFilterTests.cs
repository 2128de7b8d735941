using System.Text;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.Core.Bulk;

public sealed class NameFilterTests
{
    [Theory]
    [InlineData("*.tmp", "a.tmp", true)]
    [InlineData("*.tmp", ".tmp", true)]
    [InlineData("*.tmp", "a.tmp2", false)]
    [InlineData("*.tmp", "a.TMP", false)]
    [InlineData(".git", ".git", true)]
    [InlineData(".git", ".github", false)]
    [InlineData("run-??", "run-07", true)]
    [InlineData("run-??", "run-é7", true)]
    [InlineData("run-??", "run-007", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b", false)]
    [InlineData("*", "x", true)]
    [InlineData("**", "x", true)]
    [InlineData("x?", "x", false)]
    public void A_pattern_stands_for_a_whole_name(string pattern, string name, bool excluded) =>
        Assert.Equal(excluded, new NameFilter([pattern]).Excludes(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Everything_below_an_excluded_name_is_excluded()
    {
        var filter = new NameFilter([".git", "*.tmp"]);

        Assert.True(filter.ExcludesAnyOf(TreePath.Parse("a/.git/config"u8)));
        Assert.False(filter.ExcludesAnyOf(TreePath.Parse("a/git/config"u8)));
    }

    [Fact]
    public void Two_filters_leave_out_what_either_does()
    {
        var both = new NameFilter(["a", "b"]).And(new NameFilter(["b", "c"]));

        Assert.Equal(["a", "b", "c"], both.Patterns);
        Assert.True(both.Excludes("c"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public void What_is_no_pattern_of_a_name_is_refused(string pattern) =>
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => new NameFilter([pattern])).Code);

    [Fact]
    public void A_hostile_pattern_takes_no_time_worth_telling() =>
        Assert.False(new NameFilter([string.Concat(Enumerable.Repeat("*a", 100)) + "b"]).Excludes(Encoding.UTF8.GetBytes(new string('a', 250))));
}
