namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/import</c> and <c>/_api/edges</c>.</summary>
public sealed class ImportTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Theory]
    [InlineData("&type=documents", "{\"_key\":\"a\"}\n\n  {\"_key\":\"b\"}\r\n", 2, 1, 0)]
    [InlineData("&type=list", "[{\"_key\":\"a\"}, {\"_key\":\"b\"}]", 2, 0, 0)]
    [InlineData("&type=auto", " [{\"_key\":\"a\"}]", 1, 0, 0)]
    [InlineData("&type=auto", "{\"_key\":\"a\"}\n{\"_key\":\"a\"}", 1, 0, 1)]
    [InlineData("&type=documents", "{\"_key\":\"a\"}\n[1]\n{\"_key\":", 1, 0, 2)]
    [InlineData("", "[\"_key\",\"n\"]\n[\"a\",1]\n\n[\"b\",null]\n[\"c\"]", 2, 1, 1)]
    public async Task Every_form_is_understood(string query, string body, int created, int empty, int errors)
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/import?collection={collection}{query}", body);

        Assert.Equal(201, answer.Status);
        Assert.Equal(
            $$"""{"error":false,"created":{{created}},"errors":{{errors}},"empty":{{empty}},"updated":0,"ignored":0}""", answer.Text);
        Assert.Equal(created, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Theory]
    [InlineData("type=list", "{}", "expecting a JSON array in the request")]
    [InlineData("type=x", "{}", "no JSON array found in second line")]
    [InlineData("", "{}\n[1]", "no JSON string array found in first line")]
    public async Task A_body_of_another_form_is_refused(string query, string body, string message)
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/import?collection={collection}&{query}", body);

        Assert.Equal((400, 400, message), (answer.Status, answer.ErrorNumber, answer["errorMessage"].GetString()));
    }

    [Fact]
    public async Task Taken_keys_are_replaced_updated_ignored_or_errors()
    {
        var collection = await _client.NewCollectionAsync();
        var path = $"POST /_api/import?collection={collection}&type=list";
        await _client.CallAsync(path, """[{"_key":"a","x":1}]""");

        var details = await _client.CallAsync($"{path}&details=true", """[{"_key":"b"},{"_key":"a"}]""");
        Assert.Equal(
            """at position 1: creating document failed with error 'unique constraint violated', offending document: {"_key":"a"}""",
            details["details"][0].GetString());
        var updated = await _client.CallAsync($"{path}&onDuplicate=update", """[{"_key":"a","y":2}]""");
        Assert.Equal(1, updated["updated"].GetInt32());
        Assert.Equal(1, (await _client.CallAsync($"GET /_api/document/{collection}/a"))["x"].GetInt32());
        Assert.Equal(1, (await _client.CallAsync($"{path}&onDuplicate=replace", """[{"_key":"a","z":3}]"""))["updated"].GetInt32());
        Assert.False((await _client.CallAsync($"GET /_api/document/{collection}/a")).Body.TryGetProperty("x", out _));
        Assert.Equal(1, (await _client.CallAsync($"{path}&onDuplicate=ignore", """[{"_key":"a"}]"""))["ignored"].GetInt32());
        var complete = await _client.CallAsync($"{path}&complete=true", """[{"_key":"n"},{"_key":"a"}]""");
        Assert.Equal((409, 1210), (complete.Status, complete.ErrorNumber));
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/document/{collection}/n")).Status);
        await _client.CallAsync($"{path}&overwrite=true", """[{"_key":"only"}]""");
        Assert.Equal(1, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Fact]
    public async Task Edges_get_prefixes_and_are_found_at_their_vertices()
    {
        var edges = await _client.NewCollectionAsync("\"type\":3");
        var imported = await _client.CallAsync(
            $"POST /_api/import?collection={edges}&type=list&fromPrefix=v&toPrefix=v/&details=true",
            """[{"_from":"1","_to":2},{"_from":"v/2","_to":"w/3"},{"_from":"1"}]""");
        Assert.Equal((2, 1), (imported["created"].GetInt32(), imported["errors"].GetInt32()));

        Assert.Equal(2, await CountAsync("vertex=v/2"));
        Assert.Equal(1, await CountAsync("vertex=v/2&direction=in"));
        Assert.Equal(1, await CountAsync("vertex=v/2&direction=out"));
        Assert.Equal(0, await CountAsync("vertex=v/9"));
        Assert.Equal(400, (await _client.CallAsync($"GET /_api/edges/{edges}?vertex=v/2&direction=up")).ErrorNumber);
        Assert.Equal(1205, (await _client.CallAsync($"GET /_api/edges/{edges}")).ErrorNumber);
        var documents = await _client.NewCollectionAsync();
        Assert.Equal(1218, (await _client.CallAsync($"GET /_api/edges/{documents}?vertex=v/2")).ErrorNumber);

        async Task<int> CountAsync(string query) =>
            (await _client.CallAsync($"GET /_api/edges/{edges}?{query}"))["edges"].GetArrayLength();
    }
}
