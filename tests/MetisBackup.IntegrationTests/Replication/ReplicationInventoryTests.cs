using System.Text.Json.Nodes;

namespace MetisBackup.IntegrationTests.Replication;

public sealed class ReplicationInventoryTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task It_shows_collections_with_every_parameter_and_index()
    {
        await _client.CreateCollectionAsync("inv_edges", """{"type":3}""");
        await _client.CreateCollectionAsync("inv_documents", """{"keyOptions":{"type":"autoincrement","increment":5}}""");
        (await _client.SendAsync("POST", "/_api/index?collection=inv_documents", """{"type":"persistent","fields":["sku"],"unique":true,"name":"by_sku"}""")).Expect(201);
        var batch = await _client.OpenBatchAsync();

        var inventory = await _client.InventoryAsync(batch, "&includeSystem=false");

        var entry = Entry(inventory, "inv_documents");
        var parameters = entry["parameters"]!.AsObject();
        Assert.Equal(parameters["id"]!.GetValue<string>(), parameters["cid"]!.GetValue<string>());
        Assert.Equal(["allowUserKeys", "increment", "lastValue", "offset", "type"], parameters["keyOptions"]!.AsObject().Select(option => option.Key).Order());
        Assert.Superset(
            new HashSet<string>(["cacheEnabled", "computedValues", "deleted", "globallyUniqueId", "internalValidatorType", "isDisjoint", "isSmart", "isSmartChild", "isSystem", "minReplicationFactor", "name", "numberOfShards", "planId", "replicationFactor", "schema", "shardKeys", "status", "syncByRevision", "type", "usesRevisionsAsDocumentIds", "version", "waitForSync", "writeConcern"]),
            parameters.Select(parameter => parameter.Key).ToHashSet());
        Assert.DoesNotContain(parameters, parameter => parameter.Key is "objectId" or "path" or "statusString" or "indexes");
        var index = Assert.Single(entry["indexes"]!.AsArray())!;
        Assert.Equal("by_sku", index["name"]!.GetValue<string>());
        Assert.DoesNotContain("/", index["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Entry(inventory, "inv_edges")["indexes"]!.AsArray());
        Assert.Equal("_system", inventory["properties"]!["name"]!.GetValue<string>());
        Assert.Equal(["lastLogTick", "lastUncommittedLogTick", "running", "time", "totalEvents"], inventory["state"]!.AsObject().Select(member => member.Key).Order());
    }

    [Fact]
    public async Task Documents_come_before_edges_and_then_names_count()
    {
        await _client.CreateCollectionAsync("order_a", """{"type":3}""");
        await _client.CreateCollectionAsync("order_c");
        await _client.CreateCollectionAsync("order_b");
        await _client.CreateCollectionAsync("Order_z");
        var batch = await _client.OpenBatchAsync();

        var names = Names(await _client.InventoryAsync(batch, "&includeSystem=false"));

        Assert.Equal(["Order_z", "order_b", "order_c", "order_a"], names.Where(name => name.StartsWith("order", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Statistics_and_queues_are_never_or_only_on_request_listed()
    {
        var batch = await _client.OpenBatchAsync();

        var all = Names(await _client.InventoryAsync(batch));
        var withQueues = Names(await _client.InventoryAsync(batch, "&includeFoxxQueues=true"));

        Assert.Contains("_users", all);
        Assert.Contains("_graphs", all);
        Assert.DoesNotContain(all, name => name.StartsWith("_statistics", StringComparison.Ordinal) || name is "_jobs" or "_queues");
        Assert.Equal(["_jobs", "_queues"], withQueues.Except(all).Order());
    }

    [Fact]
    public async Task The_global_form_lists_every_database_and_is_for_the_system_database_alone()
    {
        await _client.CreateDatabaseAsync("global_one");
        await _client.In("global_one").CreateCollectionAsync("c");
        var batch = await _client.OpenBatchAsync();

        var databases = (await _client.InventoryAsync(batch, "&global=true"))["databases"]!.AsObject();

        Assert.Contains("_system", databases.Select(database => database.Key));
        Assert.Contains("c", Names(databases["global_one"]!));
        Assert.Equal((403, 11), (await _client.In("global_one").SendAsync("GET", $"/_api/replication/inventory?batchId={batch}&global=true")).Error);
    }

    [Fact]
    public async Task A_collection_made_after_the_batch_is_listed_but_has_no_documents_in_it()
    {
        var batch = await _client.OpenBatchAsync();
        await _client.CreateCollectionAsync("late");
        await _client.InsertAsync("late", 0, 3);

        Assert.Contains("late", Names(await _client.InventoryAsync(batch)));
        var dump = (await _client.DumpAsync(batch, "late")).Expect(204);
        Assert.Equal("false", dump.Headers["x-arango-replication-checkmore"]);
    }

    [Fact]
    public async Task A_user_sees_only_collections_that_may_be_read()
    {
        await using var server = await DevServerFixture.StartAsync("secret");
        var client = new ReplicationClient(server.Client);
        const string Root = "root:secret";
        foreach (var name in (string[])["open", "closed"])
        {
            (await client.SendAsync("POST", "/_api/collection", $$"""{"name":"{{name}}"}""", Root)).Expect(200);
        }

        (await client.SendAsync("POST", "/_api/user", """{"user":"ann","passwd":"x"}""", Root)).Expect(201);
        (await client.SendAsync("PUT", "/_api/user/ann/database/_system", """{"grant":"ro"}""", Root)).Expect(200);
        (await client.SendAsync("PUT", "/_api/user/ann/database/_system/open", """{"grant":"ro"}""", Root)).Expect(200);
        (await client.SendAsync("PUT", "/_api/user/ann/database/_system/closed", """{"grant":"none"}""", Root)).Expect(200);
        var batch = (await client.SendAsync("POST", "/_api/replication/batch", "{}", "ann:x")).Expect(200).Json["id"]!.GetValue<string>();

        var inventory = (await client.SendAsync("GET", $"/_api/replication/inventory?batchId={batch}&includeSystem=false", user: "ann:x")).Expect(200).Json;

        Assert.Equal(["open"], Names(inventory));
        Assert.Equal((403, 11), (await client.SendAsync("GET", $"/_api/replication/dump?batchId={batch}&collection=closed", user: "ann:x")).Error);
        Assert.Equal((403, 11), (await client.SendAsync("GET", $"/_api/replication/revisions/tree?batchId={batch}&collection=closed", user: "ann:x")).Error);
        Assert.Equal((403, 11), (await client.SendAsync("POST", "/_api/dump/start", """{"shards":["open","closed"]}""", "ann:x")).Error);
    }

    private static JsonNode Entry(JsonNode inventory, string name) =>
        inventory["collections"]!.AsArray().Single(entry => entry!["parameters"]!["name"]!.GetValue<string>() == name)!;

    private static List<string> Names(JsonNode inventory) =>
        [.. inventory["collections"]!.AsArray().Select(entry => entry!["parameters"]!["name"]!.GetValue<string>())];
}
