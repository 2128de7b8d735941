using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.UnitTests.Core.Naming;

public sealed class DrNameTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 23, 3, 0, 5, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("dbpool/arangodb", "dbpool", false)]
    [InlineData("tank", "tank", true)]
    [InlineData("p/a b/c:d.e-f_g", "p", false)]
    public void Names_of_data_sets_are_taken_apart(string text, string pool, bool isPool)
    {
        var name = DatasetName.Require(text);

        Assert.Equal((text, pool, isPool), (name.ToString(), name.Pool, name.IsPool));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("-r")]
    [InlineData("1pool")]
    [InlineData("a/..")]
    [InlineData("a@b")]
    [InlineData("a#b")]
    [InlineData("a/b;reboot")]
    [InlineData("a/ü")]
    public void What_ZFS_would_not_accept_is_refused_before_it_is_asked(string text) =>
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => DatasetName.Require(text)).Code);

    [Fact]
    public void Names_of_more_than_255_characters_are_refused()
    {
        Assert.True(DatasetName.TryParse("p/" + new string('x', 253), out var longest));
        Assert.False(DatasetName.TryParse("p/" + new string('x', 254), out _));
        Assert.Throws<MetisException>(() => longest!.Beside("x"));
        Assert.Throws<MetisException>(() => longest!.Snapshot("s"));
    }

    [Fact]
    public void Relative_names_lead_back()
    {
        var dataset = DatasetName.Require("p/a");

        Assert.Equal("", dataset.Relative(dataset));
        Assert.Equal("/x/y", dataset.Relative(DatasetName.Require("p/a/x/y")));
        Assert.Null(dataset.Relative(DatasetName.Require("p/ab")));
        Assert.Equal("p/a/x", dataset.At("/x").Value);
        Assert.Equal("p/a@s", dataset.Snapshot("s"));
        Assert.Throws<MetisException>(() => dataset.Snapshot("a,b"));
    }

    [Theory]
    [InlineData("nightly", 1, "dr_nightly_20261123_020005")]
    [InlineData("golden_image", 2, "dr_golden_image_20261123_020005_2")]
    public void Snapshot_names_state_UTC(string label, int attempt, string expected)
    {
        var name = DrSnapshotName.Create(label, Night, attempt);

        Assert.Equal(expected, name.ToString());
        Assert.True(DrSnapshotName.TryParse(expected, out var parsed));
        Assert.Equal((name, label, new DateTime(2026, 11, 23, 2, 0, 5)), (parsed, parsed!.Label, parsed.StatedTime));
        Assert.Equal(attempt == 1, parsed.CanBeOfEarlierScript);
    }

    [Theory]
    [InlineData("dr_before_upgrade_2_20261123_020005", "before_upgrade_2", false)]
    [InlineData("dr_nightly_20261123_020005", "nightly", true)]
    public void Labels_may_hold_underscores_and_digits(string text, string label, bool earlier)
    {
        Assert.True(DrSnapshotName.TryParse(text, out var name));
        Assert.Equal((label, earlier), (name.Label, name.CanBeOfEarlierScript));
    }

    [Theory]
    [InlineData("dr_20261123_020005")]
    [InlineData("dr_nightly_20261323_020005")]
    [InlineData("dr_nightly_20261123_020005_1")]
    [InlineData("dr_nightly_20261123_020005_02")]
    [InlineData("dr_nightly_20261123_020005_99999999")]
    [InlineData("xdr_nightly_20261123_020005")]
    [InlineData("dr_Nightly_20261123_020005")]
    [InlineData("dr_nightly__20261123_020005")]
    [InlineData("dr_nightly_20261123")]
    [InlineData("dr_")]
    [InlineData("autosnap_2026-11-23_02:00:05_daily")]
    public void Other_names_are_not_ours(string text) => Assert.False(DrSnapshotName.TryParse(text, out _));

    [Theory]
    [InlineData("dr_nightly", "nightly")]
    [InlineData("golden_image", "golden_image")]
    public void A_label_may_be_given_with_its_prefix(string text, string label) => Assert.Equal(label, DrSnapshotName.RequireLabel(text));

    [Theory]
    [InlineData("")]
    [InlineData("dr_")]
    [InlineData("a b")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("Gold")]
    public void What_cannot_be_a_label_is_refused(string text)
    {
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => DrSnapshotName.RequireLabel(text)).Code);
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => DrSnapshotName.Create(text, Night, 1)).Code);
    }
}
