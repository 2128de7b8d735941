namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>What the server must not do, and how it says so (arangodb-protocol 1.3, 1.7, 2, 9.1).</summary>
public sealed class RefusalTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Theory]
    [InlineData("POST /_api/database", """{"name":"forbidden"}""")]
    [InlineData("DELETE /_api/database/kept", null)]
    [InlineData("POST /_api/user", """{"user":"new"}""")]
    [InlineData("PATCH /_api/user/root", """{"active":false}""")]
    [InlineData("DELETE /_api/user/kept", null)]
    [InlineData("PUT /_api/user/root/database/_system", """{"grant":"rw"}""")]
    [InlineData("DELETE /_api/user/root/database/kept", null)]
    [InlineData("POST /_api/aqlfunction", """{"name":"a::b","code":"function () { return 1; }"}""")]
    [InlineData("DELETE /_api/aqlfunction/a::b", null)]
    [InlineData("POST /_api/analyzer", """{"name":"a","type":"identity"}""")]
    [InlineData("POST /_api/gharial", """{"name":"g"}""")]
    [InlineData("POST /_api/view", """{"name":"v","type":"arangosearch"}""")]
    [InlineData("POST /_api/collection", """{"name":"c"}""")]
    [InlineData("POST /_api/index?collection=_users", """{"type":"persistent","fields":["a"]}""")]
    [InlineData("POST /_api/document/_jobs", "{}")]
    [InlineData("POST /_api/cursor", """{"query":"INSERT {} INTO _jobs"}""")]
    public async Task A_server_in_read_only_mode_refuses_every_write(string call, string? body)
    {
        await using var own = await DevServerFixture.StartAsync();
        await own.Client.CallAsync("POST /_api/database", """{"name":"kept"}""");
        await own.Client.CallAsync("PUT /_admin/server/mode", """{"mode":"readonly"}""");

        var answer = await own.Client.CallAsync(call, body);

        Assert.Equal((403, 1004), (answer.Status, answer.ErrorNumber));
    }

    [Theory]
    [InlineData("DELETE /_api/user/root", null, 403, 11)]
    [InlineData("PUT /_api/user/root/database/_system", """{"grant":"ro"}""", 403, 11)]
    [InlineData("DELETE /_api/user/root/database/_system", null, 403, 11)]
    [InlineData("PUT /_api/user/root/database/nowhere", """{"grant":"ro"}""", 404, 1228)]
    [InlineData("PUT /_api/user/root/database/_system/nothing", """{"grant":"ro"}""", 404, 1203)]
    [InlineData("POST /_api/database", """{"name":"x","users":"root"}""", 400, 10)]
    [InlineData("DELETE /_api/collection/_graphs?isSystem=true", null, 403, 11)]
    [InlineData("DELETE /_api/collection/_users?isSystem=true", null, 403, 11)]
    [InlineData("DELETE /_api/collection/_analyzers?isSystem=true", null, 403, 11)]
    [InlineData("POST /_api/gharial", """{"name":"a b/c"}""", 400, 1221)]
    [InlineData("POST /_api/index?collection=_users", """{"type":"inverted","fields":["a"],"analyzer":"unheard"}""", 400, 10)]
    [InlineData("POST /_api/dump/start?useVPack=true", "{}", 501, 9)]
    [InlineData("POST /_api/dump/start", """{"projections":{"a":"a"}}""", 400, 10)]
    [InlineData("POST /_api/dump/start", """{"filters":{"type":"simple","conditions":[{"value":1}]}}""", 400, 10)]
    [InlineData("POST /_api/foxx/_local/heal", null, 200, 0)]
    public async Task Calls_against_the_rules_are_refused(string call, string? body, int status, int errorNumber)
    {
        var answer = await _client.CallAsync(call, body);

        Assert.Equal((status, errorNumber), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task Names_must_be_composed()
    {
        var apart = await _client.CallAsync("POST /_api/collection", """{"name":"Cafe\u0301"}""");
        var composed = await _client.CallAsync("POST /_api/collection", """{"name":"Caf\u00e9"}""");
        var inseparable = await _client.CallAsync("POST /_api/collection", """{"name":"q\u0301"}""");

        Assert.Equal((400, 1208), (apart.Status, apart.ErrorNumber));
        Assert.Equal((200, 200), (composed.Status, inseparable.Status));
    }

    [Fact]
    public async Task The_id_of_a_stream_transaction_comes_back()
    {
        var collection = await _client.NewCollectionAsync();
        var begun = await _client.CallAsync("POST /_api/transaction/begin", $$"""{"collections":{"write":["{{collection}}"] } }""");
        var id = begun["result"].GetProperty("id").GetString()!;

        var inserted = await _client.CallAsync($"POST /_api/document/{collection}", "{}", ("x-arango-trx-id", id));
        await _client.CallAsync($"DELETE /_api/transaction/{id}");

        Assert.Equal(id, inserted.Header("x-arango-trx-id"));
    }
}
