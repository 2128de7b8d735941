using System.Text;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Replication;

public sealed class FaultTests : IAsyncLifetime
{
    private DevServerFixture _fixture = null!;
    private ReplicationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await DevServerFixture.StartAsync();
        _client = new ReplicationClient(_fixture.Client);
        await _client.CreateCollectionAsync("c");
        await _client.InsertAsync("c", 0, 100);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_burst_of_errors_ends_after_its_number()
    {
        _fixture.Faults.Add(new FaultRule { Path = "/_api/version", Skip = 1, Times = 2, Status = 503 });

        var statuses = new List<int>();
        for (var call = 0; call < 5; call++)
        {
            statuses.Add((int)(await _client.SendAsync("GET", "/_api/version")).Status);
        }

        Assert.Equal([200, 503, 503, 200, 200], statuses);
    }

    [Fact]
    public async Task A_body_can_be_cut_in_the_middle()
    {
        var batch = await _client.OpenBatchAsync();
        _fixture.Faults.Add(new FaultRule { Path = "/_api/replication/dump", CutBodyAfter = 1000 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.DumpAsync(batch, "c"));
    }

    [Fact]
    public async Task A_header_can_be_missing()
    {
        var batch = await _client.OpenBatchAsync();
        _fixture.Faults.Add(new FaultRule { Path = "/_api/replication/dump", WithoutHeader = "x-arango-replication-checkmore" });

        var spoilt = (await _client.DumpAsync(batch, "c", "&docsPerBatch=10")).Expect(200);
        var healthy = (await _client.DumpAsync(batch, "c", "&docsPerBatch=10")).Expect(200);

        Assert.False(spoilt.Headers.ContainsKey("x-arango-replication-checkmore"));
        Assert.True(spoilt.Headers.ContainsKey("x-arango-replication-lastincluded"));
        Assert.True(healthy.Headers.ContainsKey("x-arango-replication-checkmore"));
    }

    [Fact]
    public async Task Content_can_be_wrong()
    {
        var batch = await _client.OpenBatchAsync();
        var right = (await _client.DumpAsync(batch, "c")).Text;
        _fixture.Faults.Add(new FaultRule { Path = "/_api/replication/dump", ChangeByteAt = 30 });

        var changed = (await _client.DumpAsync(batch, "c")).Text;

        Assert.Equal(right.Length, changed.Length);
        Assert.Equal(1, right.Zip(changed).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public async Task A_revision_can_be_wrong()
    {
        var batch = await _client.OpenBatchAsync();
        _fixture.Faults.Add(new FaultRule
        {
            Path = "/_api/replication/dump",
            ChangeBody = body => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span).Replace("\"_rev\":\"_", "\"_rev\":\"A", StringComparison.Ordinal)),
        });

        Assert.All((await _client.DumpAsync(batch, "c")).Lines, line => Assert.StartsWith("A", line["_rev"]!.GetValue<string>(), StringComparison.Ordinal));
    }
}
