using System.Text.Json;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/collection</c> (arangodb-protocol 3.1).</summary>
public sealed class CollectionTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private static readonly string[] Properties =
    [
        "cacheEnabled", "code", "computedValues", "error", "globallyUniqueId", "id", "internalValidatorType", "isSmartChild", "isSystem",
        "keyOptions", "name", "objectId", "schema", "status", "statusString", "supportsRBAC", "syncByRevision", "type",
        "usesRevisionsAsDocumentIds", "waitForSync", "writeConcern",
    ];

    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_new_collection_shows_every_property()
    {
        var answer = await _client.CallAsync("POST /_api/collection", """{"name":"fresh","type":3}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(Properties, answer.Body.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, answer["type"].GetInt32());
        Assert.Equal("""{"allowUserKeys":true,"type":"traditional","lastValue":0}""", answer["keyOptions"].GetRawText());
        var again = await _client.CallAsync("GET /_api/collection/fresh/properties");
        Assert.Equal(answer.Text, again.Text);
        Assert.Equal("/_db/_system/_api/collection/fresh/properties", again.Header("Location"));
    }

    [Theory]
    [InlineData("""{"type":2}""", 400, 1208)]
    [InlineData("""{"name":""}""", 400, 1208)]
    [InlineData("""{"name":"a/b"}""", 400, 1208)]
    [InlineData("""{"name":"1a"}""", 400, 1208)]
    [InlineData("""{"name":"_mine"}""", 400, 1208)]
    [InlineData("""{"name":"trailing "}""", 400, 1208)]
    [InlineData("""{"name":"ok","waitForSync":"yes"}""", 400, 10)]
    [InlineData("""{"name":"ok","type":7}""", 400, 10)]
    [InlineData("""{"name":"ok","keyOptions":{"type":"magic"}}""", 400, 1232)]
    [InlineData("""{"name":"ok","keyOptions":{"type":"autoincrement","increment":0}}""", 400, 1232)]
    [InlineData("""{"name":"ok","schema":{"level":"strict"}}""", 400, 1621)]
    [InlineData("""{"name":"ok","computedValues":[{"name":"x"}]}""", 400, 10)]
    [InlineData("""{"name":"_graphs","isSystem":true}""", 409, 1207)]
    [InlineData("{", 400, 600)]
    public async Task Wrong_definitions_are_refused(string body, int status, int errorNumber)
    {
        var answer = await _client.CallAsync("POST /_api/collection", body);

        Assert.Equal((status, errorNumber), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task Properties_change_only_where_they_may()
    {
        var name = await _client.NewCollectionAsync();

        var changed = await _client.CallAsync(
            $"PUT /_api/collection/{name}/properties",
            """{"waitForSync":true,"cacheEnabled":true,"type":3,"schema":{"rule":{"type":"object"}},"name":"other"}""");

        Assert.Equal(200, changed.Status);
        Assert.True(changed["waitForSync"].GetBoolean());
        Assert.True(changed["cacheEnabled"].GetBoolean());
        Assert.Equal((2, name), (changed["type"].GetInt32(), changed["name"].GetString()));
        Assert.Equal("""{"rule":{"type":"object"},"level":"strict","message":"","type":"json"}""", changed["schema"].GetRawText());
        var none = await _client.CallAsync($"PUT /_api/collection/{name}/properties", """{"schema":{}}""");
        Assert.Equal(JsonValueKind.Null, none["schema"].ValueKind);
        Assert.True(none["waitForSync"].GetBoolean());
    }

    [Fact]
    public async Task Counts_figures_checksum_and_revision_follow_the_documents()
    {
        var name = await _client.NewCollectionAsync();
        var empty = await _client.CallAsync($"GET /_api/collection/{name}/checksum?withData=true&withRevisions=true");
        Assert.Equal("0", empty["checksum"].GetString());
        var saved = await _client.CallAsync($"POST /_api/document/{name}", """[{"_key":"a"},{"_key":"b"}]""");

        Assert.Equal(2, (await _client.CallAsync($"GET /_api/collection/{name}/count"))["count"].GetInt32());
        var figures = await _client.CallAsync($"GET /_api/collection/{name}/figures?details=true");
        Assert.Equal(2, figures["figures"].GetProperty("engine").GetProperty("documents").GetInt32());
        var revision = await _client.CallAsync($"GET /_api/collection/{name}/revision");
        Assert.Equal(saved.Body[1].GetProperty("_rev").GetString(), revision["revision"].GetString());
        var keys = await _client.CallAsync($"GET /_api/collection/{name}/checksum");
        await _client.CallAsync($"PATCH /_api/document/{name}/a", """{"n":1}""");
        Assert.Equal(keys["checksum"].GetString(), (await _client.CallAsync($"GET /_api/collection/{name}/checksum"))["checksum"].GetString());
        var data = await _client.CallAsync($"GET /_api/collection/{name}/checksum?withData=true");
        await _client.CallAsync($"PATCH /_api/document/{name}/a", """{"n":2}""");
        Assert.NotEqual(
            data["checksum"].GetString(), (await _client.CallAsync($"GET /_api/collection/{name}/checksum?withData=true"))["checksum"].GetString());
        Assert.Equal(200, (await _client.CallAsync($"PUT /_api/collection/{name}/truncate")).Status);
        Assert.Equal(0, (await _client.CallAsync($"PUT /_api/collection/{name}/recalculateCount"))["count"].GetInt32());
    }

    [Fact]
    public async Task A_renamed_collection_keeps_id_and_documents()
    {
        var name = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{name}", """{"_key":"a"}""");
        var id = (await _client.CallAsync($"GET /_api/collection/{name}"))["id"].GetString();

        var renamed = await _client.CallAsync($"PUT /_api/collection/{name}/rename", $$"""{"name":"{{name}}x"}""");

        Assert.Equal((200, id), (renamed.Status, renamed["id"].GetString()));
        Assert.Equal($"{name}x/a", (await _client.CallAsync($"GET /_api/document/{id}/a"))["_id"].GetString());
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/collection/{name}")).Status);
        Assert.Equal(400, (await _client.CallAsync($"PUT /_api/collection/{name}x/rename", """{"name":"_other"}""")).Status);
        var system = await _client.CallAsync("PUT /_api/collection/_graphs/rename", """{"name":"other"}""");
        Assert.Equal((403, 11), (system.Status, system.ErrorNumber));
    }

    [Fact]
    public async Task System_collections_are_dropped_only_on_demand()
    {
        await _client.CallAsync("POST /_api/collection", """{"name":"_mine","isSystem":true}""");

        var refused = await _client.CallAsync("DELETE /_api/collection/_mine");
        Assert.Equal((403, 11), (refused.Status, refused.ErrorNumber));
        Assert.Equal(200, (await _client.CallAsync("DELETE /_api/collection/_mine?isSystem=true")).Status);
        var gone = await _client.CallAsync("DELETE /_api/collection/_mine?isSystem=true");
        Assert.Equal((404, 1203), (gone.Status, gone.ErrorNumber));
    }

    [Theory]
    [InlineData("GET", "shards", 500, 4)]
    [InlineData("PUT", "responsibleShard", 501, 1471)]
    [InlineData("GET", "nonsense", 404, 404)]
    [InlineData("PUT", "nonsense", 404, 404)]
    [InlineData("GET", "a/b", 400, 400)]
    public async Task What_a_single_server_does_not_know_is_an_error(string method, string resource, int status, int errorNumber)
    {
        var name = await _client.NewCollectionAsync();

        var answer = await _client.CallAsync($"{method} /_api/collection/{name}/{resource}", method == "PUT" ? "{}" : null);

        Assert.Equal((status, errorNumber), (answer.Status, answer.ErrorNumber));
    }
}
