using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.UnitTests.Storage.Zfs;

public sealed class ZfsParserTests
{
    private static readonly DatasetName Dataset = DatasetName.Require("dbpool/arangodb");

    public static TheoryData<string> Versions => Recording.Versions;

    [Theory]
    [MemberData(nameof(Versions))]
    public void Properties_of_a_snapshot_are_read_from_every_version(string version)
    {
        var properties = ZfsProperties.Parse(Recording.Of(version)["get.Hpo"].Out);

        Assert.Equal(["dbpool/arangodb@s1"], properties.Names);
        Assert.Equal("snapshot", properties.Value("dbpool/arangodb@s1", "type"));
        Assert.InRange(properties.Number("dbpool/arangodb@s1", "used") ?? 0, 1ul, 1_000_000ul);
        Assert.InRange(properties.Number("dbpool/arangodb@s1", "creation") ?? 0, 1_700_000_000ul, 2_000_000_000ul);
        Assert.Equal(PropertySource.Default, properties.Of("dbpool/arangodb@s1")["exec"].Source);
        Assert.Null(properties.Own("dbpool/arangodb@s1", "exec"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_order_is_that_of_the_transaction_groups(string version)
    {
        var numbers = Recording.Of(version)["list.stxg"].Out;
        var reversed = string.Concat(numbers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse().Select((line, index) => line.Replace("\t", $"\t{index + 1}\t", StringComparison.Ordinal) + "\n"));

        var snapshots = ZfsSnapshotList.Parse(Dataset, reversed);

        Assert.Equal(["s1", "s2", "s3", "s4", "s5"], snapshots.Select(one => one.Name));
        Assert.Equal("dbpool/arangodb@s1", snapshots[0].FullName);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Clones_are_found_by_their_origins(string version)
    {
        var rows = string.Concat(Recording.Of(version)["pr.list2"].Out.Split('\n').Where(line => line.Length > 0 && !line.Contains("@s", StringComparison.Ordinal) | line.StartsWith("dbpool/cl\t", StringComparison.Ordinal)).Select(line => line + "\n"));

        Assert.Contains("dbpool/cl", ZfsOrigins.Parse(rows)["dbpool/arangodb@s3"]);
        Assert.Empty(ZfsOrigins.Parse(rows)["dbpool/arangodb@s2"]);
    }

    [Theory]
    [InlineData("openzfs-2.1.11")]
    [InlineData("openzfs-2.3.2")]
    public void Holds_name_their_tags(string version) =>
        Assert.Equal(["keep"], ZfsHolds.Parse(Recording.Of(version)["hold.holdsH"].Out)["dbpool/arangodb@s1"]);

    [Theory]
    [InlineData("openzfs-2.1.11")]
    [InlineData("openzfs-2.3.2")]
    public void Delegations_are_read_for_the_data_set_itself(string version)
    {
        var text = Recording.Of(version)["allow2"].Out;

        var grant = Assert.Single(ZfsDelegations.Parse("dbpool/arangodb", text));
        Assert.Equal(("-ld", "-u nobody", "mount,snapshot"), (grant.Scope, string.Join(' ', grant.Who), grant.Permissions));
        Assert.Empty(ZfsDelegations.Parse("dbpool", text));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_state_of_a_pool_is_read_from_every_version(string version)
    {
        var cells = Recording.Of(version)["zp.listHo"].Out.TrimEnd('\n').Split('\t');

        var pool = ZfsPool.Parse($"{cells[0]}\t{cells[4]}\t{cells[5]}\n");

        Assert.Equal(new ZfsPool("dbpool", 0, "ONLINE"), pool);
        Assert.Empty(pool.Worries());
    }

    [Theory]
    [InlineData("p\t91%\tONLINE\n", "Pool p is 91 % full.")]
    [InlineData("p\t90%\tDEGRADED\n", "Pool p is DEGRADED.")]
    [InlineData("p\t-\tFAULTED\n", "Pool p is FAULTED.")]
    public void What_is_wrong_with_a_pool_is_said(string text, string worry) => Assert.Equal([worry], ZfsPool.Parse(text).Worries());

    [Theory]
    [InlineData("dbpool/arangodb@s1\t1.46E\t12\n")]
    [InlineData("dbpool/arangodb@s1\t12\n")]
    [InlineData("dbpool/other@s1\t12\t12\n")]
    [InlineData("usage: list\n")]
    public void A_listing_that_cannot_be_read_is_no_empty_list(string text) =>
        Assert.Equal(ErrorCode.ServerFailed, Assert.Throws<MetisException>(() => ZfsSnapshotList.Parse(Dataset, text)).Code);

    [Fact]
    public void A_property_that_is_inherited_is_not_own()
    {
        var properties = ZfsProperties.Parse("a\tx:y\t1\tinherited from b\na\tx:z\t2\tlocal\na\torigin\t-\t-\n");

        Assert.Equal(("1", null, "2", null), (properties.Value("a", "x:y"), properties.Own("a", "x:y"), properties.Own("a", "x:z"), properties.Value("a", "origin")));
    }

    [Fact]
    public void What_a_user_wrote_into_a_property_may_have_tabs_and_lines()
    {
        var properties = ZfsProperties.Parse("a\tx:y\tone\ttwo\n\nthree\tlocal\na\tguid\t7\t-\n");

        Assert.Equal("one\ttwo\n\nthree", properties.Own("a", "x:y"));
        Assert.Equal(7ul, properties.Number("a", "guid"));
        Assert.Equal(["a"], properties.Names);
    }

    [Theory]
    [InlineData("a\tx:y\t1\n")]
    [InlineData("a\tx:y\t1\na\tguid\t7\t-\n")]
    [InlineData("a\tx:y\tone\tlocal\nb\tlocal\na\tguid\t7\t-\n")]
    [InlineData("words\na\tguid\t7\t-\n")]
    public void Properties_that_are_cut_off_or_ambiguous_are_an_error(string text) =>
        Assert.Equal(ErrorCode.ServerFailed, Assert.Throws<MetisException>(() => ZfsProperties.Parse(text)).Code);
}
