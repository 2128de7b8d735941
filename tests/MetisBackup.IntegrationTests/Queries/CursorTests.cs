using MetisBackup.IntegrationTests.DevServer;
using MetisBackup.IntegrationTests.Replication;

namespace MetisBackup.IntegrationTests.Queries;

/// <summary><c>/_api/cursor</c> (arangodb-protocol 11.3).</summary>
public sealed class CursorTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Batches_follow_each_other_until_the_cursor_is_gone(string method)
    {
        var first = await _client.QueryAsync("FOR i IN 1..5 RETURN i", more: "\"batchSize\":2,\"count\":true");
        var id = first["id"].GetString();

        Assert.Equal(("[1,2]", true, 5, "2"), (first["result"].GetRawText(), first["hasMore"].GetBoolean(), first["count"].GetInt32(), first["nextBatchId"].GetString()));
        var second = await _client.CallAsync($"{method} /_api/cursor/{id}");
        Assert.Equal((200, "[3,4]"), (second.Status, second["result"].GetRawText()));
        var last = await _client.CallAsync($"{method} /_api/cursor/{id}");
        Assert.Equal(("[5]", false), (last["result"].GetRawText(), last["hasMore"].GetBoolean()));
        Assert.False(last.Body.TryGetProperty("id", out _));
        var gone = await _client.CallAsync($"{method} /_api/cursor/{id}");
        Assert.Equal((404, 1600), (gone.Status, gone.ErrorNumber));
    }

    [Fact]
    public async Task A_lost_batch_can_be_asked_for_again()
    {
        var first = await _client.QueryAsync("FOR i IN 1..3 RETURN i", more: "\"batchSize\":1,\"options\":{\"allowRetry\":true}");
        var id = first["id"].GetString();

        Assert.Equal("[1]", (await _client.CallAsync($"POST /_api/cursor/{id}/1"))["result"].GetRawText());
        Assert.Equal("[2]", (await _client.CallAsync($"POST /_api/cursor/{id}/2"))["result"].GetRawText());
        Assert.Equal("[2]", (await _client.CallAsync($"POST /_api/cursor/{id}/2"))["result"].GetRawText());
        Assert.Equal(404, (await _client.CallAsync($"POST /_api/cursor/{id}/1")).Status);
        var last = await _client.CallAsync($"POST /_api/cursor/{id}/3");
        Assert.Equal(("[3]", false), (last["result"].GetRawText(), last["hasMore"].GetBoolean()));
        Assert.Equal("[3]", (await _client.CallAsync($"POST /_api/cursor/{id}/3"))["result"].GetRawText());
        Assert.Equal(202, (await _client.CallAsync($"DELETE /_api/cursor/{id}")).Status);
        Assert.Equal(404, (await _client.CallAsync($"POST /_api/cursor/{id}/3")).Status);
    }

    [Fact]
    public async Task Without_the_option_a_batch_comes_once()
    {
        var first = await _client.QueryAsync("FOR i IN 1..3 RETURN i", more: "\"batchSize\":1");

        Assert.Equal(404, (await _client.CallAsync($"POST /_api/cursor/{first["id"].GetString()}/1")).Status);
        Assert.Equal("[2]", (await _client.CallAsync($"POST /_api/cursor/{first["id"].GetString()}/2"))["result"].GetRawText());
    }

    [Fact]
    public async Task A_cursor_is_known_only_in_its_database()
    {
        await _client.CallAsync("POST /_api/database", """{"name":"elsewhere"}""");
        var first = await _client.QueryAsync("FOR i IN 1..3 RETURN i", more: "\"batchSize\":1");

        Assert.Equal(404, (await _client.CallAsync($"PUT /_db/elsewhere/_api/cursor/{first["id"].GetString()}")).Status);
        Assert.Equal(404, (await _client.CallAsync($"DELETE /_db/elsewhere/_api/cursor/{first["id"].GetString()}")).Status);
        Assert.Equal(202, (await _client.CallAsync($"DELETE /_api/cursor/{first["id"].GetString()}")).Status);
    }

    [Fact]
    public async Task An_idle_cursor_expires()
    {
        var time = new SteppedTime();
        await using var own = await DevServerFixture.StartAsync(time: time);
        var first = await own.Client.QueryAsync("FOR i IN 1..9 RETURN i", more: "\"batchSize\":1,\"ttl\":10");
        var id = first["id"].GetString();

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(200, (await own.Client.CallAsync($"PUT /_api/cursor/{id}")).Status);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(200, (await own.Client.CallAsync($"PUT /_api/cursor/{id}")).Status);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(404, (await own.Client.CallAsync($"PUT /_api/cursor/{id}")).Status);
    }

    [Fact]
    public async Task A_stream_keeps_the_state_of_its_beginning()
    {
        var name = await _client.NewCollectionAsync();
        await _client.RowsAsync($"FOR i IN 1..10 INSERT {{n: i}} INTO {name}");
        var first = await _client.QueryAsync($"FOR d IN {name} SORT d.n RETURN d.n", more: "\"batchSize\":4,\"options\":{\"stream\":true}");
        await _client.RowsAsync($"FOR d IN {name} REMOVE d IN {name}");

        Assert.Equal("[1,2,3,4]", first["result"].GetRawText());
        Assert.Equal("[5,6,7,8]", (await _client.CallAsync($"POST /_api/cursor/{first["id"].GetString()}"))["result"].GetRawText());
        var last = await _client.CallAsync($"POST /_api/cursor/{first["id"].GetString()}");
        Assert.Equal("[9,10]", last["result"].GetRawText());
        Assert.Equal(10, last["extra"].GetProperty("stats").GetProperty("scannedFull").GetInt32());
        Assert.Equal("[0]", await _client.RowsAsync($"RETURN LENGTH({name})"));
    }

    [Fact]
    public async Task A_stream_is_not_counted()
    {
        var answer = await _client.QueryAsync("FOR i IN 1..3 RETURN i", more: "\"batchSize\":2,\"count\":true,\"options\":{\"stream\":true}");

        Assert.Equal((201, false), (answer.Status, answer.Body.TryGetProperty("count", out _)));
    }

    [Fact]
    public async Task Dropping_a_database_ends_its_queries()
    {
        await _client.CallAsync("POST /_api/database", """{"name":"leaving"}""");
        await _client.CallAsync("POST /_db/leaving/_api/collection", """{"name":"c"}""");
        var running = _client.CallAsync("POST /_db/leaving/_api/cursor", """{"query":"FOR i IN 1..1000 LET y = SLEEP(1) INSERT {i} INTO c"}""");
        while ((await _client.CallAsync("GET /_db/leaving/_api/query/current")).Body.GetArrayLength() == 0 && !running.IsCompleted)
        {
        }

        Assert.Equal(200, (await _client.CallAsync("DELETE /_api/database/leaving")).Status);
        Assert.Equal((410, 1500), ((await running).Status, (await running).ErrorNumber));
    }

    [Fact]
    public async Task Full_count_forgets_the_last_limit()
    {
        var answer = await _client.QueryAsync("FOR i IN 1..1000 FILTER i > 500 LIMIT 10 RETURN i", more: "\"count\":true,\"options\":{\"fullCount\":true}");

        Assert.Equal((10, 500), (answer["count"].GetInt32(), answer["extra"].GetProperty("stats").GetProperty("fullCount").GetInt32()));
    }

    [Fact]
    public async Task More_rows_than_memory_holds_come_back_whole()
    {
        var first = await _client.QueryAsync("FOR i IN 1..20000 RETURN CONCAT(i, REPEAT('x', 1000))", more: "\"batchSize\":15000");
        var second = await _client.CallAsync($"POST /_api/cursor/{first["id"].GetString()}");

        Assert.Equal((15000, 5000), (first["result"].GetArrayLength(), second["result"].GetArrayLength()));
        Assert.StartsWith("15001x", second["result"][0].GetString(), StringComparison.Ordinal);
        Assert.Equal("20000" + new string('x', 1000), second["result"][4999].GetString());
    }

    [Fact]
    public async Task A_query_stops_at_its_memory_limit()
    {
        var answer = await _client.QueryAsync("FOR i IN 1..100000 SORT i RETURN i", more: "\"memoryLimit\":100000");

        Assert.Equal((500, 32), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task A_query_stops_at_its_time_limit()
    {
        var answer = await _client.QueryAsync("RETURN SLEEP(60)", more: "\"options\":{\"maxRuntime\":0.05}");

        Assert.Equal((410, 1500), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task A_running_query_is_listed_and_killed()
    {
        const string query = "RETURN SLEEP(60)";
        var running = _client.QueryAsync(query, more: "\"ttl\":3");
        var id = "";
        while (id.Length == 0 && !running.IsCompleted)
        {
            var current = await _client.CallAsync("GET /_api/query/current");
            id = current.Body.EnumerateArray().Where(q => q.GetProperty("query").GetString() == query).Select(q => q.GetProperty("id").GetString()!).FirstOrDefault("");
        }

        Assert.Equal(200, (await _client.CallAsync($"DELETE /_api/query/{id}")).Status);
        Assert.Equal((410, 1500), ((await running).Status, (await running).ErrorNumber));
        Assert.Equal((404, 1591), await StatusAsync($"DELETE /_api/query/{id}"));
    }

    [Theory]
    [InlineData("""{"query":"RETURN 1","batchSize":0}""", 400, 17)]
    [InlineData("""{"query":"RETURN 1","bindVars":[]}""", 400, 17)]
    [InlineData("""{"query":5}""", 400, 1502)]
    [InlineData("", 400, 1502)]
    [InlineData("{", 400, 600)]
    public async Task Wrong_requests_are_refused(string body, int status, int errorNumber)
    {
        var answer = await _client.CallAsync("POST /_api/cursor", body);

        Assert.Equal((status, errorNumber), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task A_read_only_server_refuses_changes_by_query()
    {
        await using var own = await DevServerFixture.StartAsync();
        var name = await own.Client.NewCollectionAsync();
        await own.Client.CallAsync("PUT /_admin/server/mode", """{"mode":"readonly"}""");

        Assert.Equal((403, 1004), ((await own.Client.QueryAsync($"INSERT {{}} INTO {name}")).Status, (await own.Client.QueryAsync($"INSERT {{}} INTO {name}")).ErrorNumber));
        Assert.Equal("[0]", await own.Client.RowsAsync($"RETURN LENGTH({name})"));
    }

    [Fact]
    public async Task A_query_works_inside_a_stream_transaction()
    {
        var name = await _client.NewCollectionAsync();
        var begun = await _client.CallAsync("POST /_api/transaction/begin", $$$"""{"collections":{"write":"{{{name}}}"}}""");
        var header = ("x-arango-trx-id", begun["result"].GetProperty("id").GetString()!);
        var insert = $$"""{"query":"FOR i IN 1..3 INSERT {n: i} INTO {{name}}"}""";
        var count = $$"""{"query":"FOR d IN {{name}} COLLECT WITH COUNT INTO n RETURN n"}""";

        Assert.Equal(201, (await _client.CallAsync("POST /_api/cursor", insert, header)).Status);
        Assert.Equal("[3]", (await _client.CallAsync("POST /_api/cursor", count, header))["result"].GetRawText());
        Assert.Equal("[0]", (await _client.CallAsync("POST /_api/cursor", count))["result"].GetRawText());
        await _client.CallAsync($"DELETE /_api/transaction/{header.Item2}");
        Assert.Equal("[0]", (await _client.CallAsync("POST /_api/cursor", count))["result"].GetRawText());
    }

    [Fact]
    public async Task A_query_is_parsed_without_running()
    {
        var answer = await _client.CallAsync("POST /_api/query", """{"query":"FOR d IN @@c FILTER d.x == @v RETURN d"}""");

        Assert.Equal((200, "[\"@c\",\"v\"]"), (answer.Status, answer["bindVars"].GetRawText()));
        Assert.Equal("root", answer["ast"][0].GetProperty("type").GetString());
        var wrong = await _client.CallAsync("POST /_api/query", """{"query":"FOR i IN 1..100 FILTER i = 1 LIMIT 2 RETURN i * 3"}""");
        Assert.Equal((400, 1501, "syntax error, unexpected assignment near '= 1 LIMIT 2 RETURN i * 3' at position 1:26"), (wrong.Status, wrong.ErrorNumber, wrong["errorMessage"].GetString()));
    }

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call)
    {
        var answer = await _client.CallAsync(call);
        return (answer.Status, answer.ErrorNumber);
    }
}
