using System.Collections.Concurrent;

namespace MetisBackup.IntegrationTests.Replication;

public sealed class ParallelDumpTests(DevServerFixture fixture) : IClassFixture<DevServerFixture>
{
    private readonly ReplicationClient _client = new(fixture.Client);

    [Fact]
    public async Task Several_readers_together_get_every_document_once()
    {
        foreach (var name in (string[])["many_a", "many_b", "many_empty"])
        {
            await _client.CreateCollectionAsync(name);
        }

        await _client.InsertAsync("many_a", 0, 5000);
        await _client.InsertAsync("many_b", 0, 777);
        var context = await StartAsync("""{"shards":["many_a","many_b","many_empty"],"docsPerBatch":100,"batchSize":1000000}""");
        await _client.InsertAsync("many_b", 777, 100);
        var found = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        var counter = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                var previous = "";
                while (true)
                {
                    var number = Interlocked.Increment(ref counter);
                    var answer = await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId={number}{previous}");
                    if ((int)answer.Status == 204)
                    {
                        return;
                    }

                    var keys = answer.Expect(200).Keys.ToList();
                    Assert.InRange(keys.Count, 1, 100);
                    keys.ForEach(found.GetOrAdd(answer.Headers["x-arango-dump-shard-id"], _ => []).Add);
                    previous = $"&lastBatch={number}";
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(["many_a", "many_b"], found.Keys.Order());
        Assert.Equal(Keys(5000), found["many_a"].Order(StringComparer.Ordinal));
        Assert.Equal(Keys(777), found["many_b"].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_can_be_asked_for_again_until_it_is_released()
    {
        await _client.CreateCollectionAsync("again");
        await _client.InsertAsync("again", 0, 50);
        var context = await StartAsync("""{"shards":["again"],"docsPerBatch":10}""");

        var first = (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=7")).Expect(200);
        var again = (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=7")).Expect(200);
        var other = (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=8&lastBatch=7")).Expect(200);

        Assert.Equal(first.Text, again.Text);
        Assert.Empty(first.Keys.Intersect(other.Keys));
        Assert.Equal("application/x-arango-dump", first.Headers["content-type"].Split(';')[0]);
    }

    [Fact]
    public async Task A_context_ends_when_it_is_deleted()
    {
        var context = await StartAsync("{}");

        (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=1")).Expect(204);
        Assert.Equal((400, 10), (await _client.SendAsync("POST", $"/_api/dump/next/{context}")).Error);
        (await _client.SendAsync("DELETE", $"/_api/dump/{context}")).Expect(200);
        Assert.Equal((404, 1600), (await _client.SendAsync("DELETE", $"/_api/dump/{context}")).Error);
        Assert.Equal((404, 1600), (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=2")).Error);
    }

    [Fact]
    public async Task A_context_that_nobody_uses_expires()
    {
        var time = new SteppedTime();
        await using var server = await DevServerFixture.StartAsync(time: time);
        var client = new ReplicationClient(server.Client);
        var context = (await client.SendAsync("POST", "/_api/dump/start", """{"ttl":30}""")).Expect(201).Headers["x-arango-dump-id"];

        time.Advance(TimeSpan.FromSeconds(20));
        (await client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=1")).Expect(204);
        time.Advance(TimeSpan.FromSeconds(20));
        (await client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=2")).Expect(204);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((404, 1600), (await client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=3")).Error);
    }

    [Fact]
    public async Task Wrong_requests_get_the_errors_of_the_real_server()
    {
        Assert.Equal((400, 10), (await _client.SendAsync("POST", "/_api/dump/start", "{")).Error);
        Assert.Equal((400, 10), (await _client.SendAsync("POST", "/_api/dump/start", """{"shards":"c"}""")).Error);
        Assert.Equal((404, 1203), (await _client.SendAsync("POST", "/_api/dump/start", """{"shards":["none"]}""")).Error);
        Assert.Equal((405, 405), (await _client.SendAsync("GET", "/_api/dump/start")).Error);
        Assert.Equal((400, 400), (await _client.SendAsync("POST", "/_api/dump")).Error);
        await _client.CreateDatabaseAsync("dump_other");
        var context = await StartAsync("{}");
        Assert.Equal((403, 11), (await _client.In("dump_other").SendAsync("POST", $"/_api/dump/next/{context}?batchId=1")).Error);
    }

    [Fact]
    public async Task A_part_of_some_documents_can_be_asked_for()
    {
        await _client.CreateCollectionAsync("parts");
        var documents = """[{"_key":"a","kind":{"of":1},"text":"x"},{"_key":"b","kind":{"of":2}},{"_key":"c","kind":{"of":1.0}}]""";
        (await _client.SendAsync("POST", "/_api/document/parts", documents)).Expect(202);

        var context = await StartAsync(
            """{"shards":["parts"],"projections":{"id":["_key"],"t":["text"]},"filters":{"type":"simple","conditions":[{"attributePath":["kind","of"],"value":1}]}}""");
        var answer = (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=1")).Expect(200);

        Assert.Equal("{\"id\":\"a\",\"t\":\"x\"}\n{\"id\":\"c\",\"t\":null}\n", answer.Text);
        (await _client.SendAsync("POST", $"/_api/dump/next/{context}?batchId=2&lastBatch=1")).Expect(204);
    }

    [Fact]
    public async Task Older_single_servers_do_not_implement_it()
    {
        await using var server = await DevServerFixture.StartAsync();
        server.Faults.ParallelDumpMissing = true;

        (await new ReplicationClient(server.Client).SendAsync("POST", "/_api/dump/start", "{}")).Expect(501);
    }

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(number => $"k{number}").Order(StringComparer.Ordinal);

    private async Task<string> StartAsync(string body)
    {
        var id = (await _client.SendAsync("POST", "/_api/dump/start", body)).Expect(201).Headers["x-arango-dump-id"];
        Assert.Matches("^dump-[0-9]+$", id);
        return id;
    }
}
