using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class DevServerKillTests
{
    private const int Rounds = 12;

    [Fact]
    public async Task A_killed_server_has_every_write_that_it_acknowledged()
    {
        var folder = Directory.CreateTempSubdirectory("metis-kill-").FullName;
        var server = await ServerProcess.StartAsync(Path.Combine(folder, "server"));
        try
        {
            using var http = new ServerHttp(server.Endpoint);
            await http.SendAsync(HttpMethod.Post, "/_api/collection", new JsonObject { ["name"] = "c" });
            var acknowledged = new ConcurrentDictionary<string, string>();
            var random = new Random(20_261_123);
            for (var round = 0; round < Rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                var writers = Enumerable.Range(0, 3).Select(writer => WriteAsync(http, $"r{round}w{writer}", acknowledged, stop.Token)).ToList();
                await Task.Delay(random.Next(30, 250), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await stop.CancelAsync();
                await Task.WhenAll(writers);
                await server.RestartAsync();
                await ProveAsync(http, acknowledged);
            }

            Assert.True(acknowledged.Count > Rounds * 10, $"only {acknowledged.Count} writes were acknowledged");
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Two_servers_do_not_share_a_data_directory()
    {
        var folder = Directory.CreateTempSubdirectory("metis-lock-").FullName;
        var server = await ServerProcess.StartAsync(Path.Combine(folder, "server"));
        try
        {
            var second = await Metis.RunAsync("devserver", "--data", Path.Combine(folder, "server"), "--listen", "http://127.0.0.1:0");

            second.Failed(16);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes batches until the server is gone, noting the revision of each document that was acknowledged.</summary>
    private static async Task WriteAsync(ServerHttp http, string prefix, ConcurrentDictionary<string, string> acknowledged, CancellationToken stop)
    {
        for (var batch = 0; !stop.IsCancellationRequested; batch++)
        {
            var documents = new JsonArray([.. Enumerable.Range(0, 20).Select(item => new JsonObject { ["_key"] = $"{prefix}b{batch}i{item}", ["text"] = new string('x', 500) })]);
            try
            {
                var answer = await http.SendAsync(HttpMethod.Post, "/_api/document/c", documents);
                foreach (var written in answer!.AsArray())
                {
                    acknowledged[(string)written!["_key"]!] = (string)written["_rev"]!;
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    /// <summary>Each acknowledged document is there, batches are whole, and count and tree agree with the documents.</summary>
    private static async Task ProveAsync(ServerHttp http, ConcurrentDictionary<string, string> acknowledged)
    {
        var query = new JsonObject { ["query"] = "FOR d IN c RETURN [d._key, d._rev]", ["batchSize"] = 10_000_000 };
        var found = (await http.SendAsync(HttpMethod.Post, "/_api/cursor", query))!["result"]!.AsArray()
            .ToDictionary(pair => (string)pair![0]!, pair => (string)pair![1]!);
        foreach (var (key, revision) in acknowledged)
        {
            Assert.True(found.TryGetValue(key, out var there), $"{key} is lost");
            Assert.Equal(revision, there);
        }

        Assert.Equal(0, found.Count % 20);
        Assert.Equal(found.Count, (int)(await http.SendAsync(HttpMethod.Get, "/_api/collection/c/count"))!["count"]!);
        var batch = (string)(await http.SendAsync(HttpMethod.Post, "/_api/replication/batch", new JsonObject { ["ttl"] = 60 }))!["id"]!;
        var tree = await http.SendAsync(HttpMethod.Get, $"/_api/replication/revisions/tree?collection=c&batchId={batch}&onlyPopulated=true&verification=true");
        Assert.True((bool)tree!["equal"]!);
        Assert.Equal(found.Count, (int)tree["stored"]!["count"]!);
    }
}
