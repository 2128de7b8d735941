namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/database</c> (arangodb-protocol 2.1).</summary>
public sealed class DatabaseTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_database_is_made_used_and_dropped()
    {
        var made = await _client.CallAsync("POST /_api/database", """{"name":"shop","users":[{"username":"dora","passwd":"d","extra":{"x":1}}]}""");

        Assert.Equal((201, """{"error":false,"code":201,"result":true}"""), (made.Status, made.Text));
        var names = (await _client.CallAsync("GET /_api/database"))["result"].EnumerateArray().Select(name => name.GetString());
        Assert.Superset(new HashSet<string?> { "_system", "shop" }, names.ToHashSet(StringComparer.Ordinal));
        var current = (await _client.CallAsync("GET /_db/shop/_api/database/current"))["result"];
        Assert.Equal(("shop", false), (current.GetProperty("name").GetString(), current.GetProperty("isSystem").GetBoolean()));
        Assert.Equal("rw", (await _client.CallAsync("GET /_api/user/dora/database/shop"))["result"].GetString());
        Assert.Equal((409, 1207), await StatusAsync("POST /_api/database", """{"name":"shop"}"""));
        Assert.Equal((200, 0), await StatusAsync("DELETE /_api/database/shop"));
        Assert.Equal((404, 1228), await StatusAsync("DELETE /_api/database/shop"));
        Assert.Equal((404, 1228), await StatusAsync("GET /_db/shop/_api/database/current"));
    }

    [Fact]
    public async Task A_name_may_be_any_text_without_slash_or_colon()
    {
        const string name = "données 東京";
        Assert.Equal((201, 0), await StatusAsync("POST /_api/database", $$"""{"name":"{{name}}"}"""));

        var current = await _client.CallAsync($"GET /_db/{Uri.EscapeDataString(name)}/_api/database/current");

        Assert.Equal(name, current["result"].GetProperty("name").GetString());
        Assert.Equal((200, 0), await StatusAsync($"DELETE /_api/database/{Uri.EscapeDataString(name)}"));
    }

    [Theory]
    [InlineData("""{"name":"_mine"}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"a/b"}""")]
    [InlineData("""{"name":"a:b"}""")]
    [InlineData("""{"name":"1a"}""")]
    [InlineData("""{"name":"a "}""")]
    [InlineData("""{}""")]
    public async Task Other_names_are_refused(string body) => Assert.Equal((400, 1229), await StatusAsync("POST /_api/database", body));

    [Fact]
    public async Task The_system_database_alone_makes_lists_and_drops_databases_but_not_itself()
    {
        await _client.CallAsync("POST /_api/database", """{"name":"other"}""");

        Assert.Equal((403, 1230), await StatusAsync("POST /_db/other/_api/database", """{"name":"third"}"""));
        Assert.Equal((403, 1230), await StatusAsync("GET /_db/other/_api/database"));
        Assert.Equal((403, 1230), await StatusAsync("DELETE /_db/other/_api/database/other"));
        Assert.Equal(400, (await StatusAsync("DELETE /_api/database/_system")).Status);
    }

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call, string? body = null)
    {
        var answer = await _client.CallAsync(call, body);
        return (answer.Status, answer.ErrorNumber);
    }
}
