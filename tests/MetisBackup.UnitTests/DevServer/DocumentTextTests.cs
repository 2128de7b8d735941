using System.Text;
using CsCheck;
using MetisBackup.DevServer.Engine;
using static MetisBackup.UnitTests.DevServer.EngineFixture;

namespace MetisBackup.UnitTests.DevServer;

public sealed class DocumentTextTests
{
    [Theory]
    [InlineData("""{ "a" : [ 1 , 2 ] , "b" : { } }""", """{"a":[1,2],"b":{}}""")]
    [InlineData("""{"_key":"k","_id":"c/k","_rev":"x","a":null}""", """{"a":null}""")]
    [InlineData("""{"text":"gr\u00f6\u00dfe \ud83d\ude00 \/ \u0001\u001f\n\"\\"}""", """{"text":"größe 😀 / \u0001\u001F\n\"\\"}""")]
    [InlineData("""{"b":1,"a":2,"_c":3}""", """{"b":1,"a":2,"_c":3}""")]
    [InlineData("""{"\u005fkey":"k"}""", "{}")]
    [InlineData("{}", "{}")]
    public void Bodies_are_written_as_the_server_prints_them(string source, string expected) =>
        Assert.Equal(expected, Body(source));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("-17", "-17")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("18446744073709551616", "18446744073709552000")]
    [InlineData("1152921504606846976.0", "1152921504606846976.0")]
    [InlineData("9007199254740992.0", "9007199254740992.0")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("0.1", "0.1")]
    [InlineData("1.50", "1.5")]
    [InlineData("-2.25e-3", "-0.00225")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("1.5e300", "1.5e+300")]
    [InlineData("123456.789", "123456.789")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("8.760000014262914e-07", "8.760000014262914e-7")]
    [InlineData("1e8", "1e+8")]
    [InlineData("1e7", "10000000")]
    [InlineData("-0.0", "-0")]
    public void Numbers_are_written_as_the_server_prints_them(string source, string expected) =>
        Assert.Equal($$"""{"n":{{expected}}}""", Body($$"""{"n":{{source}}}"""));

    [Fact]
    public void A_canonical_number_reads_back_as_the_same_number() => Gen.Double.Where(double.IsFinite).Sample(value =>
    {
        Span<byte> text = stackalloc byte[64];
        var length = CanonicalNumber.Write(value, text);
        return double.Parse(text[..length], System.Globalization.CultureInfo.InvariantCulture).Equals(value);
    });

    [Theory]
    [InlineData("""{"a":1,"a":2}""", 600)]
    [InlineData("""{"a":{"b":1,"c":2,"b":3}}""", 600)]
    [InlineData("""{"a1":1,"a2":1,"a3":1,"a4":1,"a5":1,"a6":1,"a7":1,"a8":1,"a9":1,"b0":1,"b1":1,"b2":1,"b3":1,"a4":1}""", 600)]
    [InlineData("""{"a":1""", 600)]
    [InlineData("""{"a":1} x""", 600)]
    [InlineData("""{"a":"\ud800"}""", 600)]
    [InlineData("""{"a":1e999}""", 600)]
    [InlineData("[1]", 1227)]
    public void Bad_documents_are_refused(string source, int errorNumber) =>
        Assert.Equal(errorNumber, Assert.Throws<ArangoException>(() => Body(source)).ErrorNumber);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Assert.Throws<ArangoException>(() => DocumentText.Parse([.. "{\"a\":\""u8, 0xff, .. "\"}"u8], isEdge: false));

    [Fact]
    public void Edges_have_their_ends_in_front()
    {
        var edge = DocumentText.Parse("""{"a":1,"_to":"v/2","_key":"e","_from":"v/1"}"""u8, isEdge: true);

        Assert.Equal("""{"_from":"v/1","_to":"v/2","a":1}""", Encoding.UTF8.GetString(edge.Body.Span));
        Assert.Equal(("e", "v/1", "v/2"), (edge.Key, edge.From, edge.To));
    }

    [Fact]
    public void A_served_document_begins_with_its_system_attributes()
    {
        Assert.Equal(
            """{"_key":"k","_id":"c/k","_rev":"_hKHP7Fq---","a":1}""",
            Encoding.UTF8.GetString(DocumentText.ToBytes("c", Document("k", 1_786_843_968_436_174_848, """{"a":1}"""))));
        Assert.Equal(
            """{"_key":"k","_id":"q\"uo\\te/k","_rev":"_hKHP7Fq---"}""",
            Encoding.UTF8.GetString(DocumentText.ToBytes("q\"uo\\te", Document("k", 1_786_843_968_436_174_848))));
    }

    private static string Body(string source) => Encoding.UTF8.GetString(DocumentText.Parse(Encoding.UTF8.GetBytes(source), isEdge: false).Body.Span);
}
