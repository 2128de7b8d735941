namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/index</c>.</summary>
public sealed class IndexTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Theory]
    [InlineData(
        """{"type":"persistent","fields":["a"]}""",
        """{"cacheEnabled":false,"deduplicate":true,"estimates":true,"fields":["a"],"id":"ID","isNewlyCreated":true,"name":"NAME","selectivityEstimate":1,"sparse":false,"type":"persistent","unique":false}""")]
    [InlineData(
        """{"type":"geo","fields":["a","b"]}""",
        """{"bestIndexedLevel":17,"fields":["a","b"],"geoJson":false,"id":"ID","isNewlyCreated":true,"legacyPolygons":false,"maxNumCoverCells":8,"name":"NAME","sparse":true,"type":"geo","unique":false,"worstIndexedLevel":4}""")]
    [InlineData(
        """{"type":"fulltext","fields":["a"]}""",
        """{"fields":["a"],"id":"ID","isNewlyCreated":true,"minLength":2,"name":"NAME","sparse":true,"type":"fulltext","unique":false}""")]
    [InlineData(
        """{"type":"ttl","fields":["a"],"expireAfter":60}""",
        """{"estimates":false,"expireAfter":60,"fields":["a"],"id":"ID","isNewlyCreated":true,"name":"NAME","sparse":true,"type":"ttl","unique":false}""")]
    [InlineData(
        """{"type":"mdi","fields":["a","b"],"fieldValueTypes":"double"}""",
        """{"estimates":false,"fieldValueTypes":"double","fields":["a","b"],"id":"ID","isNewlyCreated":true,"name":"NAME","sparse":false,"type":"mdi","unique":false}""")]
    public async Task Defaults_are_filled_in(string definition, string expected)
    {
        var collection = await _client.NewCollectionAsync();

        var made = await _client.CallAsync($"POST /_api/index?collection={collection}", definition);

        var text = $"{expected[..^1]},\"code\":201,\"error\":false}}"
            .Replace("ID", made["id"].GetString(), StringComparison.Ordinal)
            .Replace("NAME", made["name"].GetString(), StringComparison.Ordinal);
        Assert.Equal((201, text), (made.Status, made.Text));
        Assert.StartsWith($"{collection}/", made["id"].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("idx_", made["name"].GetString(), StringComparison.Ordinal);
        var again = await _client.CallAsync($"POST /_api/index?collection={collection}", definition);
        Assert.Equal((200, false, made["id"].GetString()), (again.Status, again["isNewlyCreated"].GetBoolean(), again["id"].GetString()));
    }

    [Theory]
    [InlineData("""{"type":"nonsense","fields":["a"]}""", 10)]
    [InlineData("""{"fields":["a"]}""", 10)]
    [InlineData("""{"type":"persistent"}""", 10)]
    [InlineData("""{"type":"persistent","fields":[]}""", 10)]
    [InlineData("""{"type":"persistent","fields":["a","a"]}""", 10)]
    [InlineData("""{"type":"persistent","fields":["_id"]}""", 10)]
    [InlineData("""{"type":"ttl","fields":["a"]}""", 10)]
    [InlineData("""{"type":"geo","fields":["a","b","c"]}""", 10)]
    [InlineData("""{"type":"mdi","fields":["a"]}""", 10)]
    [InlineData("""{"type":"primary","fields":["_key"]}""", 10)]
    [InlineData("""{"type":"persistent","fields":["a"],"name":"1st"}""", 1208)]
    public async Task Wrong_definitions_are_refused(string definition, int errorNumber)
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/index?collection={collection}", definition);

        Assert.Equal((400, errorNumber), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task A_unique_index_binds_old_and_new_documents()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """[{"_key":"a","m":1},{"_key":"b","m":1}]""");
        const string Definition = """{"type":"persistent","fields":["m"],"unique":true,"name":"mails"}""";

        var refused = await _client.CallAsync($"POST /_api/index?collection={collection}", Definition);
        Assert.Equal((409, 1210), (refused.Status, refused.ErrorNumber));
        await _client.CallAsync($"DELETE /_api/document/{collection}/b");
        Assert.Equal(201, (await _client.CallAsync($"POST /_api/index?collection={collection}", Definition)).Status);

        var duplicate = await _client.CallAsync($"POST /_api/document/{collection}", """{"m":1}""");
        Assert.Equal((409, 1210), (duplicate.Status, duplicate.ErrorNumber));
        Assert.Contains("mails", duplicate["errorMessage"].GetString(), StringComparison.Ordinal);
        Assert.Equal(202, (await _client.CallAsync($"POST /_api/document/{collection}", """{"m":2}""")).Status);
        Assert.Equal(200, (await _client.CallAsync($"DELETE /_api/index/{collection}/mails")).Status);
        Assert.Equal(202, (await _client.CallAsync($"POST /_api/document/{collection}", """{"m":1}""")).Status);
    }

    [Fact]
    public async Task Indexes_are_listed_shown_and_dropped()
    {
        var edges = await _client.NewCollectionAsync("\"type\":3");
        var made = await _client.CallAsync($"POST /_api/index?collection={edges}", """{"type":"hash","fields":["a"],"name":"ha"}""");

        var listed = await _client.CallAsync($"GET /_api/index?collection={edges}");
        Assert.Equal(["primary", "edge", "hash"], listed["indexes"].EnumerateArray().Select(i => i.GetProperty("type").GetString()));
        Assert.Equal([$"{edges}/0", $"{edges}/2", made["id"].GetString()], listed["identifiers"].EnumerateObject().Select(p => p.Name));
        Assert.Equal("ha", (await _client.CallAsync($"GET /_api/index/{edges}/ha"))["name"].GetString());
        Assert.Equal("ha", (await _client.CallAsync($"GET /_api/index/{made["id"].GetString()}"))["name"].GetString());
        var primary = await _client.CallAsync($"DELETE /_api/index/{edges}/0");
        Assert.Equal((403, 11), (primary.Status, primary.ErrorNumber));
        var dropped = await _client.CallAsync($"DELETE /_api/index/{made["id"].GetString()}");
        Assert.Equal($$"""{"id":"{{made["id"].GetString()}}","error":false,"code":200}""", dropped.Text);
        var gone = await _client.CallAsync($"GET /_api/index/{edges}/ha");
        Assert.Equal((404, 1212), (gone.Status, gone.ErrorNumber));
        Assert.Equal(1203, (await _client.CallAsync("GET /_api/index?collection=none")).ErrorNumber);
    }

    [Fact]
    public async Task Names_are_unique_and_ttl_indexes_single()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/index?collection={collection}", """{"type":"persistent","fields":["a"],"name":"n"}""");
        await _client.CallAsync($"POST /_api/index?collection={collection}", """{"type":"ttl","fields":["a"],"expireAfter":1}""");

        Assert.Equal(
            1005, (await _client.CallAsync($"POST /_api/index?collection={collection}", """{"type":"persistent","fields":["b"],"name":"n"}""")).ErrorNumber);
        Assert.Equal(
            10, (await _client.CallAsync($"POST /_api/index?collection={collection}", """{"type":"ttl","fields":["b"],"expireAfter":1}""")).ErrorNumber);
    }
}
