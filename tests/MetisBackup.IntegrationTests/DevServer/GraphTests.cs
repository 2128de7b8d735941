using System.Text.Json;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/gharial</c> (arangodb-protocol 12.2).</summary>
public sealed class GraphTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task A_satellite_graph_keeps_its_kind()
    {
        var name = $"g{Guid.NewGuid():N}";
        var made = await _client.CallAsync("POST /_api/gharial", $$$"""{"name":"{{{name}}}","options":{"replicationFactor":"satellite"}}""");
        Assert.Equal(202, made.Status);

        var graph = (await _client.CallAsync($"GET /_api/gharial/{name}"))["graph"];

        Assert.True(graph.GetProperty("isSatellite").GetBoolean());
        Assert.Equal("satellite", graph.GetProperty("replicationFactor").GetString());
    }

    [Fact]
    public async Task A_graph_makes_its_collections_and_is_a_document()
    {
        var graph = await NewGraphAsync();

        var made = (await _client.CallAsync($"GET /_api/gharial/{graph}"))["graph"];
        Assert.Equal(
            $$"""[{"collection":"{{graph}}_e","from":["{{graph}}_a"],"to":["{{graph}}_a","{{graph}}_b"]}]""",
            made.GetProperty("edgeDefinitions").GetRawText());
        Assert.Equal($$"""["{{graph}}_o"]""", made.GetProperty("orphanCollections").GetRawText());
        Assert.Equal(3, (await _client.CallAsync($"GET /_api/collection/{graph}_e"))["type"].GetInt32());
        Assert.Equal(2, (await _client.CallAsync($"GET /_api/collection/{graph}_o"))["type"].GetInt32());
        Assert.Equal(made.GetProperty("_rev").GetString(), (await _client.CallAsync($"GET /_api/document/_graphs/{graph}"))["_rev"].GetString());
        Assert.Equal((409, 1925), await StatusAsync("POST /_api/gharial", $$"""{"name":"{{graph}}"}"""));
        Assert.Equal((403, 1942), await StatusAsync($"DELETE /_api/collection/{graph}_e"));
    }

    [Theory]
    [InlineData("""{}""", 1922)]
    [InlineData("""{"name":"x","edgeDefinitions":{}}""", 1923)]
    [InlineData("""{"name":"x","edgeDefinitions":[{"collection":"e"}]}""", 1923)]
    [InlineData("""{"name":"x","orphanCollections":"a"}""", 1943)]
    [InlineData("""{"name":"x","edgeDefinitions":[{"collection":"e","from":["a"],"to":["a"]},{"collection":"e","from":["b"],"to":["b"]}]}""", 1920)]
    public async Task Wrong_graphs_are_refused(string body, int errorNumber) => Assert.Equal((400, errorNumber), await StatusAsync("POST /_api/gharial", body));

    [Fact]
    public async Task Edge_definitions_come_and_go()
    {
        var graph = await NewGraphAsync();

        var added = await _client.CallAsync($"POST /_api/gharial/{graph}/edge", $$"""{"collection":"{{graph}}_f","from":["{{graph}}_o"],"to":["{{graph}}_b"]}""");
        Assert.Equal((202, "[]"), (added.Status, added["graph"].GetProperty("orphanCollections").GetRawText()));
        Assert.Equal($$"""["{{graph}}_e","{{graph}}_f"]""", (await _client.CallAsync($"GET /_api/gharial/{graph}/edge"))["collections"].GetRawText());
        Assert.Equal((400, 1920), await StatusAsync($"POST /_api/gharial/{graph}/edge", $$"""{"collection":"{{graph}}_f","from":["{{graph}}_a"],"to":["{{graph}}_b"]}"""));
        var replaced = await _client.CallAsync($"PUT /_api/gharial/{graph}/edge/{graph}_f", $$"""{"collection":"{{graph}}_f","from":["{{graph}}_a"],"to":["{{graph}}_b"]}""");
        Assert.Equal($$"""["{{graph}}_o"]""", replaced["graph"].GetProperty("orphanCollections").GetRawText());
        var removed = await _client.CallAsync($"DELETE /_api/gharial/{graph}/edge/{graph}_e?dropCollections=true");
        Assert.Equal((202, 1), (removed.Status, removed["graph"].GetProperty("edgeDefinitions").GetArrayLength()));
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/collection/{graph}_e")).Status);
        Assert.Equal((404, 1930), await StatusAsync($"DELETE /_api/gharial/{graph}/edge/{graph}_e"));
    }

    [Fact]
    public async Task Vertex_collections_come_and_go()
    {
        var graph = await NewGraphAsync();

        Assert.Equal(202, (await _client.CallAsync($"POST /_api/gharial/{graph}/vertex", $$"""{"collection":"{{graph}}_p"}""")).Status);
        Assert.Equal(
            $$"""["{{graph}}_a","{{graph}}_b","{{graph}}_o","{{graph}}_p"]""",
            (await _client.CallAsync($"GET /_api/gharial/{graph}/vertex"))["collections"].GetRawText());
        Assert.Equal((400, 1938), await StatusAsync($"POST /_api/gharial/{graph}/vertex", $$"""{"collection":"{{graph}}_p"}"""));
        Assert.Equal((400, 1929), await StatusAsync($"POST /_api/gharial/{graph}/vertex", $$"""{"collection":"{{graph}}_a"}"""));
        Assert.Equal((202, 0), await StatusAsync($"DELETE /_api/gharial/{graph}/vertex/{graph}_p?dropCollection=true"));
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/collection/{graph}_p")).Status);
        Assert.Equal((404, 1928), await StatusAsync($"DELETE /_api/gharial/{graph}/vertex/{graph}_p"));
        Assert.Equal((400, 1929), await StatusAsync($"DELETE /_api/gharial/{graph}/vertex/{graph}_a"));
    }

    [Fact]
    public async Task Vertices_and_edges_live_and_die_together()
    {
        var graph = await NewGraphAsync();
        var vertex = $"/_api/gharial/{graph}/vertex/{graph}_a";
        var edge = $"/_api/gharial/{graph}/edge/{graph}_e";

        var x = await _client.CallAsync($"POST {vertex}?returnNew=true", """{"_key":"x","n":1}""");
        Assert.Equal((202, "x", 1), (x.Status, x["vertex"].GetProperty("_key").GetString(), x["new"].GetProperty("n").GetInt32()));
        Assert.Equal(x["vertex"].GetProperty("_rev").GetString(), x.Header("etag"));
        await _client.CallAsync($"POST {vertex}", """{"_key":"y"}""");
        var made = await _client.CallAsync($"POST {edge}", $$"""{"_key":"1","_from":"{{graph}}_a/x","_to":"{{graph}}_a/y"}""");
        Assert.Equal((202, $"{graph}_e/1"), (made.Status, made["edge"].GetProperty("_id").GetString()));
        Assert.Equal((404, 1202), await StatusAsync($"POST {edge}", $$"""{"_from":"{{graph}}_a/x","_to":"{{graph}}_a/none"}"""));
        Assert.Equal((400, 1947), await StatusAsync($"POST {edge}", $$"""{"_from":"{{graph}}_a/x","_to":"other/y"}"""));
        Assert.Equal((400, 1233), await StatusAsync($"POST {edge}", $$"""{"_from":"{{graph}}_a/x"}"""));
        var patched = await _client.CallAsync($"PATCH {edge}/1?returnOld=true", """{"w":2}""");
        Assert.Equal((202, made["edge"].GetProperty("_rev").GetString()), (patched.Status, patched["edge"].GetProperty("_oldRev").GetString()));
        Assert.Equal(2, (await _client.CallAsync($"GET {edge}/1"))["edge"].GetProperty("w").GetInt32());
        Assert.Equal((412, 1200), await StatusAsync($"GET {edge}/1?rev={made["edge"].GetProperty("_rev").GetString()}"));
        Assert.Equal((404, 1926), await StatusAsync($"GET /_api/gharial/{graph}/vertex/none/x"));
        var removed = await _client.CallAsync($"DELETE {vertex}/x?returnOld=true");
        Assert.Equal((202, true, 1), (removed.Status, removed["removed"].GetBoolean(), removed["old"].GetProperty("n").GetInt32()));
        Assert.Equal((404, 1202), await StatusAsync($"GET {edge}/1"));
    }

    [Fact]
    public async Task A_graph_goes_with_or_without_its_collections()
    {
        var (kept, shared) = (await NewGraphAsync(), await NewGraphAsync());
        await _client.CallAsync($"POST /_api/gharial/{kept}/vertex", $$"""{"collection":"{{shared}}_o"}""");

        Assert.Equal("""{"error":false,"code":202,"removed":true}""", (await _client.CallAsync($"DELETE /_api/gharial/{shared}?dropCollections=true")).Text);

        Assert.Equal((404, 1924), await StatusAsync($"GET /_api/gharial/{shared}"));
        Assert.Equal(404, (await _client.CallAsync($"GET /_api/collection/{shared}_a")).Status);
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/collection/{shared}_o")).Status);
        await _client.CallAsync($"DELETE /_api/gharial/{kept}");
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/collection/{kept}_a")).Status);
        Assert.Equal($"graph '{kept}' not found", (await _client.CallAsync($"DELETE /_api/gharial/{kept}"))["errorMessage"].GetString());
    }

    private async Task<string> NewGraphAsync()
    {
        var name = $"g{Guid.NewGuid():N}"[..12];
        var answer = await _client.CallAsync(
            "POST /_api/gharial",
            $$"""
            {"name":"{{name}}","orphanCollections":["{{name}}_o"],
             "edgeDefinitions":[{"collection":"{{name}}_e","from":["{{name}}_a"],"to":["{{name}}_b","{{name}}_a"]}]}
            """);
        Assert.Equal(202, answer.Status);
        Assert.Equal(JsonValueKind.Object, answer["graph"].ValueKind);
        return name;
    }

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call, string? body = null)
    {
        var answer = await _client.CallAsync(call, body);
        return (answer.Status, answer.ErrorNumber);
    }
}
