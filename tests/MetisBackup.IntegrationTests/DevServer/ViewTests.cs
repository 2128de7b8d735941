using System.Text.Json;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/view</c> (arangodb-protocol 12.4).</summary>
public sealed class ViewTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_search_view_has_every_property()
    {
        var books = await _client.NewCollectionAsync();

        var made = await _client.CallAsync("POST /_api/view", Definition("full", $$"""{"{{books}}":{"fields":{"title":{"analyzers":["text_en"]} } } }"""));

        Assert.Equal(201, made.Status);
        Assert.Equal(
            """{"type":"tier","segmentsBytesMax":8589934592,"maxSkewThreshold":0.4,"minDeletionRatio":0.5}""",
            made["consolidationPolicy"].GetRawText());
        Assert.Equal(
            $$"""{"{{books}}":{"analyzers":["identity"],"fields":{"title":{"analyzers":["text_en"]} },"includeAllFields":false,"storeValues":"none","trackListPositions":false} }""".Replace("} }", "}}", StringComparison.Ordinal),
            made["links"].GetRawText());
        var again = await _client.CallAsync("GET /_api/view/full/properties");
        Assert.True(JsonElement.DeepEquals(made["links"], again["links"]));
        Assert.Equal(made["id"].GetString(), (await _client.CallAsync($"GET /_api/view/{made["id"].GetString()}"))["id"].GetString());
    }

    [Fact]
    public async Task A_patch_merges_and_a_put_begins_anew()
    {
        var (a, b) = (await _client.NewCollectionAsync(), await _client.NewCollectionAsync());
        await _client.CallAsync("POST /_api/view", Definition("changing", $$"""{"{{a}}":{},"{{b}}":{} }""", "\"cleanupIntervalStep\":7,\"writebufferIdle\":5"));

        var patched = await _client.CallAsync("PATCH /_api/view/changing/properties", $$"""{"commitIntervalMsec":9,"links":{"{{a}}":null} }""");

        Assert.Equal((7, 9, 5), (Number(patched, "cleanupIntervalStep"), Number(patched, "commitIntervalMsec"), Number(patched, "writebufferIdle")));
        Assert.Equal([b], patched["links"].EnumerateObject().Select(l => l.Name));
        var put = await _client.CallAsync("PUT /_api/view/changing/properties", """{"consolidationIntervalMsec":3}""");
        Assert.Equal((2, 1000, 3, 5), (Number(put, "cleanupIntervalStep"), Number(put, "commitIntervalMsec"), Number(put, "consolidationIntervalMsec"), Number(put, "writebufferIdle")));
        Assert.Equal("{}", put["links"].GetRawText());
    }

    [Fact]
    public async Task An_alias_view_gains_and_loses_indexes()
    {
        var books = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/index?collection={books}", """{"type":"inverted","name":"one","fields":["a"]}""");
        await _client.CallAsync($"POST /_api/index?collection={books}", """{"type":"inverted","name":"two","fields":["b"]}""");
        await _client.CallAsync($"POST /_api/index?collection={books}", """{"type":"persistent","name":"three","fields":["c"]}""");

        var made = await _client.CallAsync("POST /_api/view", $$"""{"name":"alias","type":"search-alias","indexes":[{"collection":"{{books}}","index":"one"}]}""");
        Assert.Equal((201, 5), (made.Status, made.Body.EnumerateObject().Count()));
        var added = await _client.CallAsync("PATCH /_api/view/alias/properties", $$"""{"indexes":[{"collection":"{{books}}","index":"two"}]}""");
        Assert.Equal(["one", "two"], Indexes(added));
        var taken = await _client.CallAsync("PATCH /_api/view/alias/properties", $$"""{"indexes":[{"collection":"{{books}}","index":"one","operation":"del"}]}""");
        Assert.Equal(["two"], Indexes(taken));
        var put = await _client.CallAsync("PUT /_api/view/alias/properties", $$"""{"indexes":[{"collection":"{{books}}","index":"one"}]}""");
        Assert.Equal(["one"], Indexes(put));
        Assert.Equal((404, 1203), await StatusAsync("PATCH /_api/view/alias/properties", """{"indexes":[{"collection":"none","index":"one"}]}"""));
        Assert.Equal((404, 1212), await StatusAsync("PATCH /_api/view/alias/properties", $$"""{"indexes":[{"collection":"{{books}}","index":"none"}]}"""));
        Assert.Equal((400, 10), await StatusAsync("PATCH /_api/view/alias/properties", $$"""{"indexes":[{"collection":"{{books}}","index":"three"}]}"""));
    }

    [Fact]
    public async Task Views_follow_their_collections()
    {
        var (a, b) = (await _client.NewCollectionAsync(), await _client.NewCollectionAsync());
        await _client.CallAsync("POST /_api/view", Definition("following", $$"""{"{{a}}":{},"{{b}}":{} }"""));

        await _client.CallAsync($"PUT /_api/collection/{a}/rename", $$"""{"name":"{{a}}x"}""");
        await _client.CallAsync($"DELETE /_api/collection/{b}");

        var links = (await _client.CallAsync("GET /_api/view/following/properties"))["links"];
        Assert.Equal([a + "x"], links.EnumerateObject().Select(l => l.Name));
    }

    [Fact]
    public async Task Views_are_renamed_listed_and_dropped()
    {
        await _client.CallAsync("POST /_api/view", """{"name":"old","type":"arangosearch"}""");
        await _client.CallAsync("POST /_api/view", """{"name":"taken","type":"arangosearch"}""");

        Assert.Equal("new", (await _client.CallAsync("PUT /_api/view/old/rename", """{"name":"new"}"""))["name"].GetString());
        Assert.Equal((409, 1207), await StatusAsync("PUT /_api/view/new/rename", """{"name":"taken"}"""));
        Assert.Contains("new", (await _client.CallAsync("GET /_api/view"))["result"].EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal("""{"error":false,"code":200,"result":true}""", (await _client.CallAsync("DELETE /_api/view/new")).Text);
        Assert.Equal((404, 1203), await StatusAsync("GET /_api/view/new"));
        Assert.Equal((404, 1203), await StatusAsync("DELETE /_api/view/new"));
    }

    [Theory]
    [InlineData("""{"type":"arangosearch"}""", 400, 10)]
    [InlineData("""{"name":"x"}""", 400, 10)]
    [InlineData("""{"name":"x","type":"other"}""", 400, 10)]
    [InlineData("""{"name":"a/b","type":"arangosearch"}""", 400, 1208)]
    [InlineData("""{"name":"_users","type":"arangosearch"}""", 400, 1208)]
    [InlineData("""{"name":"x","type":"arangosearch","cleanupIntervalStep":"often"}""", 400, 10)]
    [InlineData("""{"name":"x","type":"arangosearch","links":{"nowhere":{}}}""", 404, 1203)]
    public async Task Wrong_definitions_are_refused(string body, int status, int errorNumber) =>
        Assert.Equal((status, errorNumber), await StatusAsync("POST /_api/view", body));

    private static string Definition(string name, string links, string more = "\"commitIntervalMsec\":1000") =>
        $$"""{"name":"{{name}}","type":"arangosearch","links":{{links}},{{more}}}""";

    private static int Number(ServerAnswer answer, string attribute) => answer[attribute].GetInt32();

    private static IEnumerable<string?> Indexes(ServerAnswer answer) => answer["indexes"].EnumerateArray().Select(i => i.GetProperty("index").GetString());

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call, string? body = null)
    {
        var answer = await _client.CallAsync(call, body);
        return (answer.Status, answer.ErrorNumber);
    }
}
