namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>Requests that run apart from their connection (arangodb-protocol 1.1).</summary>
public sealed class JobTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private static readonly (string, string) Store = ("x-arango-async", "store");

    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task The_answer_waits_to_be_fetched_once()
    {
        var id = await StartAsync("POST /_api/cursor", """{"query":"RETURN 23"}""");
        await DoneAsync(id);
        Assert.Contains(id, (await _client.CallAsync("GET /_api/job/done")).Text, StringComparison.Ordinal);

        var answer = await _client.CallAsync($"PUT /_api/job/{id}");

        Assert.Equal((201, id), (answer.Status, answer.Header("x-arango-async-id")));
        Assert.Equal(23, answer["result"][0].GetInt32());
        Assert.Equal(404, (await _client.CallAsync($"PUT /_api/job/{id}")).Status);
    }

    [Fact]
    public async Task A_failure_is_an_answer_too()
    {
        var id = await StartAsync("POST /_api/cursor", """{"query":"FOR x IN nowhere RETURN x"}""");
        await DoneAsync(id);

        var answer = await _client.CallAsync($"PUT /_api/job/{id}");

        Assert.Equal((404, 1203), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task A_running_job_is_pending_until_it_is_cancelled()
    {
        var id = await StartAsync("POST /_api/cursor", """{"query":"RETURN SLEEP(60)"}""");
        Assert.Equal(204, (await _client.CallAsync($"GET /_api/job/{id}")).Status);
        Assert.Equal(204, (await _client.CallAsync($"PUT /_api/job/{id}")).Status);
        Assert.Contains(id, (await _client.CallAsync("GET /_api/job/pending")).Text, StringComparison.Ordinal);

        Assert.True((await _client.CallAsync($"PUT /_api/job/{id}/cancel"))["result"].GetBoolean());
        await DoneAsync(id);

        var answer = await _client.CallAsync($"PUT /_api/job/{id}");
        Assert.Equal((410, 21), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task Answers_are_thrown_away_by_id_by_age_and_all_at_once()
    {
        var first = await StartAsync("GET /_api/version");
        await DoneAsync(first);
        Assert.Equal(200, (await _client.CallAsync($"DELETE /_api/job/{first}")).Status);
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/job/{first}")).Status);

        var second = await StartAsync("GET /_api/version");
        await DoneAsync(second);
        Assert.Equal(200, (await _client.CallAsync("DELETE /_api/job/expired?stamp=1000")).Status);
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/job/{second}")).Status);
        Assert.Equal(200, (await _client.CallAsync("DELETE /_api/job/expired?stamp=99999999999")).Status);
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/job/{second}")).Status);
        Assert.Equal(400, (await _client.CallAsync("DELETE /_api/job/expired")).Status);
        Assert.Equal(200, (await _client.CallAsync("DELETE /_api/job/all")).Status);
        Assert.Equal(404, (await _client.CallAsync("DELETE /_api/job/nobody")).Status);
    }

    [Fact]
    public async Task An_answer_nobody_wants_is_not_kept()
    {
        var collection = await _client.NewCollectionAsync();

        var accepted = await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k"}""", ("x-arango-async", "true"));

        Assert.Equal((202, null), (accepted.Status, accepted.Header("x-arango-async-id")));
        while ((await _client.CallAsync($"GET /_api/document/{collection}/k")).Status != 200)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<string> StartAsync(string call, string? body = null)
    {
        var accepted = await _client.CallAsync(call, body, Store);
        Assert.Equal((202, ""), (accepted.Status, accepted.Text));
        return accepted.Header("x-arango-async-id") ?? "";
    }

    private async Task DoneAsync(string id)
    {
        while ((await _client.CallAsync($"GET /_api/job/{id}")).Status == 204)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
