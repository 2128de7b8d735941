using System.Text;
using MetisBackup.App.Operations.Restoring;

namespace MetisBackup.UnitTests.App.Restoring;

public sealed class AnalyzerNamesTests
{
    [Fact]
    public void Analyzers_of_the_old_database_become_those_of_the_new_one()
    {
        var names = new AnalyzerNames("shop", "copy");

        var result = names.Apply("""{"name":"shop::v","links":{"c":{"analyzers":["shop::words","::text_en","identity"],"fields":{"analyzer":"shop::x","n":1.0}}}}"""u8.ToArray());

        Assert.Equal("""{"name":"shop::v","links":{"c":{"analyzers":["copy::words","::text_en","identity"],"fields":{"analyzer":"copy::x","n":1.0}}}}""", Encoding.UTF8.GetString(result.Span));
    }

    [Theory]
    [InlineData("shop", "shop", """{ "analyzer":"shop::x" }""")]
    [InlineData("shop", "copy", """{ "analyzer":"x", "n":1e2 }""")]
    public void A_definition_that_needs_no_change_keeps_its_bytes(string origin, string target, string text)
    {
        var json = Encoding.UTF8.GetBytes(text);

        Assert.True(json.AsSpan().SequenceEqual(new AnalyzerNames(origin, target).Apply(json).Span));
    }
}
