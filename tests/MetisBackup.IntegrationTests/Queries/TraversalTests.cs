using MetisBackup.IntegrationTests.DevServer;

namespace MetisBackup.IntegrationTests.Queries;

/// <summary>Queries that follow the edges of a graph.</summary>
public sealed class TraversalTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;
    private readonly string _suffix = Guid.NewGuid().ToString("N");

    private string Graph => "g" + _suffix;

    private string Person => "person" + _suffix;

    private string Knows => "knows" + _suffix;

    [Fact]
    public async Task Edges_are_followed_forward_backward_and_both_ways()
    {
        await MakeGraphAsync();
        Assert.Equal("""["Bob"]""", await _client.RowsAsync($"FOR v IN OUTBOUND '{Person}/Alice' GRAPH '{Graph}' RETURN v._key"));
        Assert.Equal("""["Bob","Alice","Eve"]""", await _client.RowsAsync($"FOR v IN 1..2 INBOUND '{Person}/Charlie' {Knows} SORT POSITION(['Bob','Alice','Eve'], v._key, true) RETURN DISTINCT v._key"));
        Assert.Equal("""["Alice","Charlie","Dave","Eve"]""", await _client.RowsAsync($"FOR v IN ANY '{Person}/Bob' {Knows} SORT v._key RETURN v._key"));
    }

    [Fact]
    public async Task A_path_has_its_vertices_and_edges()
    {
        await MakeGraphAsync();
        var rows = await _client.RowsAsync(
            $"FOR v, e, p IN 0..2 OUTBOUND '{Person}/Alice' GRAPH {Graph} SORT v._key RETURN [p.vertices[*]._key, LENGTH(p.edges), e == null]");

        Assert.Equal("""[[["Alice"],0,true],[["Alice","Bob"],1,false],[["Alice","Bob","Charlie"],2,false],[["Alice","Bob","Dave"],2,false]]""", rows);
    }

    [Fact]
    public async Task Each_vertex_comes_once_where_it_is_asked_for_and_branches_are_cut()
    {
        await MakeGraphAsync();
        Assert.Equal(
            """["Alice","Charlie","Dave","Eve"]""",
            await _client.RowsAsync($"FOR v IN 1..9 ANY '{Person}/Bob' {Knows} OPTIONS {{order: 'bfs', uniqueVertices: 'global'}} SORT v._key RETURN v._key"));
        Assert.Equal(
            """["Alice","Bob"]""",
            await _client.RowsAsync($"FOR v IN 1..3 OUTBOUND '{Person}/Eve' {Knows} PRUNE v._key == 'Bob' SORT v._key RETURN DISTINCT v._key"));
    }

    [Fact]
    public async Task A_new_edge_is_followed_at_once()
    {
        await MakeGraphAsync();
        var query = $"FOR v IN OUTBOUND '{Person}/Dave' {Knows} RETURN v._key";
        Assert.Equal("[]", await _client.RowsAsync(query));
        await _client.RowsAsync($"INSERT {{_from: '{Person}/Dave', _to: '{Person}/Eve'}} INTO {Knows}");
        Assert.Equal("""["Eve"]""", await _client.RowsAsync(query));
    }

    private async Task MakeGraphAsync()
    {
        await _client.CallAsync(
            "POST /_api/gharial", $$"""{"name":"{{Graph}}","edgeDefinitions":[{"collection":"{{Knows}}","from":["{{Person}}"],"to":["{{Person}}"]}]}""");
        await _client.RowsAsync($"FOR k IN ['Alice','Bob','Charlie','Dave','Eve'] INSERT {{_key: k}} INTO {Person}");
        await _client.RowsAsync(
            $"FOR e IN [['Alice','Bob'],['Bob','Charlie'],['Bob','Dave'],['Eve','Alice'],['Eve','Bob']] "
            + $"INSERT {{_from: CONCAT('{Person}/', e[0]), _to: CONCAT('{Person}/', e[1])}} INTO {Knows}");
    }
}
