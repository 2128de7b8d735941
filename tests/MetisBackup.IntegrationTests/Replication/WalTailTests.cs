namespace MetisBackup.IntegrationTests.Replication;

/// <summary>The operations behind a tick (arangodb-protocol 13.2).</summary>
public sealed class WalTailTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task Every_operation_is_shown_with_its_kind_and_data()
    {
        var start = await LastTickAsync();
        await _client.CreateCollectionAsync("logged");
        (await _client.SendAsync("POST", "/_api/document/logged", """{"_key":"a","n":1}""")).Expect(202);
        (await _client.SendAsync("PATCH", "/_api/document/logged/a", """{"n":2}""")).Expect(202);
        (await _client.SendAsync("DELETE", "/_api/document/logged/a")).Expect(202);
        (await _client.SendAsync("PUT", "/_api/collection/logged/truncate")).Expect(200);

        var tail = (await _client.SendAsync("GET", $"/_api/wal/tail?from={start}&collection=logged")).Expect(200);

        Assert.Equal([2000, 2300, 2300, 2302, 2004], tail.Lines.Select(static line => line["type"]!.GetValue<int>()));
        Assert.Equal([1, 2], tail.Lines.Skip(1).Take(2).Select(static line => line["data"]!["n"]!.GetValue<int>()));
        Assert.Equal("logged/a", tail.Lines[1]["data"]!["_id"]!.GetValue<string>());
        Assert.Equal("a", tail.Lines[3]["data"]!["_key"]!.GetValue<string>());
        Assert.Equal("true", tail.Headers["x-arango-replication-frompresent"]);
        Assert.Equal("false", tail.Headers["x-arango-replication-checkmore"]);
    }

    [Fact]
    public async Task A_small_chunk_is_followed_by_the_next()
    {
        var start = await LastTickAsync();
        await _client.CreateCollectionAsync("chunked");
        await _client.InsertAsync("chunked", 0, 10);
        var found = new List<string>();
        for (var (from, more) = (start, "true"); more == "true";)
        {
            var part = (await _client.SendAsync("GET", $"/_api/wal/tail?from={from}&chunkSize=1")).Expect(200);
            found.AddRange(part.Lines.Where(static line => line["type"]!.GetValue<int>() == 2300).Select(static line => line["data"]!["_key"]!.GetValue<string>()));
            (from, more) = (part.Headers["x-arango-replication-lastincluded"], part.Headers["x-arango-replication-checkmore"]);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(static number => $"k{number}"), found);
    }

    [Fact]
    public async Task What_was_rolled_back_or_dropped_is_not_shown()
    {
        await _client.CreateCollectionAsync("gone");
        var start = await LastTickAsync();
        Assert.Equal((400, 1221), (await _client.SendAsync("POST", "/_api/document/gone", """{"_key":"not a key"}""")).Error);
        (await _client.SendAsync("GET", $"/_api/wal/tail?from={start}")).Expect(204);
        await _client.InsertAsync("gone", 0, 3);
        (await _client.SendAsync("DELETE", "/_api/collection/gone")).Expect(200);

        var tail = (await _client.SendAsync("GET", $"/_api/wal/tail?from={start}")).Expect(200);

        Assert.Equal([2001], tail.Lines.Select(static line => line["type"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Operations_before_the_start_are_gone()
    {
        await using var server = await DevServerFixture.StartAsync();
        var fresh = await new ReplicationClient(server.Client).SendAsync("GET", "/_api/wal/tail?from=0");
        Assert.Equal("true", fresh.Headers["x-arango-replication-frompresent"]);

        await server.RestartAsync();

        var tail = await new ReplicationClient(server.Client).SendAsync("GET", "/_api/wal/tail?from=0");
        Assert.Equal("false", tail.Headers["x-arango-replication-frompresent"]);
    }

    private async Task<string> LastTickAsync() =>
        (await _client.SendAsync("GET", "/_api/wal/lastTick")).Expect(200).Json["tick"]!.GetValue<string>();
}
