using MetisBackup.Core.Bulk;

namespace MetisBackup.UnitTests.Core.Bulk;

public sealed class MetadataRuleTests
{
    private static readonly TreeEntry File = new()
    {
        Path = TreePath.Parse("a"u8),
        Kind = TreeEntryKind.File,
        Mode = 0b110_100_000,
        Owner = 1000,
        Group = 100,
        ModifiedAt = new FileTime(5, 6),
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["user.a"] = "eA==" },
    };

    [Fact]
    public void Equal_entries_do_not_differ() => Assert.Null(MetadataRule.Difference(File, File with { Size = 9 }, owners: true));

    [Fact]
    public void Every_difference_is_named() => Assert.Equal(
        "rights, owner, time, attributes differ",
        MetadataRule.Difference(File, File with { Mode = 0, Owner = 1, ModifiedAt = default, Attributes = new Dictionary<string, string>(StringComparer.Ordinal) }, owners: true));

    [Fact]
    public void Owners_count_only_where_they_can_be_set()
    {
        Assert.Null(MetadataRule.Difference(File, File with { Owner = 1, Group = 1 }, owners: false));
        Assert.Equal("owner differ", MetadataRule.Difference(File, File with { Group = 1 }, owners: true));
    }

    [Fact]
    public void Rights_of_links_and_times_of_directories_do_not_count()
    {
        var link = File with { Kind = TreeEntryKind.Link };
        var directory = File with { Kind = TreeEntryKind.Directory };

        Assert.Null(MetadataRule.Difference(link, link with { Mode = 0 }, owners: true));
        Assert.Null(MetadataRule.Difference(directory, directory with { ModifiedAt = default }, owners: true));
    }

    [Theory]
    [InlineData("user.a", "eQ==")]
    [InlineData("user.b", "eA==")]
    public void Attributes_differ_by_name_or_value(string name, string value) => Assert.Equal(
        "attributes differ",
        MetadataRule.Difference(File, File with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value } }, owners: true));

    [Fact]
    public void A_plan_counts_its_steps() => Assert.Equal(10, new TreePlan { Root = "/", Snapshot = "s", Created = 1, Replaced = 2, Adjusted = 3, Removed = 4, Kept = 5 }.Steps);
}
