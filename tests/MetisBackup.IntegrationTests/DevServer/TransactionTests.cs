namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>Stream transactions (arangodb-protocol 11.2).</summary>
public sealed class TransactionTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task Writes_are_seen_inside_at_once_and_outside_after_the_commit()
    {
        var collection = await _client.NewCollectionAsync();
        var id = await BeginAsync(collection);
        var inside = ("x-arango-trx-id", id);

        Assert.Equal(202, (await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"a"}""", inside)).Status);
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/document/{collection}/a", null, inside)).Status);
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/document/{collection}/a")).Status);
        Assert.Equal("running", (await _client.CallAsync($"GET /_api/transaction/{id}"))["result"].GetProperty("status").GetString());
        Assert.Equal("committed", (await _client.CallAsync($"PUT /_api/transaction/{id}"))["result"].GetProperty("status").GetString());
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/document/{collection}/a")).Status);
    }

    [Fact]
    public async Task An_aborted_transaction_leaves_nothing_and_other_writers_go_on()
    {
        var collection = await _client.NewCollectionAsync();
        var id = await BeginAsync(collection);
        await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"a"}""", ("x-arango-trx-id", id));

        Assert.Equal("aborted", (await _client.CallAsync($"DELETE /_api/transaction/{id}"))["result"].GetProperty("status").GetString());

        Assert.Equal(202, (await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"b"}""")).Status);
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/document/{collection}/a")).Status);
        Assert.Equal(1653, (await _client.CallAsync($"PUT /_api/transaction/{id}")).ErrorNumber);
    }

    [Fact]
    public async Task Collections_must_exist_and_be_declared()
    {
        var (declared, other) = (await _client.NewCollectionAsync(), await _client.NewCollectionAsync());
        var unknown = await _client.CallAsync("POST /_api/transaction/begin", """{"collections":{"write":"none"}}""");
        Assert.Equal((404, 1203), (unknown.Status, unknown.ErrorNumber));
        var id = await BeginAsync(declared);

        var undeclared = await _client.CallAsync($"POST /_api/document/{other}", "{}", ("x-arango-trx-id", id));

        Assert.Equal(1652, undeclared.ErrorNumber);
        Assert.Equal(1655, (await _client.CallAsync("GET /_api/transaction/4711")).ErrorNumber);
        Assert.Equal(1655, (await _client.CallAsync($"GET /_api/document/{other}/a", null, ("x-arango-trx-id", "4711"))).ErrorNumber);
        await _client.CallAsync($"DELETE /_api/transaction/{id}");
    }

    private async Task<string> BeginAsync(string collection)
    {
        var answer = await _client.CallAsync("POST /_api/transaction/begin", $$$"""{"collections":{"write":["{{{collection}}}"]}}""");
        Assert.Equal(201, answer.Status);
        return answer["result"].GetProperty("id").GetString()!;
    }
}
