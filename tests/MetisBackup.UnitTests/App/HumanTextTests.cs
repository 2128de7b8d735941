using MetisBackup.App.Output;

namespace MetisBackup.UnitTests.App;

public sealed class HumanTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(1_250_000, "1.25 MB")]
    [InlineData(48_100_000_000, "48.1 GB")]
    [InlineData(999_600, "1.00 MB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(long.MaxValue, "9223 PB")]
    public void Sizes_have_three_digits(long bytes, string text) => Assert.Equal(text, HumanText.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 documents")]
    [InlineData(1, "1 document")]
    [InlineData(20_000, "20,000 documents")]
    public void Numbers_agree_with_their_noun(long count, string text) => Assert.Equal(text, HumanText.Count(count, "document"));

    [Theory]
    [InlineData(0.4234, "0.42 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(7620, "2 h 07 min")]
    [InlineData(100_000, "27 h 46 min")]
    public void Durations_are_as_exact_as_they_are_long(double seconds, string text) =>
        Assert.Equal(text, HumanText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Times_carry_the_offset_of_the_reader()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(5.5), "test", "test");

        Assert.Equal("2026-11-23T07:30:00+05:30", HumanText.Time(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero), zone));
    }

    [Theory]
    [InlineData("Vor Phase 4 ü 🚀", "Vor Phase 4 ü 🚀")]
    [InlineData("a\u001b[2Jb", "a\\u001b[2Jb")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u202eevil\u2066", "\\u202eevil\\u2066")]
    [InlineData("\u009b2J", "\\u009b2J")]
    public void Foreign_texts_cannot_steer_the_terminal(string foreign, string shown) => Assert.Equal(shown, HumanText.Printable(foreign));
}
