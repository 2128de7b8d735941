using System.Text;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;

namespace MetisBackup.IntegrationTests.Arango;

public sealed class CollectionDumpReaderTests
{
    private const string Dump = "Content-Type: application/x-arango-dump; charset=utf-8\r\n";
    private const string End = "x-arango-replication-checkmore: false\r\nx-arango-replication-lastincluded: 2\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Dump + End, "{\"_key\":\"1\"}\n{\"_key\"", "ends inside a document")]
    [InlineData(Dump + End, "{\"_key\":\"1\"}", "ends inside a document")]
    [InlineData(Dump + "x-arango-replication-lastincluded: 2\r\n", "{}\n", "whether there is more")]
    [InlineData(Dump + "x-arango-replication-checkmore: false\r\n", "{}\n", "how far")]
    [InlineData("Content-Type: text/html\r\n" + End, "{}\n", "media type")]
    [InlineData(Dump + "x-arango-replication-checkmore: true\r\nx-arango-replication-lastincluded: 0\r\n", "{}\n", "does not move")]
    public async Task An_answer_that_breaks_the_protocol_is_refused(string headers, string body, string expected)
    {
        await using var server = Serve(_ => ScriptedServer.Answer(200, body, headers));

        var error = await Assert.ThrowsAsync<MetisException>(() => ReadAsync(server));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_cut_is_refused()
    {
        await using var server = Serve(_ => $"HTTP/1.1 200 OK\r\n{Dump}{End}Content-Length: 1000\r\nConnection: close\r\n\r\n{{\"_key\":\"1\"}}\n");

        var error = await Assert.ThrowsAsync<MetisException>(() => ReadAsync(server));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains("broke", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_at_all_is_an_empty_collection()
    {
        await using var server = Serve(static _ => $"HTTP/1.1 204 No Content\r\n{Dump}{End}\r\n");

        Assert.Empty(await ReadAsync(server));
    }

    [Fact]
    public async Task Lines_of_every_size_arrive_byte_for_byte_and_whole()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 300).Select(i => $"{{\"_key\":\"{i}\",\"t\":\"{new string('ü', random.Next(i % 50 == 0 ? 1_500_000 : 4000))}\"}}\n").ToList();
        var page = -1;
        await using var server = Serve(_ =>
        {
            page++;
            var more = page < 2 ? "true" : "false";
            return ScriptedServer.Answer(
                200, string.Concat(lines.Skip(page * 100).Take(100)), $"{Dump}x-arango-replication-checkmore: {more}\r\nx-arango-replication-lastincluded: {page + 1}\r\n");
        });

        var blocks = await ReadAsync(server);

        Assert.All(blocks, static block => Assert.EndsWith("}\n", block, StringComparison.Ordinal));
        Assert.Equal(string.Concat(lines), string.Concat(blocks));
    }

    private static ScriptedServer Serve(Func<string, string> dump) => new(line => line switch
    {
        _ when line.Contains("/_open/auth", StringComparison.Ordinal) => ScriptedServer.Answer(404, "{}"),
        _ when line.StartsWith("POST", StringComparison.Ordinal) => ScriptedServer.Answer(200, """{"id":"7","lastTick":"1"}"""),
        _ when line.Contains("/dump", StringComparison.Ordinal) => dump(line),
        _ => "HTTP/1.1 204 No Content\r\n\r\n",
    });

    private static async Task<List<string>> ReadAsync(ScriptedServer server)
    {
        using var client = new ArangoClient(
            new ArangoConnection { Endpoint = ArangoEndpoint.Parse(server.Endpoint), User = "root", Password = "" }, TimeProvider.System);
        await using var batch = await ReplicationBatch.OpenAsync(client, "shop", Token);
        var blocks = new List<string>();
        await new CollectionDumpReader(batch).ReadAsync(
            "products",
            (block, _) =>
            {
                using (block)
                {
                    blocks.Add(Encoding.UTF8.GetString(block.Lines.Span));
                }

                return default;
            },
            Token);
        return blocks;
    }
}
