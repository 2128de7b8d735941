namespace MetisBackup.IntegrationTests.Replication;

public sealed class ReplicationDumpTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task Repeating_the_request_pages_through_the_snapshot_in_the_order_of_revisions()
    {
        await _client.CreateCollectionAsync("paged");
        await _client.InsertAsync("paged", 0, 1000);
        var batch = await _client.OpenBatchAsync();
        await _client.InsertAsync("paged", 1000, 500);
        (await _client.SendAsync("DELETE", "/_api/document/paged/k7")).Expect(202);

        var keys = new List<string>();
        var last = 0L;
        var pages = 0;
        string more;
        do
        {
            var page = (await _client.DumpAsync(batch, "paged", "&chunkSize=10000")).Expect(200);
            var included = long.Parse(page.Headers["x-arango-replication-lastincluded"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(included > last);
            Assert.Equal("application/x-arango-dump; charset=utf-8", page.Headers["content-type"]);
            Assert.EndsWith("}\n", page.Text, StringComparison.Ordinal);
            last = included;
            keys.AddRange(page.Keys);
            more = page.Headers["x-arango-replication-checkmore"];
            pages++;
        }
        while (more == "true");

        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"k{number}"), keys);
        Assert.InRange(pages, 5, 20);
        Assert.Equal("k0", (await _client.DumpAsync(batch, "paged", "&docsPerBatch=1")).Keys.Single());
    }

    [Fact]
    public async Task The_envelope_is_the_default()
    {
        await _client.CreateCollectionAsync("enveloped");
        await _client.InsertAsync("enveloped", 0, 1);
        var batch = await _client.OpenBatchAsync();

        var line = (await _client.SendAsync("GET", $"/_api/replication/dump?batchId={batch}&collection=enveloped")).Lines.Single();

        Assert.Equal(2300, line["type"]!.GetValue<int>());
        Assert.Equal("enveloped/k0", line["data"]!["_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_empty_collection_has_no_content_but_the_headers()
    {
        await _client.CreateCollectionAsync("empty");
        var batch = await _client.OpenBatchAsync();

        var answer = (await _client.DumpAsync(batch, "empty")).Expect(204);

        Assert.Equal("false", answer.Headers["x-arango-replication-checkmore"]);
        Assert.Equal("0", answer.Headers["x-arango-replication-lastincluded"]);
        Assert.Equal("application/x-arango-dump; charset=utf-8", answer.Headers["content-type"]);
    }

    [Fact]
    public async Task Wrong_requests_get_the_errors_of_the_real_server()
    {
        await _client.CreateCollectionAsync("known");
        var batch = await _client.OpenBatchAsync();

        Assert.Equal((404, 400), (await _client.SendAsync("GET", "/_api/replication/dump?collection=known")).Error);
        Assert.Equal((404, 400), (await _client.DumpAsync("4711", "known")).Error);
        Assert.Equal((400, 400), (await _client.DumpAsync(batch, "unknown")).Error);
        Assert.Equal((400, 400), (await _client.SendAsync("GET", $"/_api/replication/dump?batchId={batch}")).Error);
    }

    [Fact]
    public async Task A_document_larger_than_the_chunk_comes_whole()
    {
        await _client.CreateCollectionAsync("large");
        await _client.InsertAsync("large", 0, 3, $",\"text\":\"{new string('x', 100_000)}\"");
        var batch = await _client.OpenBatchAsync();

        var page = (await _client.DumpAsync(batch, "large", "&chunkSize=1")).Expect(200);

        Assert.Single(page.Lines);
        Assert.Equal("true", page.Headers["x-arango-replication-checkmore"]);
    }

    [Fact]
    public async Task Bytes_are_those_that_were_stored()
    {
        await _client.CreateCollectionAsync("bytes");
        const string Body = """{"_key":"a","text":"größe 😀 \" \\ /","numbers":[1,-5,18446744073709551615,1152921504606846976.0,0.1,1e-7],"o":{"z":null,"a":[{}]}}""";
        (await _client.SendAsync("POST", "/_api/document/bytes", Body)).Expect(202);
        var batch = await _client.OpenBatchAsync();

        var dump = await _client.DumpAsync(batch, "bytes");

        Assert.EndsWith(Body["{\"_key\":\"a\",".Length..] + "\n", dump.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negative_zero_and_a_document_of_many_blocks_are_dumped_as_they_are()
    {
        await _client.CreateCollectionAsync("blocks");
        var text = new string('x', 3_000_000);
        (await _client.SendAsync("POST", "/_api/document/blocks", $$"""{"_key":"a","zero":-0,"text":"{{text}}"}""")).Expect(202);
        await _client.InsertAsync("blocks", 0, 3000);
        var batch = await _client.OpenBatchAsync();

        var lines = (await _client.DumpAsync(batch, "blocks", "&chunkSize=134217728")).Expect(200).Text.Split('\n');

        Assert.Equal(3002, lines.Length);
        Assert.EndsWith($$""","zero":-0,"text":"{{text}}"}""", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"_key\":\"k2999\"", lines[3000], StringComparison.Ordinal);
        Assert.Empty(lines[3001]);
    }
}
