using System.Globalization;
using System.Text;
using System.Text.Json;
using MetisBackup.App.Operations;

namespace MetisBackup.IntegrationTests.Operations;

/// <summary>A server with a small but complete database, a store, and the operations between them.</summary>
internal sealed class Lab : IAsyncDisposable
{
    public const string Database = "shop";
    public const int Products = 3000;

    private Lab(DevServerFixture server, string? password) => (Server, Password) = (server, password);

    public DevServerFixture Server { get; }

    public string? Password { get; }

    public string Store { get; } = Path.Combine(Directory.CreateTempSubdirectory("metis-store-").FullName, "snapshots");

    public RecordedProgress Progress { get; set; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ServerSettings Settings => new(Server.Endpoint.ToString().TrimEnd('/'), "root", Password ?? "");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Lab> StartAsync(string? password = null)
    {
        var lab = new Lab(await DevServerFixture.StartAsync(password), password);
        if (password is not null)
        {
            lab.Server.Client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"root:{password}")));
        }

        return lab;
    }

    /// <summary>Collections, edges, every kind of index, views, a graph, an analyzer, a function, schema and computed values.</summary>
    public static async Task<Lab> StartFilledAsync(string? password = null)
    {
        var lab = await StartAsync(password);
        try
        {
            await FillAsync(lab);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    private static async Task FillAsync(Lab lab)
    {
        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", """{"name":"shop"}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/analyzer", """{"name":"words","type":"text","properties":{"locale":"en","stopwords":[]},"features":["frequency","norm","position"]}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"products","schema":{"rule":{"type":"object"},"level":"moderate","message":"no"},"computedValues":[{"name":"seen","expression":"RETURN 1","overwrite":false,"computeOn":["insert"],"failOnWarning":false,"keepNull":true}]}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"people","waitForSync":false,"keyOptions":{"type":"padded"}}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"bought","type":3}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"empty"}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/index?collection=products", """{"type":"persistent","name":"by_sku","fields":["sku"],"unique":true}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/index?collection=products", """{"type":"inverted","name":"inv","fields":["name"]}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/index?collection=people", """{"type":"ttl","name":"gone","fields":["until"],"expireAfter":3600}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/gharial", """{"name":"sales","edgeDefinitions":[{"collection":"bought","from":["people"],"to":["products"]}],"orphanCollections":[]}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/aqlfunction", """{"name":"shop::twice","code":"function (x) { return 2 * x; }","isDeterministic":true}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/view", """{"name":"search","type":"arangosearch","links":{"products":{"fields":{"name":{"analyzers":["words"]}}}}}""");
        await lab.CallAsync(HttpMethod.Post, Database, "/_api/view", """{"name":"alias","type":"search-alias","indexes":[{"collection":"products","index":"inv"}]}""");
        await lab.InsertAsync("products", Enumerable.Range(0, Products).Select(static i => $$"""{"_key":"p{{i}}","sku":{{i}},"name":"Größe \"{{i}}\" \n 🙂","price":{{(i * 0.1).ToString("R", CultureInfo.InvariantCulture)}},"big":1152921504606846976,"nested":{"_rev":"not this","_key":"nor this"} }"""));
        await lab.InsertAsync("people", Enumerable.Range(0, 50).Select(static i => $$"""{"_key":"u{{i}}","n":{{i}}}"""));
        await lab.InsertAsync("bought", Enumerable.Range(0, 500).Select(static i => $$"""{"_from":"people/u{{i % 50}}","_to":"products/p{{i}}","at":{{i}}}"""));
    }

    public Task InsertAsync(string collection, IEnumerable<string> documents, string database = Database) =>
        CallAsync(HttpMethod.Post, database, $"/_api/document/{collection}?silent=true", $"[{string.Join(',', documents)}]");

    /// <summary>Sends a call that must succeed.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string? database, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, (database is null ? "" : $"/_db/{Uri.EscapeDataString(database)}") + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Server.Client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Everything of a database as sorted lines: documents as they are dumped, structures without identities.</summary>
    public async Task<IReadOnlyList<string>> PictureAsync(string database = Database)
    {
        var batch = (await CallAsync(HttpMethod.Post, database, "/_api/replication/batch", """{"ttl":60}""")).GetProperty("id").GetString();
        var inventory = await CallAsync(HttpMethod.Get, database, $"/_api/replication/inventory?batchId={batch}&includeSystem=true");
        var picture = new List<string>();
        foreach (var collection in inventory.GetProperty("collections").EnumerateArray())
        {
            var name = collection.GetProperty("parameters").GetProperty("name").GetString()!;
            picture.Add($"{name} {Plain(collection)}");
            var dump = await Server.Client.GetStringAsync(
                new Uri($"/_db/{Uri.EscapeDataString(database)}/_api/replication/dump?collection={name}&batchId={batch}&useEnvelope=false&chunkSize=134217728&docsPerBatch=10000000", UriKind.Relative), Token);
            picture.AddRange(dump.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{name} {line}"));
        }

        picture.AddRange(inventory.GetProperty("views").EnumerateArray().Select(static view => $"view {Plain(view)}"));
        await CallAsync(HttpMethod.Delete, database, $"/_api/replication/batch/{batch}");
        picture.Sort(StringComparer.Ordinal);
        return picture;
    }

    /// <summary>What an experiment does to a database: updates, removals, additions, structure.</summary>
    public async Task ExperimentAsync()
    {
        await CallAsync(HttpMethod.Delete, Database, "/_api/document/products", """["p1","p2","p3"]""");
        await CallAsync(HttpMethod.Patch, Database, "/_api/document/products/p4", """{"sku":-4}""");
        await InsertAsync("products", ["""{"_key":"new","sku":-1}"""]);
        await CallAsync(HttpMethod.Delete, Database, "/_api/view/alias");
        await CallAsync(HttpMethod.Delete, Database, "/_api/index/products/by_sku");
        await CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"experiment"}""");
        await InsertAsync("experiment", ["""{"x":1}"""]);
        await CallAsync(HttpMethod.Post, Database, "/_api/collection", """{"name":"links","type":3}""");
        await CallAsync(HttpMethod.Post, Database, "/_api/gharial", """{"name":"odd","edgeDefinitions":[{"collection":"links","from":["experiment"],"to":["experiment"]}]}""");
        await CallAsync(HttpMethod.Delete, Database, "/_api/gharial/sales?dropCollections=false");
        await CallAsync(HttpMethod.Delete, Database, "/_api/collection/empty");
        await CallAsync(HttpMethod.Post, Database, "/_api/view", """{"name":"empty","type":"arangosearch"}""");
        await CallAsync(HttpMethod.Delete, Database, "/_api/aqlfunction/shop::twice");
        await CallAsync(HttpMethod.Put, Database, "/_api/collection/products/properties", """{"schema":null}""");
    }

    public Task<CreateSnapshotResult> CreateAsync(string database = Database, ServerSettings? server = null) =>
        new CreateSnapshot(Clock, Progress).RunAsync(
            new CreateSnapshotRequest { Server = server ?? Settings, StorePath = Store, Database = database, Description = "Before the experiment" }, Token);

    public Task<RestoreDatabaseResult> RestoreAsync(
        string name = "latest",
        string? into = null,
        IReadOnlyList<string>? only = null,
        bool dryRun = false,
        bool full = false,
        bool approved = true,
        CancellationToken? cancellationToken = null) =>
        new RestoreDatabase(Clock, Progress).RunAsync(
            new RestoreDatabaseRequest
            {
                Server = Settings,
                StorePath = Store,
                Name = name,
                Into = into,
                Collections = only ?? [],
                DryRun = dryRun,
                Full = full,
                IsApproved = approved,
                Approve = static (_, _) => ValueTask.FromResult(true),
            },
            cancellationToken ?? Token);

    public Task<VerifySnapshotResult> VerifyAsync(string name) =>
        new VerifySnapshot(Clock, Progress).RunAsync(new VerifySnapshotRequest { StorePath = Store, Name = name }, Token);

    public async Task<ListSnapshotsResult> ListAsync() =>
        await new ListSnapshots(Clock).RunAsync(new ListSnapshotsRequest { StorePath = Store }, Token);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Server.DisposeAsync();
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(Store)!, recursive: true);
        }
    }

    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject()
            .Where(static one => one.Name is not ("id" or "cid" or "planId" or "globallyUniqueId" or "lastValue"))
            .OrderBy(static one => one.Name, StringComparer.Ordinal)
            .Select(static one => $"{one.Name}:{(one.NameEquals("indexes") ? Sorted(one.Value) : Plain(one.Value))}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Plain)) + "]",
        _ => value.GetRawText(),
    };

    /// <summary>The order of indexes is that of their making and means nothing.</summary>
    private static string Sorted(JsonElement indexes) => "[" + string.Join(',', indexes.EnumerateArray().Select(Plain).Order(StringComparer.Ordinal)) + "]";
}
