using System.Text;
using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;
using MetisBackup.IntegrationTests.Replication;

namespace MetisBackup.IntegrationTests.Arango;

public sealed class RevisionReadingTests : IAsyncLifetime
{
    private static readonly RevisionRange Everything = new(new RevisionId(0), new RevisionId(ulong.MaxValue));

    private DevServerFixture _server = null!;
    private ArangoClient _client = null!;
    private ReplicationClient _calls = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DevServerFixture.StartAsync();
        _client = Open(_server.Endpoint.ToString().TrimEnd('/'));
        _calls = new ReplicationClient(_server.Client);
        await _calls.CreateCollectionAsync("c");
        await _calls.InsertAsync("c", 0, 1000, ",\"text\":\"ü \\n \\\"\"");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Listing_gives_the_ids_of_the_ranges_however_the_answers_are_cut(int? limit)
    {
        _server.Faults.RangesLimit = limit;
        await using var batch = await ReplicationBatch.OpenAsync(_client, "_system", Token);
        var all = await ListAsync(batch, Everything);
        Assert.Equal(1000, all.Count);
        Assert.Equal((await new SnapshotReading(batch).ReadTreeAsync("c", Token))!.Summary, RevisionSummary.Of(all.Select(static id => new RevisionId(id))));

        var ranges = new[] { Range(all[990], all[999]), Range(all[3], all[3]), Range(all[4], all[4]), Range(all[10], all[10]), Range(all[12], all[30]), Range(all[20], all[40]) };
        Assert.Equal([all[3], all[4], all[10], .. all[12..41], .. all[990..]], await ListAsync(batch, ranges));
        Assert.Empty(await ListAsync(batch));
        Assert.Equal([all[0]], await ListAsync(batch, Range(0, all[0])));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Documents_by_revision_are_those_of_the_dump_byte_for_byte(int? limit)
    {
        _server.Faults.DocumentsLimit = limit;
        await using var batch = await ReplicationBatch.OpenAsync(_client, "_system", Token);
        await _calls.InsertAsync("c", 5000, 5);
        var wanted = (await ListAsync(batch, Everything)).Where(static (_, position) => position % 3 == 0).ToList();
        var dumped = await DumpAsync(batch);

        var fetched = new StringBuilder();
        await foreach (var block in new RevisionDocumentsReader(batch).ReadAsync("c", wanted, Token))
        {
            using (block)
            {
                fetched.Append(Encoding.UTF8.GetString(block.Lines.Span));
            }
        }

        Assert.Equal(string.Concat(wanted.Select(id => dumped[id] + "\n")), fetched.ToString());
    }

    [Fact]
    public async Task A_revision_that_is_gone_ends_the_run()
    {
        await using var batch = await ReplicationBatch.OpenAsync(_client, "_system", Token);
        var last = (await ListAsync(batch, Everything))[^1];

        var error = await Assert.ThrowsAsync<MetisException>(() => FetchAsync(batch, [last, last + 1]));
        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains("is missing", error.Message, StringComparison.Ordinal);

        (await _calls.SendAsync("DELETE", $"/_api/replication/batch/{batch.Id}")).Expect(204);
        error = await Assert.ThrowsAsync<MetisException>(() => FetchAsync(batch, [last + 1]));
        Assert.Contains("lost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ranges":[["_jH0fZiO---","_jH0fZiN---"]]}""", "ascend")]
    [InlineData("""{"ranges":[["-_"]]}""", "not asked for")]
    [InlineData("""{"ranges":[["_jH0fZiO---"]],"resumeHLC":"_jH0fZiO---"}""", "where it has been")]
    [InlineData("""{"ranges":[["_jH0f ZiO"]]}""", "cannot be read")]
    [InlineData("""{"other":{"a":[1]}}""", "no ranges")]
    [InlineData("""{"ranges":[["_jH0fZiO---"]""", "missing")]
    public async Task A_listing_that_breaks_the_protocol_is_refused(string answer, string expected)
    {
        await using var server = Serve(_ => answer);
        using var client = Open(server.Endpoint);
        await using var batch = await ReplicationBatch.OpenAsync(client, "_system", Token);
        var error = await Assert.ThrowsAsync<MetisException>(() => ListAsync(batch, Range(2, ulong.MaxValue)));
        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listings_are_read_with_blanks_unknown_attributes_and_empty_ranges()
    {
        await using var server = Serve(static _ => """ { "more" : [ {"ranges":[]} ], "ranges" : [ [ ] , [ "_jH0fZiN---" , "_jH0fZiO---" ] ] , "resume" : null } """);
        using var client = Open(server.Endpoint);
        await using var batch = await ReplicationBatch.OpenAsync(client, "_system", Token);
        Assert.Equal(2, (await ListAsync(batch, Everything)).Count);
    }

    [Theory]
    [InlineData("""[]""", "no document")]
    [InlineData("""{}""", "not an array")]
    [InlineData("""[{}]""", "is missing")]
    [InlineData("""[{"_rev":"B"}]""", "instead of")]
    [InlineData("""[{"_rev":"_","nested":{"_rev":"B"}},{"_rev":"A"}]""", "more documents")]
    [InlineData("""[{"_rev":"_" """, "not JSON")]
    public async Task Documents_that_break_the_protocol_are_refused(string answer, string expected)
    {
        await using var server = Serve(_ => answer);
        using var client = Open(server.Endpoint);
        await using var batch = await ReplicationBatch.OpenAsync(client, "_system", Token);
        var error = await Assert.ThrowsAsync<MetisException>(() => FetchAsync(batch, [1]));
        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static RevisionRange Range(ulong min, ulong max) => new(new RevisionId(min), new RevisionId(max));

    private static ArangoClient Open(string endpoint) =>
        new(new ArangoConnection { Endpoint = ArangoEndpoint.Parse(endpoint), User = "root", Password = "" }, TimeProvider.System);

    private static ScriptedServer Serve(Func<string, string> answer) => new(line => line switch
    {
        _ when line.Contains("/_open/auth", StringComparison.Ordinal) => ScriptedServer.Answer(404, "{}"),
        _ when line.StartsWith("POST", StringComparison.Ordinal) => ScriptedServer.Answer(200, """{"id":"7","lastTick":"1"}"""),
        _ when line.Contains("/revisions/", StringComparison.Ordinal) => ScriptedServer.Answer(200, answer(line)),
        _ => "HTTP/1.1 204 No Content\r\n\r\n",
    });

    private static async Task<List<ulong>> ListAsync(ReplicationBatch batch, params RevisionRange[] ranges)
    {
        var ids = new List<ulong>();
        await foreach (var block in new RevisionLister(batch).ListAsync("c", ranges, Token))
        {
            ids.AddRange(block.Ids.Span);
        }

        return ids;
    }

    private static async Task FetchAsync(ReplicationBatch batch, IEnumerable<ulong> revisions)
    {
        await foreach (var block in new RevisionDocumentsReader(batch).ReadAsync("c", revisions, Token))
        {
            block.Dispose();
        }
    }

    private static async Task<Dictionary<ulong, string>> DumpAsync(ReplicationBatch batch)
    {
        var lines = new StringBuilder();
        await new CollectionDumpReader(batch).ReadAsync(
            "c",
            (block, _) =>
            {
                using (block)
                {
                    lines.Append(Encoding.UTF8.GetString(block.Lines.Span));
                }

                return default;
            },
            Token);
        return lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            static line => RevisionId.ParseRev(JsonDocument.Parse(line).RootElement.GetProperty("_rev").GetString()!).Value);
    }
}
