using System.Text.Json.Nodes;
using MetisBackup.DevServer.Faults;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>What most scenarios need: a server, a store, and a small database with a bit of everything.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string Database = "shop";
    private readonly IAsyncDisposable _server;

    private Scene(string folder, IAsyncDisposable server, ServerHttp http)
    {
        (Folder, _server, Http) = (folder, server, http);
        Store = Path.Combine(folder, "snapshots");
    }

    public ServerHttp Http { get; }

    /// <summary>The server, when it is a process of its own.</summary>
    public ServerProcess Server => (ServerProcess)_server;

    public string Store { get; }

    /// <summary>Where a scenario may put files of its own.</summary>
    public string Folder { get; }

    /// <summary>Names of the visible snapshots.</summary>
    public IReadOnlyList<string> Snapshots => Directory.Exists(Store)
        ? [.. Directory.EnumerateDirectories(Store).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>A server in a process of its own, without authentication.</summary>
    public static Task<Scene> SetAsync(int documents = 500) => SetAsync(
        documents,
        async folder =>
        {
            var server = await ServerProcess.StartAsync(Path.Combine(folder, "server"));
            return (server, new ServerHttp(server.Endpoint));
        });

    /// <summary>A server in a process of its own that wants the password of root, which lies in the file <c>password</c> of the folder.</summary>
    public static Task<Scene> SetWithPasswordAsync(string password) => SetAsync(
        100,
        async folder =>
        {
            var file = Path.Combine(folder, "password");
            await File.WriteAllTextAsync(file, password + "\n", TestContext.Current.CancellationToken);
            var server = await ServerProcess.StartAsync(Path.Combine(folder, "server"), file);
            return (server, new ServerHttp(server.Endpoint, password));
        });

    /// <summary>A server in the process of the test, on which things can go wrong at a chosen moment.</summary>
    public static Task<Scene> SetWithFaultsAsync(FaultPlan faults) => SetAsync(
        500,
        async folder =>
        {
            var server = await DevServerHost.StartAsync(new DevServerOptions { DataDirectory = Path.Combine(folder, "server"), Faults = faults }, CancellationToken.None);
            return (server, new ServerHttp(server.Endpoint.GetLeftPart(UriPartial.Authority)));
        });

    /// <summary>Runs a command against the server and the store of the scene.</summary>
    public Task<RunResult> RunAsync(params string[] arguments) => Metis.RunAsync(Complete(arguments));

    /// <summary>The arguments with endpoint and store, in front of a <c>--</c> that ends the options.</summary>
    public string[] Complete(params string[] arguments)
    {
        var end = Array.IndexOf(arguments, "--");
        return end < 0
            ? [.. arguments, "--endpoint", Http.Endpoint, "--store", Store]
            : [.. arguments[..end], "--endpoint", Http.Endpoint, "--store", Store, .. arguments[end..]];
    }

    /// <summary>Takes a snapshot and returns its name.</summary>
    public async Task<string> CreateAsync(string description = "Before the change", string database = Database) =>
        (await RunAsync("create", description, "--database", database, "--quiet")).Succeeded().Out.Trim();

    /// <summary>All documents of a collection, revisions included, sorted by key, as text.</summary>
    public async Task<string> ReadAsync(string collection, string database = Database)
    {
        var body = new JsonObject { ["query"] = "FOR d IN @@c SORT d._key RETURN d", ["bindVars"] = new JsonObject { ["@c"] = collection }, ["batchSize"] = 1_000_000 };
        var answer = await Http.SendAsync(HttpMethod.Post, $"/_db/{database}/_api/cursor", body);
        return answer!["result"]!.ToJsonString();
    }

    /// <summary>The whole database as a text that differs when anything of it does: documents, indexes, views, graphs.</summary>
    public async Task<string> PhotographAsync(string database = Database)
    {
        var parts = new List<string>();
        foreach (var collection in await CollectionsAsync(database))
        {
            var indexes = await Http.SendAsync(HttpMethod.Get, $"/_db/{database}/_api/index?collection={collection}");
            parts.Add($"{collection}: {await ReadAsync(collection, database)} {string.Join(',', indexes!["indexes"]!.AsArray().Select(one => (string)one!["name"]!).Order(StringComparer.Ordinal))}");
        }

        var views = await Http.SendAsync(HttpMethod.Get, $"/_db/{database}/_api/view");
        parts.Add("views: " + string.Join(',', views!["result"]!.AsArray().Select(one => (string)one!["name"]!).Order(StringComparer.Ordinal)));
        parts.Add("graphs: " + await ReadAsync("_graphs", database));
        return string.Join('\n', parts);
    }

    /// <summary>Names of the collections of a user, sorted.</summary>
    public async Task<IReadOnlyList<string>> CollectionsAsync(string database = Database)
    {
        var answer = await Http.SendAsync(HttpMethod.Get, $"/_db/{database}/_api/collection?excludeSystem=true");
        return [.. answer!["result"]!.AsArray().Select(one => (string)one!["name"]!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Changes, removes and adds something of each kind.</summary>
    public async Task ChangeAsync()
    {
        const string root = $"/_db/{Database}";
        await Http.SendAsync(HttpMethod.Patch, root + "/_api/document/goods", Documents(0, 20, number => new JsonObject { ["_key"] = Key(number), ["price"] = -1 }));
        await Http.SendAsync(HttpMethod.Post, root + "/_api/document/goods", new JsonObject { ["sku"] = "intruder" });
        await Http.SendAsync(HttpMethod.Put, root + "/_api/collection/bought/truncate");
        await Http.SendAsync(HttpMethod.Delete, root + "/_api/view/search");
        if (!await Http.ExistsAsync(root + "/_api/collection/experiment"))
        {
            await Http.SendAsync(HttpMethod.Post, root + "/_api/collection", new JsonObject { ["name"] = "experiment" });
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Http.Dispose();
            await _server.DisposeAsync();
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Whatever fails on the way, nothing stays behind.</summary>
    private static async Task<Scene> SetAsync(int documents, Func<string, Task<(IAsyncDisposable Server, ServerHttp Http)>> start)
    {
        var folder = Directory.CreateTempSubdirectory("metis-e2e-").FullName;
        Scene? scene = null;
        try
        {
            var (server, http) = await start(folder);
            scene = new Scene(folder, server, http);
            await FillAsync(http, documents);
            return scene;
        }
        catch
        {
            await (scene?.DisposeAsync() ?? default);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    private static async Task FillAsync(ServerHttp http, int documents)
    {
        const string root = $"/_db/{Database}";
        await http.SendAsync(HttpMethod.Post, "/_api/database", new JsonObject { ["name"] = Database });
        await http.SendAsync(HttpMethod.Post, root + "/_api/collection", new JsonObject { ["name"] = "goods" });
        await http.SendAsync(HttpMethod.Post, root + "/_api/collection", new JsonObject { ["name"] = "bought", ["type"] = 3 });
        await http.SendAsync(HttpMethod.Post, root + "/_api/collection", new JsonObject { ["name"] = "empty" });
        await http.SendAsync(HttpMethod.Post, root + "/_api/index?collection=goods", JsonNode.Parse("""{"type":"persistent","name":"by_sku","fields":["sku"],"unique":true}"""));
        await http.SendAsync(HttpMethod.Post, root + "/_api/document/goods", Documents(0, documents, number => new JsonObject { ["_key"] = Key(number), ["sku"] = $"sku-{number}", ["name"] = $"Ding {number} 日本 🚀", ["price"] = number * 0.25 }));
        await http.SendAsync(HttpMethod.Post, root + "/_api/document/bought", Documents(0, documents / 2, number => new JsonObject { ["_key"] = Key(number), ["_from"] = "goods/" + Key(number), ["_to"] = "goods/" + Key(number + 1) }));
        await http.SendAsync(HttpMethod.Post, root + "/_api/gharial", JsonNode.Parse("""{"name":"trade","edgeDefinitions":[{"collection":"bought","from":["goods"],"to":["goods"]}]}"""));
        await http.SendAsync(HttpMethod.Post, root + "/_api/view", JsonNode.Parse("""{"name":"search","type":"arangosearch","links":{"goods":{"includeAllFields":true}}}"""));
    }

    private static string Key(int number) => $"k{number:000000}";

    private static JsonArray Documents(int first, int count, Func<int, JsonObject> make) => new([.. Enumerable.Range(first, count).Select(make)]);
}
