using MetisBackup.App.Configuration;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.Arango;

public sealed class ArangoEndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8529", "http://127.0.0.1:8529")]
    [InlineData("http://db.example", "http://db.example:8529")]
    [InlineData("http://db.example:80", "http://db.example:80")]
    [InlineData("tcp://db.example:1/", "http://db.example:1")]
    [InlineData("ssl://db.example", "https://db.example:8529")]
    [InlineData("HTTPS://[::1]", "https://[::1]:8529")]
    [InlineData("http+ssl://[::1]:7", "https://[::1]:7")]
    [InlineData("unix:///run/arangodb.sock", "unix:///run/arangodb.sock")]
    public void Every_spelling_of_the_field_is_understood(string text, string expected) =>
        Assert.Equal((expected, true), (ArangoEndpoint.Parse(text).Text, WebAddress.IsServer(text)));

    [Theory]
    [InlineData("http://127.0.0.1:8529", "metis1:8529")]
    [InlineData("https://localhost:8529", "metis1:8529")]
    [InlineData("http://[::1]:7", "metis1:7")]
    [InlineData("tcp://Metis1", "metis1:8529")]
    [InlineData("http://DB.example:80", "db.example:80")]
    [InlineData("http://DB.example.", "db.example:8529")]
    [InlineData("http://localhost.", "metis1:8529")]
    [InlineData("http://[fd00::7]", "[fd00::7]:8529")]
    [InlineData("unix:///run/Arangodb.sock", "metis1:/run/Arangodb.sock")]
    public void Among_machines_a_loopback_address_is_that_of_the_machine(string text, string expected) =>
        Assert.Equal(expected, ArangoEndpoint.Parse(text).AddressFrom("Metis1"));

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8529")]
    [InlineData("ftp://db.example")]
    [InlineData("http://")]
    [InlineData("http://root:secret@db.example")]
    [InlineData("http://db.example/path")]
    [InlineData("unix://relative.sock")]
    [InlineData("http://db.example/?a=1")]
    [InlineData("http://db.example/#a")]
    public void Anything_else_is_refused_without_showing_it(string text)
    {
        var error = Assert.Throws<MetisException>(() => ArangoEndpoint.Parse(text));

        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.False(WebAddress.IsServer(text), "the configuration would take it");
        Assert.DoesNotContain("secret", error.Message + error.Hint, StringComparison.Ordinal);
    }
}
