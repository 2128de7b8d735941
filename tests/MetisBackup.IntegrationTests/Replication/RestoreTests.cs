using System.Text.Json.Nodes;

namespace MetisBackup.IntegrationTests.Replication;

public sealed class RestoreTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task A_collection_comes_back_with_its_properties_and_indexes_under_their_ids()
    {
        await _client.CreateCollectionAsync("whole", """{"schema":{"rule":{"type":"object"},"level":"none"},"waitForSync":true,"keyOptions":{"type":"padded"}}""");
        (await _client.SendAsync("POST", "/_api/index?collection=whole", """{"type":"persistent","fields":["a","b[*]"],"unique":true,"sparse":true,"name":"ab"}""")).Expect(201);
        (await _client.SendAsync("POST", "/_api/index?collection=whole", """{"type":"geo","fields":["at"],"name":"where"}""")).Expect(201);
        (await _client.SendAsync("POST", "/_api/document/whole", """{"a":1}""")).Expect(201);
        var before = await StructureAsync("whole");

        (await RestoreAsync("restore-collection?overwrite=true", before)).Expect(200);
        (await RestoreAsync("restore-indexes", before)).Expect(200);
        (await RestoreAsync("restore-indexes", before)).Expect(200);

        var after = await StructureAsync("whole");
        Assert.Equal(before["indexes"]!.ToJsonString(), after["indexes"]!.ToJsonString());
        foreach (var identity in (string[])["id", "cid", "planId", "globallyUniqueId"])
        {
            Assert.NotEqual(before["parameters"]![identity]!.ToJsonString(), after["parameters"]![identity]!.ToJsonString());
            before["parameters"]!.AsObject().Remove(identity);
            after["parameters"]!.AsObject().Remove(identity);
        }

        Assert.Equal(before["parameters"]!.ToJsonString(), after["parameters"]!.ToJsonString());
        Assert.Equal(0, await _client.CountAsync("whole"));
    }

    [Fact]
    public async Task The_same_structure_can_be_restored_into_another_database_of_the_same_server()
    {
        await _client.CreateCollectionAsync("twice");
        (await _client.SendAsync("POST", "/_api/index?collection=twice", """{"type":"persistent","fields":["a"],"unique":true}""")).Expect(201);
        var structure = (await StructureAsync("twice")).ToJsonString();
        await _client.CreateDatabaseAsync("twin");
        var twin = _client.In("twin");

        (await twin.SendAsync("PUT", "/_api/replication/restore-collection", structure)).Expect(200);
        (await twin.SendAsync("PUT", "/_api/replication/restore-indexes", structure)).Expect(200);
        (await twin.SendAsync("PUT", "/_api/replication/restore-data?collection=twice", """{"_key":"x","a":1}""")).Expect(200);

        Assert.Equal((409, 1210), (await twin.SendAsync("PUT", "/_api/replication/restore-data?collection=twice", """{"_key":"y","a":1}""")).Error);
    }

    [Fact]
    public async Task An_existing_collection_is_kept_unless_it_may_be_overwritten()
    {
        await _client.CreateCollectionAsync("kept");
        await _client.InsertAsync("kept", 0, 3);
        var structure = await StructureAsync("kept");

        Assert.Equal((409, 1207), (await RestoreAsync("restore-collection", structure)).Error);
        Assert.Equal(3, await _client.CountAsync("kept"));
        structure["parameters"]!["deleted"] = true;
        (await RestoreAsync("restore-collection?overwrite=true", structure)).Expect(200);
        Assert.Equal(3, await _client.CountAsync("kept"));
    }

    [Fact]
    public async Task System_collections_are_emptied_and_never_dropped()
    {
        await _client.CreateDatabaseAsync("system_kept");
        var client = _client.In("system_kept");
        (await client.SendAsync("PUT", "/_api/replication/restore-data?collection=_graphs", """{"_key":"g","edgeDefinitions":[],"orphanCollections":[]}""")).Expect(200);
        var id = (await client.SendAsync("GET", "/_api/collection/_graphs")).Json["id"]!.GetValue<string>();
        const string Structure = """{"parameters":{"name":"_graphs","isSystem":true,"type":2},"indexes":[]}""";

        (await client.SendAsync("PUT", "/_api/replication/restore-collection", Structure)).Expect(200);
        Assert.Equal(1, await client.CountAsync("_graphs"));
        (await client.SendAsync("PUT", "/_api/replication/restore-collection?overwrite=true", Structure)).Expect(200);
        Assert.Equal(0, await client.CountAsync("_graphs"));
        Assert.Equal(id, (await client.SendAsync("GET", "/_api/collection/_graphs")).Json["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("[]", 400)]
    [InlineData("{", 600)]
    [InlineData("""{"indexes":[]}""", 400)]
    [InlineData("""{"parameters":{"name":"x"}}""", 400)]
    [InlineData("""{"parameters":{"name":""},"indexes":[]}""", 400)]
    [InlineData("""{"parameters":{"name":"a/b"},"indexes":[]}""", 1208)]
    public async Task Malformed_structures_are_refused(string body, int errorNumber) =>
        Assert.Equal((400, errorNumber), (await _client.SendAsync("PUT", "/_api/replication/restore-collection", body)).Error);

    [Fact]
    public async Task An_index_needs_its_id()
    {
        await _client.CreateCollectionAsync("idless");

        var answer = await _client.SendAsync(
            "PUT", "/_api/replication/restore-indexes", """{"parameters":{"name":"idless"},"indexes":[{"type":"persistent","fields":["a"]}]}""");

        Assert.Equal((400, 10), answer.Error);
    }

    [Fact]
    public async Task Data_get_new_revisions_and_replace_what_is_there()
    {
        await _client.CreateCollectionAsync("data");
        await _client.InsertAsync("data", 0, 3);

        (await DataAsync("data", "{\"_key\":\"k0\",\"_id\":\"other/k0\",\"_rev\":\"_hKHP7Fq---\",\"v\":1}\n\n{\"_key\":\"new\"}\n")).Expect(200);

        var replaced = (await _client.SendAsync("GET", "/_api/document/data/k0")).Json;
        Assert.Equal(("data/k0", 1), (replaced["_id"]!.GetValue<string>(), replaced["v"]!.GetValue<int>()));
        Assert.Null(replaced["n"]);
        Assert.NotEqual("_hKHP7Fq---", replaced["_rev"]!.GetValue<string>());
        Assert.Equal(4, await _client.CountAsync("data"));
    }

    [Fact]
    public async Task Envelopes_and_removals_are_understood()
    {
        await _client.CreateCollectionAsync("marks");
        await _client.InsertAsync("marks", 0, 4);

        (await DataAsync(
            "marks",
            """
            {"type":2302,"data":{"_key":"k0"}}
            {"type":2302,"key":"k1"}
            {"type":2302,"key":"never"}
            {"type":2300,"data":{"_key":"k1","v":2}}
            {"type":2301,"data":{"_key":"k2","v":3}}
            {"type":2300,"data":{"_key":"gone"}}
            {"type":2302,"key":"gone"}
            """)).Expect(200);

        Assert.Equal(3, await _client.CountAsync("marks"));
        Assert.Equal(2, (await _client.SendAsync("GET", "/_api/document/marks/k1")).Json["v"]!.GetValue<int>());
        Assert.Equal(3, (await _client.SendAsync("GET", "/_api/document/marks/k2")).Json["v"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("{\"_key\":\"b\"}\n{\"_key\":", 400, 600)]
    [InlineData("{\"_key\":\"b\"}\n{\"v\":1}", 400, 600)]
    [InlineData("{\"_key\":\"b\"}\n[1]", 400, 600)]
    [InlineData("{\"_key\":\"b\"}\n{\"_key\":\"not / allowed\"}", 400, 1221)]
    [InlineData("{\"_key\":\"b\"}\n{\"_key\":\"c\",\"u\":1}", 409, 1210)]
    public async Task A_failing_line_takes_the_whole_request_back(string body, int status, int errorNumber)
    {
        var name = $"atomic_{Guid.NewGuid():N}";
        await _client.CreateCollectionAsync(name);
        (await _client.SendAsync("POST", $"/_api/index?collection={name}", """{"type":"persistent","fields":["u"],"unique":true,"sparse":true}""")).Expect(201);
        (await DataAsync(name, """{"_key":"a","u":1}""")).Expect(200);

        Assert.Equal((status, errorNumber), (await DataAsync(name, body)).Error);

        Assert.Equal(1, await _client.CountAsync(name));
    }

    [Fact]
    public async Task Edges_need_their_ends()
    {
        await _client.CreateCollectionAsync("edges", """{"type":3}""");

        Assert.Equal((400, 1233), (await DataAsync("edges", """{"_key":"e","_from":"v/1"}""")).Error);
        (await DataAsync("edges", """{"_key":"e","_from":"v/1","_to":"v/2"}""")).Expect(200);
        Assert.Equal((400, 400), (await _client.SendAsync("PUT", "/_api/replication/restore-data", "{}")).Error);
        Assert.Equal((404, 1203), (await DataAsync("none", "{}")).Error);
    }

    [Fact]
    public async Task Schemas_and_key_rules_do_not_hold_up_a_restore()
    {
        await _client.CreateCollectionAsync("strict", """{"schema":{"rule":{"required":["x"]},"level":"strict"},"keyOptions":{"allowUserKeys":false,"type":"autoincrement"}}""");

        (await DataAsync("strict", """{"_key":"free"}""")).Expect(200);

        Assert.Equal(1, await _client.CountAsync("strict"));
    }

    [Fact]
    public async Task Users_are_matched_by_their_names()
    {
        await using var server = await DevServerFixture.StartAsync("secret");
        var client = new ReplicationClient(server.Client);
        const string Root = "root:secret";
        (await client.SendAsync("POST", "/_api/user", """{"user":"ann","passwd":"old"}""", Root)).Expect(201);
        var batch = (await client.SendAsync("POST", "/_api/replication/batch", "{}", Root)).Json["id"]!.GetValue<string>();
        var dump = (await client.SendAsync("GET", $"/_api/replication/dump?batchId={batch}&collection=_users&useEnvelope=false", user: Root)).Expect(200).Text;
        (await client.SendAsync("PATCH", "/_api/user/ann", """{"passwd":"new"}""", Root)).Expect(200);

        (await client.SendAsync("PUT", "/_api/replication/restore-collection?overwrite=true", """{"parameters":{"name":"_users","isSystem":true},"indexes":[]}""", Root)).Expect(200);
        (await client.SendAsync("PUT", "/_api/replication/restore-data?collection=_users", dump.Replace("\"_key\":\"", "\"_key\":\"9", StringComparison.Ordinal), Root)).Expect(200);

        (await client.SendAsync("GET", "/_api/version", user: "ann:old")).Expect(200);
        (await client.SendAsync("GET", "/_api/version", user: "ann:new")).Expect(401);
        Assert.Equal(2, (await client.SendAsync("GET", "/_api/user", user: Root)).Json["result"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_read_only_server_refuses_every_restore()
    {
        await using var server = await DevServerFixture.StartAsync();
        var client = new ReplicationClient(server.Client);
        await client.CreateCollectionAsync("c");
        (await client.SendAsync("PUT", "/_admin/server/mode", """{"mode":"readonly"}""")).Expect(200);

        foreach (var call in (string[])["restore-collection", "restore-indexes", "restore-data?collection=c", "restore-view"])
        {
            Assert.Equal((403, 1004), (await client.SendAsync("PUT", $"/_api/replication/{call}", "{}")).Error);
        }
    }

    [Fact]
    public async Task A_view_is_made_over_collections_that_exist()
    {
        await _client.CreateCollectionAsync("viewed");
        const string View = """{"name":"v","type":"arangosearch","id":"7","globallyUniqueId":"x/7","links":{"viewed":{"includeAllFields":true}}}""";

        (await _client.SendAsync("PUT", "/_api/replication/restore-view", View)).Expect(200);
        Assert.Equal((409, 1207), (await _client.SendAsync("PUT", "/_api/replication/restore-view", View)).Error);
        (await _client.SendAsync("PUT", "/_api/replication/restore-view?overwrite=true", View)).Expect(200);
        Assert.Equal((400, 10), (await _client.SendAsync("PUT", "/_api/replication/restore-view", """{"name":"w"}""")).Error);
        var missing = await _client.SendAsync("PUT", "/_api/replication/restore-view", View.Replace("\"v\"", "\"w\"", StringComparison.Ordinal).Replace("viewed", "none", StringComparison.Ordinal));
        Assert.True((int)missing.Status >= 400);

        var batch = await _client.OpenBatchAsync();
        var view = Assert.Single((await _client.InventoryAsync(batch))["views"]!.AsArray())!;
        Assert.Equal("v", view["name"]!.GetValue<string>());
        Assert.NotNull(view["links"]!["viewed"]);
    }

    private async Task<JsonNode> StructureAsync(string name)
    {
        var batch = await _client.OpenBatchAsync();
        var inventory = await _client.InventoryAsync(batch);
        return inventory["collections"]!.AsArray().Single(entry => entry!["parameters"]!["name"]!.GetValue<string>() == name)!.DeepClone();
    }

    private Task<Answer> RestoreAsync(string call, JsonNode structure) => _client.SendAsync("PUT", $"/_api/replication/{call}", structure.ToJsonString());

    private Task<Answer> DataAsync(string collection, string lines) =>
        _client.SendAsync("PUT", $"/_api/replication/restore-data?collection={collection}", lines);
}
