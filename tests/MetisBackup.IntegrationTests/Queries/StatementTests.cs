using MetisBackup.DevServer.Hosting;
using MetisBackup.IntegrationTests.DevServer;

namespace MetisBackup.IntegrationTests.Queries;

/// <summary>Statements of the query language over documents.</summary>
public sealed class StatementTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task Documents_are_filtered_sorted_and_cut()
    {
        var c = await FillAsync();

        Assert.Equal("[8,7]", await _client.RowsAsync("FOR d IN @@c FILTER d.n > 3 SORT d.n DESC LIMIT 2, 2 RETURN d.n", c));
        Assert.Equal("""["3","1"]""", await _client.RowsAsync("FOR d IN @@c FILTER d._key IN ['3', '1', 'x'] RETURN d._key", c));
        Assert.Equal("[5]", await _client.RowsAsync("FOR d IN @@c FILTER d._key == '5' && d.n == 5 RETURN d.n", c));
        Assert.Equal("[]", await _client.RowsAsync("FOR d IN @@c FILTER d._key == '5' && d.n == 6 RETURN d.n", c));
        Assert.Equal("[]", await _client.RowsAsync("FOR d IN @@c LIMIT 0 RETURN d", c));
        Assert.Equal("[10]", await _client.RowsAsync("RETURN LENGTH(@@c)", c));
        Assert.Equal("[10]", await _client.RowsAsync("RETURN COLLECTION_COUNT(@@c)", c));
    }

    [Fact]
    public async Task Loops_nest()
    {
        Assert.Equal(
            "[[1,\"a\"],[1,\"b\"],[2,\"a\"],[2,\"b\"]]",
            await _client.RowsAsync("FOR i IN 1..2 FOR s IN ['a', 'b'] LET pair = [i, s] RETURN pair"));
        Assert.Equal("[1,2]", await _client.RowsAsync("FOR i IN [1, 2, 1, 2] RETURN DISTINCT i"));
        Assert.Equal("[[1,[10]],[2,[20]]]", await _client.RowsAsync("FOR i IN 1..2 LET s = (FOR j IN [10] RETURN i * j) RETURN [i, s]"));
    }

    [Fact]
    public async Task Groups_are_collected()
    {
        var c = await FillAsync();

        Assert.Equal("[10]", await _client.RowsAsync("FOR d IN @@c COLLECT WITH COUNT INTO n RETURN n", c));
        Assert.Equal("[0]", await _client.RowsAsync("FOR d IN [] COLLECT WITH COUNT INTO n RETURN n"));
        Assert.Equal("[[false,5],[true,5]]", await _client.RowsAsync("FOR d IN @@c COLLECT even = d.n % 2 == 0 WITH COUNT INTO n RETURN [even, n]", c));
        Assert.Equal(
            "[[1,10,55,5.5,10]]",
            await _client.RowsAsync("FOR d IN @@c COLLECT AGGREGATE a = MIN(d.n), b = MAX(d.n), s = SUM(d.n), m = AVG(d.n), k = COUNT_DISTINCT(d._key) RETURN [a, b, s, m, k]", c));
        Assert.Equal(
            "[[0,[3,6,9]],[1,[1,4,7,10]],[2,[2,5,8]]]",
            await _client.RowsAsync("FOR d IN @@c SORT d.n COLLECT r = d.n % 3 INTO g = d.n RETURN [r, g]", c));
        Assert.Equal(
            "[[0,[{\"x\":1},{\"x\":1}]]]",
            await _client.RowsAsync("FOR d IN 1..2 LET x = 1 COLLECT r = 0 INTO g KEEP x RETURN [r, g]"));
    }

    [Fact]
    public async Task Documents_are_found_by_id_and_key()
    {
        var c = await FillAsync();
        var name = c[7..^2];

        Assert.Equal("[3]", await _client.RowsAsync($"RETURN DOCUMENT('{name}/3').n"));
        Assert.Equal("[[1,2]]", await _client.RowsAsync("RETURN DOCUMENT(@@c, ['1', 'x', '2'])[*].n", c));
        Assert.Equal("[null]", await _client.RowsAsync($"RETURN DOCUMENT('{name}/none')"));
    }

    [Fact]
    public async Task Inserts_updates_and_removes_return_old_and_new()
    {
        var c = await FillAsync(count: 0);

        Assert.Equal("[1,2]", await _client.RowsAsync("FOR i IN 1..2 INSERT {_key: TO_STRING(i), n: i} INTO @@c RETURN NEW.n", c));
        Assert.Equal("[[1,{\"a\":1}]]", await _client.RowsAsync("UPDATE '1' WITH {o: {a: 1}} IN @@c RETURN [OLD.n, NEW.o]", c));
        Assert.Equal("[{\"a\":1,\"b\":2}]", await _client.RowsAsync("UPDATE {_key: '1', o: {b: 2}} IN @@c RETURN NEW.o", c));
        Assert.Equal("[{\"c\":3}]", await _client.RowsAsync("UPDATE '1' WITH {o: {c: 3}} IN @@c OPTIONS {mergeObjects: false} RETURN NEW.o", c));
        Assert.Equal("[[\"n\"]]", await _client.RowsAsync("UPDATE '1' WITH {o: null} IN @@c OPTIONS {keepNull: false} RETURN ATTRIBUTES(NEW, true)", c));
        Assert.Equal("[[1,9]]", await _client.RowsAsync("REPLACE '1' WITH {n: 9} IN @@c RETURN [OLD.n, NEW.n]", c));
        Assert.Equal("[2]", await _client.RowsAsync("FOR d IN @@c FILTER d.n == 2 REMOVE d IN @@c RETURN OLD.n", c));
        Assert.Equal("[9]", await _client.RowsAsync("FOR d IN @@c RETURN d.n", c));
    }

    [Fact]
    public async Task Overwrite_modes_decide_about_taken_keys()
    {
        var c = await FillAsync(count: 1);

        Assert.Equal(1210, (await _client.QueryAsync("INSERT {_key: '1'} INTO @@c", c)).ErrorNumber);
        Assert.Equal("[]", await _client.RowsAsync("INSERT {_key: '1', n: 2} INTO @@c OPTIONS {overwriteMode: 'ignore'} RETURN NEW", c));
        Assert.Equal("[[1,1,5]]", await _client.RowsAsync("INSERT {_key: '1', m: 5} INTO @@c OPTIONS {overwriteMode: 'update'} RETURN [OLD.n, NEW.n, NEW.m]", c));
        Assert.Equal("[[1,null]]", await _client.RowsAsync("INSERT {_key: '1'} INTO @@c OPTIONS {overwriteMode: 'replace'} RETURN [OLD.n, NEW.n]", c));
    }

    [Fact]
    public async Task Upsert_inserts_once_and_updates_then()
    {
        var c = await FillAsync(count: 0);
        const string query = "UPSERT {name: 'x'} INSERT {name: 'x', n: 1} UPDATE {n: OLD.n + 1} IN @@c RETURN [OLD == null, NEW.n]";

        Assert.Equal("[[true,1]]", await _client.RowsAsync(query, c));
        Assert.Equal("[[false,2]]", await _client.RowsAsync(query, c));
        Assert.Equal("[[false,3]]", await _client.RowsAsync(query, c));
    }

    [Fact]
    public async Task A_failed_query_changes_nothing()
    {
        var c = await FillAsync(count: 3);

        var answer = await _client.QueryAsync("FOR k IN ['1', '2', 'none'] REMOVE k IN @@c", c);

        Assert.Equal((404, 1202), (answer.Status, answer.ErrorNumber));
        Assert.Equal("AQL: document not found [node #4: RemoveNode] (while executing)", answer["errorMessage"].GetString());
        Assert.Equal("[3]", await _client.RowsAsync("RETURN LENGTH(@@c)", c));
    }

    [Fact]
    public async Task Ignored_errors_are_counted()
    {
        var c = await FillAsync(count: 2);

        var answer = await _client.QueryAsync("FOR k IN ['1', 'none'] REMOVE k IN @@c OPTIONS {ignoreErrors: true}", c);

        var statistics = answer["extra"].GetProperty("stats");
        Assert.Equal((1, 1), (statistics.GetProperty("writesExecuted").GetInt32(), statistics.GetProperty("writesIgnored").GetInt32()));
    }

    [Fact]
    public async Task Without_sort_the_order_may_be_any()
    {
        var folder = Directory.CreateTempSubdirectory("metis-devserver-").FullName;
        try
        {
            await using var shuffled = await DevServerHost.StartAsync(
                new DevServerOptions { DataDirectory = folder, ShuffleScans = true }, TestContext.Current.CancellationToken);
            using var client = new HttpClient { BaseAddress = shuffled.Endpoint };
            var name = await client.NewCollectionAsync();
            await client.RowsAsync($"FOR i IN 1..3 INSERT {{n: i}} INTO {name}");

            Assert.Equal("[3,2,1]", await client.RowsAsync($"FOR d IN {name} RETURN d.n"));
            Assert.Equal("[1,2,3]", await client.RowsAsync($"FOR d IN {name} SORT d.n RETURN d.n"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_loop_does_not_see_what_it_inserts()
    {
        var c = await FillAsync(count: 4);

        await _client.RowsAsync("FOR d IN @@c INSERT {n: d.n + 100} INTO @@c", c);

        Assert.Equal("[8]", await _client.RowsAsync("RETURN LENGTH(@@c)", c));
    }

    [Theory]
    [InlineData("FOR d IN nowhere RETURN d")]
    [InlineData("INSERT {} INTO nowhere")]
    [InlineData("RETURN LENGTH(nowhere)")]
    public async Task Unknown_collections_are_named(string query)
    {
        var answer = await _client.QueryAsync(query);

        Assert.Equal((404, 1203, "collection or view not found: nowhere"), (answer.Status, answer.ErrorNumber, answer["errorMessage"].GetString()));
    }

    [Fact]
    public async Task Edges_need_both_ends()
    {
        var name = await _client.NewCollectionAsync("\"type\":3");

        Assert.Equal(1233, (await _client.QueryAsync($"INSERT {{_from: 'v/1'}} INTO {name}")).ErrorNumber);
        Assert.Equal("""["v/2"]""", await _client.RowsAsync($"INSERT {{_from: 'v/1', _to: 'v/2'}} INTO {name} RETURN NEW._to"));
    }

    [Fact]
    public async Task A_view_shows_the_documents_of_its_collections()
    {
        var c = await FillAsync(count: 2);
        var name = c[7..^2];
        await _client.CallAsync("POST /_api/view", $$"""{"name":"v_{{name}}","type":"arangosearch","links":{"{{name}}":{"includeAllFields":true} } }""");

        Assert.Equal("[1,2]", await _client.RowsAsync($"FOR d IN v_{name} SORT d.n RETURN d.n"));
        Assert.Equal("[2]", await _client.RowsAsync($"FOR d IN v_{name} SEARCH d.n == 2 RETURN d.n"));
    }

    /// <summary>A collection with documents {_key: "1", n: 1} …; answers the bind parameters that name it.</summary>
    private async Task<string> FillAsync(int count = 10)
    {
        var parameters = $$"""{"@c":"{{await _client.NewCollectionAsync()}}"}""";
        if (count > 0)
        {
            await _client.RowsAsync($"FOR i IN 1..{count} INSERT {{_key: TO_STRING(i), n: i}} INTO @@c", parameters);
        }

        return parameters;
    }
}
