using System.Text;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>Users, their rights and what follows from them (arangodb-protocol 2.3).</summary>
public sealed class UserTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_user_is_made_changed_and_removed()
    {
        var made = await _client.CallAsync("POST /_api/user", """{"user":"alice@shop","passwd":"secret","extra":{"a":1}}""");

        Assert.Equal((201, """{"error":false,"code":201,"user":"alice@shop","active":true,"extra":{"a":1}}"""), (made.Status, made.Text));
        Assert.Equal((409, 1702), await StatusAsync("POST /_api/user", """{"user":"alice@shop"}"""));
        var patched = await _client.CallAsync("PATCH /_api/user/alice@shop", """{"active":false}""");
        Assert.Equal(("""{"a":1}""", false), (patched["extra"].GetRawText(), patched["active"].GetBoolean()));
        var replaced = await _client.CallAsync("PUT /_api/user/alice@shop", """{"passwd":"other"}""");
        Assert.Equal(("{}", true), (replaced["extra"].GetRawText(), replaced["active"].GetBoolean()));
        Assert.Contains("alice@shop", (await _client.CallAsync("GET /_api/user")).Text, StringComparison.Ordinal);
        Assert.Equal((202, 0), await StatusAsync("DELETE /_api/user/alice@shop"));
        Assert.Equal((404, 1703), await StatusAsync("GET /_api/user/alice@shop"));
        Assert.Equal((404, 1703), await StatusAsync("DELETE /_api/user/alice@shop"));
        Assert.Equal((404, 1703), await StatusAsync("PUT /_api/user/alice@shop", "{}"));
    }

    [Theory]
    [InlineData("""{"user":""}""", 1700)]
    [InlineData("""{}""", 1700)]
    [InlineData("[]", 10)]
    public async Task A_user_needs_a_name(string body, int errorNumber) =>
        Assert.Equal((400, errorNumber), await StatusAsync("POST /_api/user", body));

    [Fact]
    public async Task The_document_of_a_user_holds_a_salted_hash()
    {
        await _client.CallAsync("POST /_api/user", """{"user":"hashed","passwd":"geheim"}""");

        var answer = await _client.CallAsync("POST /_api/cursor", """{"query":"FOR u IN _users FILTER u.user == 'hashed' RETURN u.authData"}""");
        var simple = answer["result"][0].GetProperty("simple");
        var salted = Encoding.UTF8.GetBytes(simple.GetProperty("salt").GetString() + "geheim");
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(salted)), simple.GetProperty("hash").GetString());
        Assert.Equal("sha256", simple.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Grants_are_shown_and_taken_back()
    {
        await _client.CallAsync("POST /_api/user", """{"user":"bob"}""");
        var collection = await _client.NewCollectionAsync();

        Assert.Equal("""{"_system":"ro","code":200,"error":false}""", (await _client.CallAsync("PUT /_api/user/bob/database/_system", """{"grant":"ro"}""")).Text);
        Assert.Equal(
            $$"""{"_system/{{collection}}":"rw","code":200,"error":false}""",
            (await _client.CallAsync($"PUT /_api/user/bob/database/_system/{collection}", """{"grant":"rw"}""")).Text);
        Assert.Equal("""{"_system":"ro"}""", (await _client.CallAsync("GET /_api/user/bob/database"))["result"].GetRawText());
        Assert.Equal("rw", (await _client.CallAsync($"GET /_api/user/bob/database/_system/{collection}"))["result"].GetString());
        Assert.Equal("none", (await _client.CallAsync("GET /_api/user/bob/database/_system/_users"))["result"].GetString());
        var full = (await _client.CallAsync("GET /_api/user/bob/database?full=true"))["result"];
        Assert.Equal("rw", full.GetProperty("_system").GetProperty("collections").GetProperty(collection).GetString());
        Assert.Equal("undefined", full.GetProperty("_system").GetProperty("collections").GetProperty("*").GetString());
        Assert.Equal("none", full.GetProperty("*").GetProperty("permission").GetString());
        Assert.Equal((202, 0), await StatusAsync($"DELETE /_api/user/bob/database/_system/{collection}"));
        Assert.Equal("none", (await _client.CallAsync($"GET /_api/user/bob/database/_system/{collection}"))["result"].GetString());
        Assert.Equal((202, 0), await StatusAsync("DELETE /_api/user/bob/database/_system"));
        Assert.Equal("{}", (await _client.CallAsync("GET /_api/user/bob/database"))["result"].GetRawText());
        Assert.Equal((400, 10), await StatusAsync("PUT /_api/user/bob/database/_system", """{"grant":"all"}"""));
        Assert.Equal((400, 10), await StatusAsync("PUT /_api/user/bob/database/_system/_graphs", """{"grant":"rw"}"""));
        Assert.Equal((404, 1703), await StatusAsync("PUT /_api/user/nobody/database/_system", """{"grant":"rw"}"""));
    }

    [Fact]
    public async Task Rights_are_enforced()
    {
        await using var own = await DevServerFixture.StartAsync("root-password");
        var root = Basic("root", "root-password");
        await own.Client.CallAsync("POST /_api/user", """{"user":"carol","passwd":"c"}""", root);
        await own.Client.CallAsync("POST /_api/collection", """{"name":"open"}""", root);
        await own.Client.CallAsync("POST /_api/collection", """{"name":"closed"}""", root);
        await own.Client.CallAsync("PUT /_api/user/carol/database/_system", """{"grant":"ro"}""", root);
        await own.Client.CallAsync("PUT /_api/user/carol/database/_system/open", """{"grant":"ro"}""", root);
        var carol = Basic("carol", "c");

        Assert.Equal(401, (await own.Client.CallAsync("GET /_api/version")).Status);
        Assert.Equal(401, (await own.Client.CallAsync("GET /_api/version", null, Basic("carol", "wrong"))).Status);
        Assert.Equal(201, (await own.Client.CallAsync("POST /_api/cursor", """{"query":"FOR d IN open RETURN d"}""", carol)).Status);
        Assert.Equal(403, (await own.Client.CallAsync("POST /_api/cursor", """{"query":"FOR d IN closed RETURN d"}""", carol)).Status);
        Assert.Equal(403, (await own.Client.CallAsync("POST /_api/cursor", """{"query":"INSERT {} INTO open"}""", carol)).Status);
        Assert.Equal(403, (await own.Client.CallAsync("GET /_api/user", null, carol)).Status);
        Assert.Equal(200, (await own.Client.CallAsync("GET /_api/user/carol", null, carol)).Status);
        Assert.Equal(403, (await own.Client.CallAsync("POST /_api/database", """{"name":"mine"}""", carol)).Status);
        Assert.Equal(403, (await own.Client.CallAsync("POST /_api/view", """{"name":"v","type":"arangosearch"}""", carol)).Status);
        Assert.Equal("[\"_system\"]", (await own.Client.CallAsync("GET /_api/database/user", null, carol))["result"].GetRawText());
    }

    [Fact]
    public async Task A_new_password_counts_at_once()
    {
        await using var own = await DevServerFixture.StartAsync("first");
        var root = Basic("root", "first");

        await own.Client.CallAsync("PATCH /_api/user/root", """{"passwd":"second"}""", root);

        Assert.Equal(401, (await own.Client.CallAsync("GET /_api/version", null, root)).Status);
        Assert.Equal(200, (await own.Client.CallAsync("GET /_api/version", null, Basic("root", "second"))).Status);
    }

    private static (string, string) Basic(string user, string password) =>
        ("authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call, string? body = null)
    {
        var answer = await _client.CallAsync(call, body);
        return (answer.Status, answer.ErrorNumber);
    }
}
