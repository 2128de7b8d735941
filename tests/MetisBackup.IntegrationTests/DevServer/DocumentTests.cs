using System.Text.Json;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/document</c> to the letter of arangodb-protocol 11.1 and 11.2.</summary>
public sealed class DocumentTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_new_document_is_answered_with_its_identity_and_headers()
    {
        var collection = await _client.NewCollectionAsync();

        var saved = await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"a","n":1}""");

        Assert.Equal(202, saved.Status);
        var revision = saved["_rev"].GetString();
        Assert.Equal($$"""{"_id":"{{collection}}/a","_key":"a","_rev":"{{revision}}"}""", saved.Text);
        Assert.Equal($"\"{revision}\"", saved.Header("ETag"));
        Assert.Equal($"/_db/_system/_api/document/{collection}/a", saved.Header("Location"));
        Assert.Equal(201, (await _client.CallAsync($"POST /_api/document/{collection}?waitForSync=true", "{}")).Status);
    }

    [Theory]
    [InlineData("""{"_key":"has space"}""", 1221)]
    [InlineData("""{"_key":12}""", 1221)]
    [InlineData("""{"_key":""}""", 1221)]
    [InlineData("""{"a":1""", 600)]
    [InlineData("""{"a":1,"a":2}""", 600)]
    [InlineData("12", 1227)]
    public async Task A_malformed_document_is_refused(string body, int errorNumber)
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/document/{collection}", body);

        Assert.Equal((400, errorNumber), (answer.Status, answer.ErrorNumber));
        Assert.Equal(0, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Fact]
    public async Task Edges_need_both_ends()
    {
        var edges = await _client.NewCollectionAsync("\"type\":3");

        var half = await _client.CallAsync($"POST /_api/document/{edges}", """{"_from":"v/1"}""");
        Assert.Equal((400, 1233), (half.Status, half.ErrorNumber));
        var saved = await _client.CallAsync($"POST /_api/document/{edges}", """{"_key":"e","_from":"v/1","_to":"v/2","w":1}""");
        Assert.Equal(202, saved.Status);
        await _client.CallAsync($"PATCH /_api/document/{edges}/e", """{"_to":"v/3"}""");

        var edge = await _client.CallAsync($"GET /_api/document/{edges}/e");
        Assert.Equal(("v/1", "v/3", 1), (edge["_from"].GetString(), edge["_to"].GetString(), edge["w"].GetInt32()));
    }

    [Fact]
    public async Task The_overwrite_mode_decides_over_a_taken_key()
    {
        var collection = await _client.NewCollectionAsync();
        var path = $"POST /_api/document/{collection}";
        var first = await _client.CallAsync(path, """{"_key":"k","a":{"x":1}}""");

        var conflict = await _client.CallAsync(path, """{"_key":"k"}""");
        Assert.Equal((409, 1210), (conflict.Status, conflict.ErrorNumber));
        var ignored = await _client.CallAsync($"{path}?overwriteMode=ignore", """{"_key":"k","b":1}""");
        Assert.Equal(first["_rev"].GetString(), ignored["_rev"].GetString());
        var updated = await _client.CallAsync($"{path}?overwriteMode=update&returnNew=true", """{"_key":"k","a":{"y":2}}""");
        Assert.Equal("""{"x":1,"y":2}""", updated["new"].GetProperty("a").GetRawText());
        Assert.Equal(first["_rev"].GetString(), updated["_oldRev"].GetString());
        var exchanged = await _client.CallAsync($"{path}?overwriteMode=update&mergeObjects=false&returnNew=true", """{"_key":"k","a":{"z":3}}""");
        Assert.Equal("""{"z":3}""", exchanged["new"].GetProperty("a").GetRawText());
        var replaced = await _client.CallAsync($"{path}?overwrite=true&returnOld=true", """{"_key":"k","c":1}""");
        Assert.Equal("""{"z":3}""", replaced["old"].GetProperty("a").GetRawText());
    }

    [Fact]
    public async Task Revisions_guard_reads_and_writes()
    {
        var collection = await _client.NewCollectionAsync();
        var path = $"/_api/document/{collection}/k";
        var old = (await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k"}"""))["_rev"].GetString()!;
        var current = (await _client.CallAsync($"PUT {path}", """{"n":2}"""))["_rev"].GetString()!;

        foreach (var call in (string[])["GET", "PUT", "PATCH", "DELETE"])
        {
            var refused = await _client.CallAsync($"{call} {path}", call is "GET" or "DELETE" ? null : "{\"a\":1}", ("If-Match", $"\"{old}\""));
            Assert.Equal((412, 1200), (refused.Status, refused.ErrorNumber));
            Assert.Equal(current, refused["_rev"].GetString());
            Assert.Equal($"\"{current}\"", refused.Header("ETag"));
        }

        Assert.Equal(412, (await _client.CallAsync($"PUT {path}?ignoreRevs=false", $$"""{"_rev":"{{old}}"}""")).Status);
        Assert.Equal(304, (await _client.CallAsync($"GET {path}", null, ("If-None-Match", $"\"{current}\""))).Status);
        Assert.Equal(200, (await _client.CallAsync($"GET {path}", null, ("If-None-Match", $"\"{old}\""))).Status);
        Assert.Equal(202, (await _client.CallAsync($"DELETE {path}", null, ("If-Match", $"\"{current}\""))).Status);
    }

    [Fact]
    public async Task A_patch_keeps_or_removes_nulls()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k","a":1,"b":{"c":1,"d":2}}""");

        var kept = await _client.CallAsync($"PATCH /_api/document/{collection}/k?returnNew=true", """{"a":null}""");
        Assert.Equal(JsonValueKind.Null, kept["new"].GetProperty("a").ValueKind);
        var removed = await _client.CallAsync($"PATCH /_api/document/{collection}/k?returnNew=true&keepNull=false", """{"a":null,"b":{"c":null}}""");
        Assert.False(removed["new"].TryGetProperty("a", out _));
        Assert.Equal("""{"d":2}""", removed["new"].GetProperty("b").GetRawText());
    }

    [Fact]
    public async Task A_batch_goes_on_after_a_failing_item_and_counts_errors()
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/document/{collection}", """[{"_key":"a"},{"_key":"a"},{"_key":" "},{"_key":"b"}]""");

        Assert.Equal(202, answer.Status);
        Assert.Equal([0, 1210, 1221, 0], answer.Body.EnumerateArray().Select(ErrorOf));
        Assert.Equal("""{"1210":1,"1221":1}""", answer.Header("x-arango-error-codes"));
        var silent = await _client.CallAsync($"POST /_api/document/{collection}?silent=true", """[{"_key":"a"},{"_key":"c"}]""");
        Assert.Equal([1210], silent.Body.EnumerateArray().Select(ErrorOf));
        Assert.Equal("[]", (await _client.CallAsync($"POST /_api/document/{collection}?silent=true", """[{"_key":"d"}]""")).Text);
        Assert.Equal("{}", (await _client.CallAsync($"POST /_api/document/{collection}?silent=true", """{"_key":"e"}""")).Text);
    }

    [Fact]
    public async Task A_broken_batch_leaves_nothing_behind()
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/document/{collection}", """[{"_key":"a"},{"_key":"b"},{"_key":}]""");

        Assert.Equal((400, 600), (answer.Status, answer.ErrorNumber));
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/document/{collection}/a")).Status);
    }

    [Fact]
    public async Task Many_documents_are_read_and_removed_by_key_id_or_object()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """[{"_key":"a"},{"_key":"b"},{"_key":"c"}]""");

        var body = $$"""["a","{{collection}}/b",{"_key":"c","_rev":"_aaaaaaaa"},"z"]""";
        var read = await _client.CallAsync($"PUT /_api/document/{collection}?onlyget=true", body);
        Assert.Equal([0, 0, 0, 1202], read.Body.EnumerateArray().Select(ErrorOf));
        var strict = await _client.CallAsync($"PUT /_api/document/{collection}?onlyget=true&ignoreRevs=false", body);
        Assert.Equal([0, 0, 1200, 1202], strict.Body.EnumerateArray().Select(ErrorOf));
        var removed = await _client.CallAsync($"DELETE /_api/document/{collection}", body);
        Assert.Equal([0, 0, 0, 1202], removed.Body.EnumerateArray().Select(ErrorOf));
        Assert.Equal(0, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Fact]
    public async Task A_version_attribute_keeps_newer_documents()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k","v":5,"text":"new"}""");
        var path = $"/_api/document/{collection}/k?versionAttribute=v&returnNew=true";

        Assert.Equal("new", (await _client.CallAsync($"PUT {path}", """{"v":4,"text":"old"}"""))["new"].GetProperty("text").GetString());
        Assert.Equal("newer", (await _client.CallAsync($"PATCH {path}", """{"v":6,"text":"newer"}"""))["new"].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Computed_values_are_computed_unless_the_write_restores()
    {
        var collection = await _client.NewCollectionAsync(
            """
            "computedValues":[
              {"name":"full","expression":"RETURN CONCAT(@doc.first, ' ', @doc.last)","overwrite":true},
              {"name":"born","expression":"RETURN 1999","overwrite":false,"computeOn":["insert"]}]
            """);
        var path = $"/_api/document/{collection}";

        var saved = await _client.CallAsync($"POST {path}?returnNew=true", """{"_key":"k","first":"Ada","last":"Lovelace","full":"?"}""");
        Assert.Equal(("Ada Lovelace", 1999), (saved["new"].GetProperty("full").GetString(), saved["new"].GetProperty("born").GetInt32()));
        var changed = await _client.CallAsync($"PATCH {path}/k?returnNew=true", """{"last":"King","born":1815}""");
        Assert.Equal(("Ada King", 1815), (changed["new"].GetProperty("full").GetString(), changed["new"].GetProperty("born").GetInt32()));
        var restored = await _client.CallAsync($"POST {path}?isRestore=true&overwriteMode=replace&returnNew=true", """{"_key":"k","first":"A"}""");
        Assert.False(restored["new"].TryGetProperty("full", out _));
        var wrong = await _client.CallAsync(
            "POST /_api/collection", """{"name":"wrong","computedValues":[{"name":"a","expression":"FOR d IN c RETURN d","overwrite":true}]}""");
        Assert.Equal((400, 10), (wrong.Status, wrong.ErrorNumber));
    }

    [Fact]
    public async Task Numbers_and_texts_come_back_as_they_went()
    {
        var collection = await _client.NewCollectionAsync();
        const string Body = """{"_key":"k","big":18446744073709551615,"small":1e-7,"precise":0.1,"text":"ü\"\\\n☕","deep":[[[{}]]]}""";
        await _client.CallAsync($"POST /_api/document/{collection}", Body);

        var read = await _client.CallAsync($"GET /_api/document/{collection}/k");

        Assert.Equal(18446744073709551615UL, read["big"].GetUInt64());
        Assert.Equal(1e-7, read["small"].GetDouble());
        Assert.Equal("ü\"\\\n☕", read["text"].GetString());
        Assert.Equal("[[[{}]]]", read["deep"].GetRawText());
    }

    internal static int ErrorOf(JsonElement item) => item.TryGetProperty("errorNum", out var number) ? number.GetInt32() : 0;
}
