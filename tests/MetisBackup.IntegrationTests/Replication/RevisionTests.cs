using System.Globalization;

namespace MetisBackup.IntegrationTests.Replication;

public sealed class RevisionTests : IAsyncLifetime
{
    private DevServerFixture _fixture = null!;
    private ReplicationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await DevServerFixture.StartAsync();
        _client = new ReplicationClient(_fixture.Client);
        await _client.CreateCollectionAsync("c");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task The_tree_is_that_of_the_reference()
    {
        await _client.InsertRevisionsAsync("c", "_hKHP7Fq---", "_i_te7_y--D");
        var batch = await _client.OpenBatchAsync();
        await _client.InventoryAsync(batch);

        var tree = await _client.TreeAsync(batch, "c");

        Assert.Equal(
            """{"version":1,"maxDepth":6,"rangeMax":"_jpq8a-----","rangeMin":"_bpq8a-----","initialRangeMin":"_bpq8a-----","count":2,"hash":14176606193625546496,"nodes":[{"skip":180450},{"count":1,"hash":9467144776752913516},{"skip":27441},{"count":1,"hash":5178966102246056812}]}""",
            tree.Expect(200).Text);
    }

    [Fact]
    public async Task Early_servers_spell_every_empty_leaf()
    {
        await _client.InsertRevisionsAsync("c", "_hKHP7Fq---");
        _fixture.Faults.TreesWithoutSkips = true;
        var batch = await _client.OpenBatchAsync();

        var nodes = (await _client.TreeAsync(batch, "c")).Expect(200).Json["nodes"]!.AsArray();

        Assert.Equal(262_144, nodes.Count);
        Assert.Empty(nodes[0]!.AsObject());
    }

    [Fact]
    public async Task Without_an_inventory_a_later_write_takes_the_tree_away()
    {
        await _client.InsertAsync("c", 0, 10);
        var announced = await _client.OpenBatchAsync();
        var silent = await _client.OpenBatchAsync();
        await _client.InventoryAsync(announced);
        await _client.InventoryAsync(silent, "&collection=c");

        await _client.InsertAsync("c", 10, 5);

        Assert.Equal(10, (await _client.TreeAsync(announced, "c")).Expect(200).Json["count"]!.GetValue<int>());
        Assert.Equal((500, 4), (await _client.TreeAsync(announced, "c")).Error);
        Assert.Equal((500, 4), (await _client.TreeAsync(silent, "c")).Error);
    }

    [Fact]
    public async Task A_prefetched_tree_is_delivered_once_under_the_unique_id()
    {
        await _client.InsertAsync("c", 0, 10);
        var batch = await _client.OpenBatchAsync(more: ""","patchCount":"c" """);
        var guid = (await _client.SendAsync("GET", "/_api/collection/c")).Json["globallyUniqueId"]!.GetValue<string>();
        await _client.InsertAsync("c", 10, 5);

        Assert.Equal((500, 4), (await _client.TreeAsync(batch, "c")).Error);
        Assert.Equal(10, (await _client.TreeAsync(batch, Uri.EscapeDataString(guid))).Expect(200).Json["count"]!.GetValue<int>());
        Assert.Equal((500, 4), (await _client.TreeAsync(batch, Uri.EscapeDataString(guid))).Error);
    }

    [Fact]
    public async Task Wrong_requests_get_the_errors_of_the_real_server()
    {
        await _client.CreateCollectionAsync("treeless", """{"syncByRevision":false,"usesRevisionsAsDocumentIds":false}""");
        var batch = await _client.OpenBatchAsync();

        foreach (var (method, call) in ((string, string)[])[("GET", "tree"), ("PUT", "ranges"), ("PUT", "documents")])
        {
            var path = $"/_api/replication/revisions/{call}";
            Assert.Equal((400, 400), (await _client.SendAsync(method, $"{path}?batchId={batch}", "[]")).Error);
            Assert.Equal((404, 400), (await _client.SendAsync(method, $"{path}?collection=c", "[]")).Error);
            Assert.Equal((404, 1203), (await _client.SendAsync(method, $"{path}?collection=none&batchId={batch}", "[]")).Error);
            Assert.Equal((501, 9), (await _client.SendAsync(method, $"{path}?collection=treeless&batchId={batch}", "[]")).Error);
        }

        Assert.Equal((500, 4), (await _client.TreeAsync("4711", "c")).Error);
    }

    [Fact]
    public async Task Verification_compares_the_kept_tree_with_a_computed_one_and_rebuilding_mends_it()
    {
        await _client.InsertRevisionsAsync("c", "_hKHP7Fq---", "_hKHP7Fq---", "_i_te7_y--D");
        var damaged = await _client.OpenBatchAsync();

        Assert.False((await _client.TreeAsync(damaged, "c", "&verification=true&onlyPopulated=true")).Expect(200).Json["equal"]!.GetValue<bool>());
        (await _client.SendAsync("POST", "/_api/replication/revisions/tree?collection=c")).Expect(204);

        var mended = await _client.OpenBatchAsync();
        var verified = (await _client.TreeAsync(mended, "c", "&verification=true&onlyPopulated=true")).Expect(200).Json;
        Assert.True(verified["equal"]!.GetValue<bool>());
        Assert.Equal(2, verified["stored"]!["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Ranges_are_answered_in_their_order_and_cut_at_the_limit()
    {
        await _client.InsertRevisionsAsync("c", "_hKHP7Fq---", "_hKHP7Fq--_", "_hKHP7Fq--A", "_i_te7_y--D", "_i_te7_y--E");
        _fixture.Faults.RangesLimit = 2;
        var batch = await _client.OpenBatchAsync();
        const string Body = """[["_hKHP7F----","_hKHP7Fq--_"],["_hKHP7Fq--_","_hKHP7G----"],["_hKHP8-----","_hKHP9-----"],["_i---------","_j---------"]]""";

        var first = (await _client.RangesAsync(batch, "c", Body)).Expect(200).Json;
        Assert.Equal("""[["_hKHP7Fq---","_hKHP7Fq--_"]]""", first["ranges"]!.ToJsonString());
        Assert.Equal("_hKHP7Fq--A", first["resumeHLC"]!.GetValue<string>());
        var second = (await _client.RangesAsync(batch, "c", Body, "&encodeAsHLC=true&resumeHLC=_hKHP7Fq--A")).Expect(200).Json;
        Assert.Equal("""[["_hKHP7Fq--A"],[],["_i_te7_y--D"]]""", second["ranges"]!.ToJsonString());
        var third = (await _client.RangesAsync(batch, "c", Body, $"&encodeAsHLC=true&resumeHLC={second["resumeHLC"]}")).Expect(200).Json;
        Assert.Equal("""[["_i_te7_y--E"]]""", third["ranges"]!.ToJsonString());
        Assert.Null(third["resume"]);
    }

    [Fact]
    public async Task Old_revisions_are_written_as_decimals_unless_the_clock_form_is_asked_for()
    {
        await _client.InsertRevisionsAsync("c", "1000000000000", "_hKHP7Fq---");
        var batch = await _client.OpenBatchAsync();

        Assert.Equal("""[["1000000000000","_hKHP7Fq---"]]""", (await _client.RangesAsync(batch, "c", more: "")).Json["ranges"]!.ToJsonString());
        Assert.Equal("""[["MhSnP--","_hKHP7Fq---"]]""", (await _client.RangesAsync(batch, "c")).Json["ranges"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[[\"_hKHP7F----\"]]")]
    [InlineData("[[\"_hKHP7F----\",5]]")]
    [InlineData("[[\"_hKHP7F----\",\"_hKHP7F----\"]]")]
    [InlineData("[[\"_i---------\",\"_j---------\"],[\"_h---------\",\"_k---------\"]]")]
    [InlineData("[[\"_\",\"N9999999999\"]]")]
    public async Task Malformed_ranges_are_refused(string body)
    {
        var batch = await _client.OpenBatchAsync();

        Assert.Equal((400, 400), (await _client.RangesAsync(batch, "c", body)).Error);
    }

    [Fact]
    public async Task Documents_are_parallel_to_the_request_and_missing_ones_are_empty()
    {
        await _client.InsertRevisionsAsync("c", "_hKHP7Fq---", "_i_te7_y--D");
        var batch = await _client.OpenBatchAsync();

        var documents = (await _client.DocumentsAsync(batch, "c", ["_i_te7_y--D", "_i_te7_y--F", "_hKHP7Fq---"])).Expect(200).Text;

        Assert.Equal("""[{"_key":"k1","_id":"c/k1","_rev":"_i_te7_y--D"},{},{"_key":"k0","_id":"c/k0","_rev":"_hKHP7Fq---"}]""", documents);
        Assert.Equal((400, 400), (await _client.DocumentsAsync(batch, "c", ["N9999999999"])).Error);
        Assert.Equal((400, 400), (await _client.SendAsync("PUT", $"/_api/replication/revisions/documents?batchId={batch}&collection=c", "[5]")).Error);
    }

    [Fact]
    public async Task Documents_are_cut_at_the_chunk_size_but_there_is_always_one()
    {
        await _client.InsertAsync("c", 0, 50, $",\"text\":\"{new string('x', 1000)}\"");
        var batch = await _client.OpenBatchAsync();
        var ids = (await _client.RangesAsync(batch, "c")).Json["ranges"]![0]!.AsArray().Select(id => id!.GetValue<string>()).ToList();

        Assert.InRange((await _client.DocumentsAsync(batch, "c", ids, "&encodeAsHLC=true&chunkSize=10000")).Json.AsArray().Count, 8, 10);
        Assert.Single((await _client.DocumentsAsync(batch, "c", ids, "&encodeAsHLC=true&chunkSize=5")).Json.AsArray());
        _fixture.Faults.DocumentsLimit = 3;
        Assert.Equal(3, (await _client.DocumentsAsync(batch, "c", ids)).Json.AsArray().Count);
    }

    [Fact]
    public async Task A_lost_batch_is_not_noticed_by_ranges_and_documents()
    {
        await _client.InsertAsync("c", 0, 3);
        var batch = await _client.OpenBatchAsync();
        await _client.InsertAsync("c", 3, 2);

        var inBatch = (await _client.RangesAsync(batch, "c")).Json["ranges"]![0]!.AsArray();
        var lost = (await _client.RangesAsync("4711", "c")).Expect(200).Json["ranges"]![0]!.AsArray();

        Assert.Equal((3, 5), (inBatch.Count, lost.Count));
        var newest = lost[4]!.GetValue<string>();
        Assert.Equal("{}", (await _client.DocumentsAsync(batch, "c", [newest])).Json[0]!.ToJsonString());
        Assert.Equal("k4", (await _client.DocumentsAsync("4711", "c", [newest])).Json[0]!["_key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Counts_and_hashes_prove_that_nothing_is_missing_under_constant_writing()
    {
        await _client.InsertAsync("c", 0, 500);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                for (var round = 1; !stop.IsCancellationRequested; round++)
                {
                    await _client.InsertAsync("c", round * 1000, 20);
                    (await _client.SendAsync("DELETE", $"/_api/document/c/k{round}")).Expect(202);
                    (await _client.SendAsync("PATCH", $"/_api/document/c/k{round + 1}", """{"changed":true}""")).Expect(202);
                }
            },
            TestContext.Current.CancellationToken);

        for (var round = 0; round < 10; round++)
        {
            var batch = await _client.OpenBatchAsync();
            await _client.InventoryAsync(batch);
            var ids = (await _client.RangesAsync(batch, "c")).Json["ranges"]![0]!.AsArray().Select(id => id!.GetValue<string>()).ToList();
            var dump = (await _client.DumpAsync(batch, "c", "&chunkSize=100000000")).Lines.Select(line => line["_rev"]!.GetValue<string>());
            var tree = (await _client.TreeAsync(batch, "c")).Expect(200).Json;
            var summary = Core.Revisions.RevisionSummary.Of(ids.Select(id => Core.Revisions.RevisionId.ParseHlc(id)));
            Assert.Equal(ids, dump);
            Assert.Equal((summary.Count, summary.Hash), (tree["count"]!.GetValue<ulong>(), ulong.Parse(tree["hash"]!.ToJsonString(), CultureInfo.InvariantCulture)));
        }

        await stop.CancelAsync();
        await writer;
    }
}
