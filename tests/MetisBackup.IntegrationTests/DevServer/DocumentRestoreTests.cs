namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>Writes that keep their revisions (<c>isRestore</c>, arangodb-protocol 11.1).</summary>
public sealed class DocumentRestoreTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task The_revision_is_kept_on_insert_and_on_replace_in_any_order()
    {
        var collection = await _client.NewCollectionAsync();
        var path = $"POST /_api/document/{collection}?isRestore=true&overwriteMode=replace";

        foreach (var revision in (string[])["_hKHP7G----", "_hKHP7F----", "_hKHP7F----"])
        {
            var saved = await _client.CallAsync(path, $$"""{"_key":"k","_rev":"{{revision}}","n":1}""");
            Assert.Equal((202, revision), (saved.Status, saved["_rev"].GetString()));
            Assert.Equal(revision, (await _client.CallAsync($"GET /_api/document/{collection}/k"))["_rev"].GetString());
        }

        Assert.Equal(1, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Fact]
    public async Task Put_and_patch_read_the_flag_too()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k"}""");

        var replaced = await _client.CallAsync($"PUT /_api/document/{collection}/k?isRestore=true", """{"_rev":"_hKHP7F----"}""");
        Assert.Equal("_hKHP7F----", replaced["_rev"].GetString());
        var patched = await _client.CallAsync($"PATCH /_api/document/{collection}/k?isRestore=true", """{"_rev":"_hKHP7F---_","n":1}""");
        Assert.Equal("_hKHP7F---_", patched["_rev"].GetString());
    }

    [Fact]
    public async Task Schema_and_key_rules_do_not_bind_a_restore()
    {
        var collection = await _client.NewCollectionAsync(
            """
            "schema":{"rule":{"required":["name"]},"level":"strict","message":"no name"},"keyOptions":{"type":"autoincrement","allowUserKeys":false},"waitForSync":true
            """);

        var plain = await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"k","name":"n"}""");
        Assert.Equal((400, 1222), (plain.Status, plain.ErrorNumber));
        var nameless = await _client.CallAsync($"POST /_api/document/{collection}", "{}");
        Assert.Equal((400, 1620, "no name"), (nameless.Status, nameless.ErrorNumber, nameless["errorMessage"].GetString()));
        Assert.Equal(201, (await _client.CallAsync($"POST /_api/document/{collection}", """{"name":"n"}""")).Status);

        var restored = await _client.CallAsync($"POST /_api/document/{collection}?isRestore=true", """{"_key":"k","_rev":"_hKHP7F----"}""");
        Assert.Equal(202, restored.Status);
    }

    [Fact]
    public async Task Malformed_revisions_are_taken_for_the_ends_of_the_range()
    {
        var collection = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"POST /_api/document/{collection}?isRestore=true", """[{"_key":"a","_rev":"!!"},{"_key":"b","_rev":""}]""");

        Assert.Equal(["N9999999999", "0"], answer.Body.EnumerateArray().Select(static item => item.GetProperty("_rev").GetString()));
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/document/{collection}/a")).Status);
        Assert.Equal(202, (await _client.CallAsync($"DELETE /_api/document/{collection}", """["a","b"]""")).Status);
        Assert.Equal(0, (await _client.CallAsync($"GET /_api/collection/{collection}/count"))["count"].GetInt32());
    }

    [Fact]
    public async Task The_clock_moves_past_a_stamp_in_the_header()
    {
        var collection = await _client.NewCollectionAsync();
        const string Future = "_zzzzzz----";

        var before = await _client.CallAsync($"POST /_api/document/{collection}?isRestore=true", $$"""{"_key":"a","_rev":"{{Future}}"}""");
        Assert.Equal(Future, before["_rev"].GetString());
        await _client.CallAsync("GET /_api/version", null, ("x-arango-hlc", Future));
        var after = await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"b"}""");

        Assert.StartsWith("_zzzzzz", after["_rev"].GetString(), StringComparison.Ordinal);
        Assert.NotEqual(Future, after["_rev"].GetString());
    }
}
