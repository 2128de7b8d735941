using CsCheck;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.UnitTests.Core.Naming;

public sealed class NameTests
{
    private static readonly DateTimeOffset Time = new(2025, 10, 7, 16, 30, 22, 987, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("Before CF validation Phase 4", "before_cf_validation_phase_4")]
    [InlineData("  --Already__under_scored--  ", "already_under_scored")]
    [InlineData("\u00dcber 3 \u00c4pfel", "ber_3_pfel")]
    [InlineData("", "snapshot")]
    [InlineData("   ", "snapshot")]
    [InlineData("\U0001F480\U0001F480", "snapshot")]
    [InlineData("../../etc/passwd", "etc_passwd")]
    [InlineData("line\nbreak", "line_break")]
    public void A_description_becomes_a_slug(string description, string slug) => Assert.Equal(slug, SnapshotName.Slug(description));

    [Fact]
    public void A_name_states_the_second_in_utc()
    {
        var name = SnapshotName.Create(Time, "Before CF validation Phase 4", 1);
        Assert.Equal("metis_20251007_143022_before_cf_validation_phase_4", name.ToString());
        Assert.Equal(new DateTimeOffset(2025, 10, 7, 14, 30, 22, TimeSpan.Zero), name.CreatedAt);
        Assert.Equal("metis_20251007_143022_x_3", SnapshotName.Create(Time, "x", 3).Value);
    }

    [Fact]
    public void Every_name_that_is_made_is_safe_and_reads_back() =>
        Gen.Select(Gen.String, Gen.Int[1, 5_000]).Sample((description, attempt) =>
        {
            var name = SnapshotName.Create(Time, description, attempt);
            Assert.Matches("^[a-z0-9_]{1,90}$", name.Value);
            Assert.DoesNotContain("__", name.Value, StringComparison.Ordinal);
            Assert.True(SnapshotName.TryParse(name.Value, out var read));
            Assert.Equal(name, read);
        });

    [Theory]
    [InlineData("metis_20251007_143022_")]
    [InlineData("metis_20251007_143022")]
    [InlineData("metis_20251307_143022_x")]
    [InlineData("metis_20251007_246022_x")]
    [InlineData("metis_20251007_143022_X")]
    [InlineData("metis_20251007_143022_a.b")]
    [InlineData("metis_20251007_143022-x")]
    [InlineData("dr_nightly_20251007_143022")]
    public void Other_texts_are_no_names(string text) => Assert.False(SnapshotName.TryParse(text, out _));

    [Theory]
    [InlineData("arxiv_datastore", true)]
    [InlineData("_system", true)]
    [InlineData("with-dash", true)]
    [InlineData("\u65e5\u672c\u8a9e", true)]
    [InlineData("name with spaces", true)]
    [InlineData("", false)]
    [InlineData("_", true)]
    [InlineData("_\u00e4", false)]
    [InlineData("../x", false)]
    [InlineData("/absolute", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a\nb", false)]
    [InlineData("1a", false)]
    [InlineData(".a", false)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    public void Database_names_follow_the_rules_of_the_server(string name, bool legal)
    {
        Assert.Equal(legal, ServerNames.IsDatabase(name));
        if (legal)
        {
            Assert.Equal(name, ServerNames.RequireDatabase(name));
        }
        else
        {
            var error = Assert.Throws<MetisException>(() => ServerNames.RequireDatabase(name));
            Assert.Equal(ErrorCode.Usage, error.Code);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_name() => Assert.False(ServerNames.IsDatabase("a\ud800"));

    [Fact]
    public void Lengths_are_counted_in_bytes()
    {
        Assert.True(ServerNames.IsDatabase(new string('a', 128)));
        Assert.False(ServerNames.IsDatabase(new string('a', 129)));
        Assert.False(ServerNames.IsDatabase(new string('\u00e4', 65)));
        Assert.True(ServerNames.IsCollection(new string('\u00e4', 128)));
        Assert.False(ServerNames.IsCollection(new string('a', 300)));
    }

    [Fact]
    public void A_collection_name_may_hold_a_colon_but_no_slash()
    {
        Assert.Equal("a:b", ServerNames.RequireCollection("a:b"));
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => ServerNames.RequireCollection("../x")).Code);
    }

    [Fact]
    public void A_quoted_name_is_one_short_line()
    {
        Assert.Equal(@"'a\u000Ab\u001B[31m'", QuotedName.Of("a\nb\u001b[31m"));
        Assert.Equal(@"'x\u202Ey\u2028'", QuotedName.Of("x\u202ey\u2028"));
        Assert.Equal("'\U0001F480'", QuotedName.Of("\U0001F480"));
        Assert.True(QuotedName.Of(new string('a', 300)).Length < 70);
    }

    [Theory]
    [InlineData("airports", "airports")]
    [InlineData("_system", "_system")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    [InlineData("", "''")]
    public void A_name_in_a_command_to_be_copied_is_one_word(string name, string word) => Assert.Equal(word, ShellWord.Of(name));
}
