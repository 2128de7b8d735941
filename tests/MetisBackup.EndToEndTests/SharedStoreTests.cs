using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>Two servers with a database of the same name, whose snapshots lie in one store.</summary>
public sealed class SharedStoreTests
{
    [Fact]
    public async Task Each_server_has_its_own_number_its_own_latest_and_its_own_status()
    {
        await using var production = await Scene.SetAsync(10);
        await using var staging = await Scene.SetAsync(20);
        var file = Path.Combine(production.Folder, "config.toml");
        await File.WriteAllTextAsync(
            file,
            $"""
            [server]
            endpoint = "{production.Http.Endpoint}"
            [operational]
            database = "{Scene.Database}"
            store = "{production.Store}"
            [retention.operational]
            last = 1
            weekly = 0
            [target.staging]
            endpoint = "{staging.Http.Endpoint}"
            database = "{Scene.Database}"
            allowed_age = "26h"
            """,
            TestContext.Current.CancellationToken);
        Task<RunResult> Run(params string[] arguments) => Metis.RunAsync([.. arguments, "--config", file]);
        async Task<string> Create(params string[] target) => (await Run(["create", "Before the change", "--quiet", .. target])).Succeeded().Out.Trim();

        var first = await Create();
        var missing = await Run("status", "--json", "--target", "staging");
        Assert.Equal(("critical", 0), (missing.Json.GetProperty("health").GetString(), missing.Json.GetProperty("series")[0].GetProperty("points").GetProperty("own").GetInt32()));

        var other = await Create("--target", "staging");
        var second = await Create();
        Assert.Equal([other, second], production.Snapshots.Except([first]).Order(StringComparer.Ordinal)); // if the hour ended in between, the first is gone
        Assert.Contains($"of {Environment.MachineName.ToLowerInvariant()}:{new Uri(staging.Http.Endpoint).Port}", (await Run("list")).Succeeded().Out, StringComparison.Ordinal);

        Assert.Equal(20, Documents(await Run("show", $"latest:{Scene.Database}", "--json", "--target", "staging")));
        Assert.Equal(10, Documents(await Run("show", "latest", "--json", "--target", "operational")));
        Assert.Equal(other, Newest(await Run("status", "--json", "--target", "staging")));
        Assert.Equal(second, Newest(await Run("status", "--json", "--target", "operational")));
        var nobody = await Run("show", "latest", "--endpoint", "http://127.0.0.1:1");
        Assert.Equal(2, nobody.ExitCode);
        Assert.Contains($"{second}, {other}", nobody.Error, StringComparison.Ordinal);

        Assert.Equal(15, (await Run("delete", other, "--yes")).ExitCode);
        (await Run("restore", "latest", "--yes", "--target", "staging")).Succeeded();
        Assert.Equal(20, JsonNode.Parse(await staging.ReadAsync("goods"))!.AsArray().Count);
    }

    private static long Documents(RunResult result) => result.Succeeded().Json.GetProperty("collections").EnumerateArray().First(static one => one.GetProperty("name").GetString() == "goods").GetProperty("documents").GetInt64();

    private static string Newest(RunResult result) => result.Succeeded().Json.GetProperty("series")[0].GetProperty("last_point").GetString()!;
}
