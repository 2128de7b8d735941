namespace MetisBackup.IntegrationTests.Replication;

public sealed class ReplicationBatchTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task A_batch_can_be_extended_until_it_is_deleted()
    {
        var id = await _client.OpenBatchAsync();

        (await _client.SendAsync("PUT", $"/_api/replication/batch/{id}", """{"ttl":600}""")).Expect(204);
        (await _client.SendAsync("DELETE", $"/_api/replication/batch/{id}")).Expect(204);

        Assert.Equal((404, 1600), (await _client.SendAsync("PUT", $"/_api/replication/batch/{id}", """{"ttl":600}""")).Error);
        Assert.Equal((404, 1600), (await _client.SendAsync("DELETE", $"/_api/replication/batch/{id}")).Error);
        Assert.Equal((404, 1600), (await _client.SendAsync("GET", $"/_api/replication/inventory?batchId={id}")).Error);
    }

    [Fact]
    public async Task A_batch_tells_its_tick_and_on_request_its_state()
    {
        var answer = (await _client.SendAsync("POST", "/_api/replication/batch?state=true", "{}")).Expect(200).Json;

        Assert.Equal(answer["lastTick"]!.GetValue<string>(), answer["state"]!["lastLogTick"]!.GetValue<string>());
        Assert.True(answer["state"]!["running"]!.GetValue<bool>());
        Assert.Matches("^[0-9]+$", answer["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_malformed_body_is_refused_and_other_methods_are_unknown()
    {
        Assert.Equal((400, 600), (await _client.SendAsync("POST", "/_api/replication/batch", "{")).Error);
        Assert.Equal((405, 405), (await _client.SendAsync("GET", "/_api/replication/batch")).Error);
    }

    [Fact]
    public async Task One_batch_serves_every_database_at_one_point_in_time()
    {
        await _client.CreateDatabaseAsync("other");
        var other = _client.In("other");
        await other.CreateCollectionAsync("c");
        await other.InsertAsync("c", 0, 3);
        var batch = await _client.OpenBatchAsync();
        await other.InsertAsync("c", 3, 3);

        Assert.Equal(["k0", "k1", "k2"], (await other.DumpAsync(batch, "c")).Keys);
    }

    [Fact]
    public async Task A_batch_that_nobody_uses_expires()
    {
        var time = new SteppedTime();
        await using var server = await DevServerFixture.StartAsync(time: time);
        var client = new ReplicationClient(server.Client);
        await client.CreateCollectionAsync("c");
        var batch = await client.OpenBatchAsync(seconds: 60);

        time.Advance(TimeSpan.FromSeconds(50));
        await client.InventoryAsync(batch);
        time.Advance(TimeSpan.FromSeconds(50));
        (await client.SendAsync("PUT", $"/_api/replication/batch/{batch}", """{"ttl":10}""")).Expect(204);
        time.Advance(TimeSpan.FromSeconds(59));
        await client.InventoryAsync(batch);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((404, 1600), (await client.SendAsync("GET", $"/_api/replication/inventory?batchId={batch}")).Error);
        Assert.Equal((404, 400), (await client.DumpAsync(batch, "c")).Error);
    }

    [Fact]
    public async Task Dropping_a_collection_loses_the_batches_that_are_dumping_it()
    {
        await _client.CreateCollectionAsync("dropped");
        await _client.InsertAsync("dropped", 0, 100);
        var listing = await _client.OpenBatchAsync();
        var dumping = await _client.OpenBatchAsync();
        await _client.InventoryAsync(listing);
        (await _client.DumpAsync(dumping, "dropped", "&chunkSize=200")).Expect(200);

        (await _client.SendAsync("DELETE", "/_api/collection/dropped")).Expect(200);

        Assert.Equal((404, 1600), (await _client.SendAsync("PUT", $"/_api/replication/batch/{dumping}", "{}")).Error);
        (await _client.SendAsync("PUT", $"/_api/replication/batch/{listing}", "{}")).Expect(204);
        Assert.Equal((404, 1203), (await _client.TreeAsync(listing, "dropped")).Error);
    }

    [Fact]
    public async Task Dropping_the_database_of_a_batch_ends_it()
    {
        await _client.CreateDatabaseAsync("leaving");
        var batch = await _client.In("leaving").OpenBatchAsync();

        (await _client.SendAsync("DELETE", "/_api/database/leaving")).Expect(200);

        Assert.Equal((404, 1600), (await _client.SendAsync("PUT", $"/_api/replication/batch/{batch}", "{}")).Error);
    }
}
