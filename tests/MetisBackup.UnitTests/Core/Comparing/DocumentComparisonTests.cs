using System.Text;
using MetisBackup.Core.Comparing;

namespace MetisBackup.UnitTests.Core.Comparing;

public sealed class DocumentComparisonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a Changed 1 2")]
    [InlineData("""{"a":1}""", """{}""", "a Removed 1 ")]
    [InlineData("""{}""", """{"a":null}""", "a Added  null")]
    [InlineData("""{"a":{"b":1,"c":[1]}}""", """{"a":{"b":2,"c":[1,2]}}""", "a.b Changed 1 2; a.c Changed [1] [1,2]")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", """a Changed {"b":1} [1]""")]
    [InlineData("""{"a":"\u00e9"}""", """{"a":"é"}""", "")]
    [InlineData("""{"a":1152921504606846976}""", """{"a":1152921504606846977}""", "a Changed 1152921504606846976 1152921504606846977")]
    [InlineData("""{"a":1.0}""", """{"a":1}""", "a Changed 1.0 1")]
    [InlineData("""{"_rev":"x","in":{"_rev":"y"}}""", """{"_rev":"z","in":{"_rev":"w"}}""", """in._rev Changed "y" "w" """)]
    public void Fields_that_differ_are_named_with_both_values(string before, string after, string expected)
    {
        var changes = Compare(before, after);

        Assert.Equal(expected.Trim(), string.Join("; ", changes.Shown.Select(static one => $"{string.Join('.', one.Path)} {one.Kind} {one.Before?.Json} {one.After?.Json}")).Trim());
        Assert.Equal(0, changes.More);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    public void A_long_value_is_cut_between_letters_and_its_size_is_told(string before)
    {
        var change = Assert.Single(Compare("{}", $$"""{"a":"{{before}}{{new string('é', 20_000)}}"}""").Shown);

        Assert.True(change.After!.IsCut);
        Assert.Equal(40_002 + before.Length, change.After.Bytes);
        Assert.DoesNotContain('\ufffd', change.After.Json);
        Assert.InRange(change.After.Json.Length, 400, 600);
    }

    [Fact]
    public void Many_differences_are_counted_and_not_all_kept()
    {
        var changes = Compare("{}", "{" + string.Join(',', Enumerable.Range(0, 1000).Select(static number => $"\"f{number}\":1")) + "}");

        Assert.Equal((DocumentComparison.MostFields, 1000 - DocumentComparison.MostFields), (changes.Shown.Count, changes.More));
    }

    [Fact]
    public void Depth_does_not_matter()
    {
        static string Deep(int value) => string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + value + new string('}', 5000);

        Assert.Equal(32, Assert.Single(Compare(Deep(1), Deep(2)).Shown).Path.Count);
    }

    private static FieldChanges Compare(string before, string after) =>
        DocumentComparison.Compare(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after), static name => name == "_rev");
}
