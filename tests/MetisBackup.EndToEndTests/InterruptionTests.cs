using System.Diagnostics;
using System.Text.Json.Nodes;
using MetisBackup.DevServer.Faults;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class InterruptionTests
{
    private const int Seed = 20261123;
    private static readonly int Moments = Environment.GetEnvironmentVariable("METIS_LONG") == "1" ? 1000 : 100;

    [Fact]
    public async Task A_create_killed_at_a_hundred_random_moments_leaves_the_store_consistent()
    {
        await using var scene = await Scene.SetAsync(2000);
        var random = new Random(Seed);
        var longest = await TimeAsync(scene, "create", "measure", "--database", Scene.Database);
        for (var moment = 0; moment < Moments; moment++)
        {
            await KillAfterAsync(scene, random.NextDouble() * 1.1 * longest, "create", $"killed {moment}", "--database", Scene.Database);

            await AssertSoundAsync(scene, moment);
            (await scene.RunAsync("create", $"rerun {moment}", "--database", Scene.Database)).Succeeded();
            await TidyAsync(scene);
        }
    }

    [Fact]
    public async Task A_restore_killed_at_a_hundred_random_moments_succeeds_when_it_is_run_again()
    {
        await using var scene = await Scene.SetAsync(2000);
        var random = new Random(Seed + 1);
        var before = await scene.PhotographAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        var longest = await TimeAsync(scene, "restore", name, "--yes");
        for (var moment = 0; moment < Moments; moment++)
        {
            await scene.ChangeAsync();
            await KillAfterAsync(scene, random.NextDouble() * 1.1 * longest, "restore", name, "--yes");

            await AssertSoundAsync(scene, moment);
            (await scene.RunAsync("restore", name, "--yes")).Succeeded();
            Assert.Equal(before, await scene.PhotographAsync());
            await TidyAsync(scene, name);
        }
    }

    [Fact]
    public async Task A_partial_restore_killed_at_random_moments_loses_neither_views_nor_what_was_written_in_between()
    {
        const string root = $"/_db/{Scene.Database}/_api";
        await using var scene = await Scene.SetAsync(1000);
        var random = new Random(Seed + 3);
        var name = await scene.CreateAsync();
        await scene.Http.SendAsync(HttpMethod.Post, root + "/view", JsonNode.Parse("""{"name":"mine","type":"arangosearch","links":{"goods":{"includeAllFields":true}}}"""));
        var before = await scene.PhotographAsync();
        string[] restore = ["restore", name, "--collection", "goods", "--full", "--yes", "--json"];
        var longest = await TimeAsync(scene, restore);
        for (var moment = 0; moment < Moments / 10; moment++)
        {
            await KillAfterAsync(scene, random.NextDouble() * 1.1 * longest, restore);
            await scene.Http.SendAsync(HttpMethod.Post, root + "/document/goods", JsonNode.Parse($$"""{"_key":"work{{moment}}","sku":"work"}"""));

            var again = (await scene.RunAsync(restore)).Succeeded().Json;

            Assert.Equal(before, await scene.PhotographAsync());
            var states = again.GetProperty("interim_snapshots").EnumerateArray().Select(static one => one.GetString()!).ToList();
            var saved = states.Count > 0 ? states[^1] : again.GetProperty("safety_snapshot").GetString()!;
            Assert.Contains($"work{moment}", (await scene.RunAsync("diff", name, saved, "--collection", "goods", "--keys", "--limit", "0")).Succeeded().Out, StringComparison.Ordinal);
            await TidyAsync(scene, name);
        }
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_is_an_error_and_the_same_command_succeeds_afterwards()
    {
        await using var scene = await Scene.SetAsync(2000);
        var random = new Random(Seed + 2);
        var before = await scene.PhotographAsync();
        var name = await scene.CreateAsync();
        var longest = await TimeAsync(scene, "restore", name, "--yes");
        for (var moment = 0; moment < 5; moment++)
        {
            foreach (var command in new string[][] { ["create", "x", "--database", Scene.Database], ["restore", name, "--yes"] })
            {
                using var process = Metis.Start(scene.Complete(command));
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * longest), TestContext.Current.CancellationToken);
                await scene.Server.KillAsync();
                var result = await Metis.EndAsync(process);
                Assert.True(result.ExitCode is 0 or 16, $"{command[0]} {moment}: {result.ExitCode} {result.Error}");
                await scene.Server.RestartAsync();

                await AssertSoundAsync(scene, moment);
                (await scene.RunAsync(command)).Succeeded();
            }

            Assert.Equal(before, await scene.PhotographAsync());
        }
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_a_create_in_order(string signal, int code)
    {
        using var gate = new Gate();
        await using var scene = await Scene.SetWithFaultsAsync(gate.Before("dump"));
        using var process = Metis.Start(scene.Complete("create", "x", "--database", Scene.Database));
        await gate.Reached;

        Signals.Send(process, signal);

        (await Metis.EndAsync(process)).Failed(code, "no snapshot was made");
        gate.Open();
        Assert.Empty(scene.Snapshots);
        await scene.CreateAsync();
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    [Fact]
    public async Task A_signal_ends_a_restore_and_the_same_command_finishes_it()
    {
        using var gate = new Gate();
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        var before = await scene.PhotographAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        gate.Before("isRestore=true", faults);
        using var process = Metis.Start(scene.Complete("restore", name, "--yes"));
        await gate.Reached;

        Signals.Send(process, "INT");

        (await Metis.EndAsync(process)).Failed(130, "run the same command again", "go back: metis-backup restore metis_", $"before_restore_of_{name}"[..40]);
        gate.Open();
        Assert.Contains("did not end", (await scene.RunAsync("list")).Succeeded().Error, StringComparison.Ordinal);
        (await scene.RunAsync("restore", name, "--yes")).Succeeded();
        Assert.Equal(before, await scene.PhotographAsync());
        Assert.DoesNotContain("did not end", (await scene.RunAsync("list")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_list_says_of_an_unfinished_part_finishes_that_part()
    {
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        var before = await scene.ReadAsync("goods");
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        faults.Add(new FaultRule { Path = "/_api/document/goods", Status = 500, ErrorNumber = 4, Times = 1 });
        (await scene.RunAsync("restore", name, "--collection", "goods", "--yes")).Failed(16);

        var list = (await scene.RunAsync("list")).Succeeded().Error;

        var command = $"metis-backup restore {name} --into {Scene.Database} --collection goods";
        Assert.Contains("collection goods of " + name, list, StringComparison.Ordinal);
        Assert.Contains(command + ", or go back", list, StringComparison.Ordinal);
        (await scene.RunAsync([.. command.Split(' ')[1..], "--yes"])).Succeeded();
        Assert.Equal(before, await scene.ReadAsync("goods"));
        Assert.DoesNotContain("did not end", (await scene.RunAsync("list")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_at_the_same_time_do_not_meet()
    {
        using var gate = new Gate();
        await using var scene = await Scene.SetWithFaultsAsync(gate.Before("dump"));
        using var first = Metis.Start(scene.Complete("create", "first", "--database", Scene.Database));
        await gate.Reached;

        (await scene.RunAsync("create", "second", "--database", Scene.Database)).Failed(11, Scene.Database, "hint:");

        gate.Open();
        (await Metis.EndAsync(first)).Succeeded();
        Assert.Single(scene.Snapshots);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_is_an_error_and_the_same_command_succeeds()
    {
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        faults.Add(new FaultRule { Path = "dump", CutBodyAfter = 100, Times = 100 });

        (await scene.RunAsync("create", "x", "--database", Scene.Database)).Failed(16, "hint:");

        Assert.Empty(scene.Snapshots);
        faults.Clear();
        await scene.CreateAsync();
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    private static async Task<double> TimeAsync(Scene scene, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        (await scene.RunAsync(arguments)).Succeeded();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task KillAfterAsync(Scene scene, double seconds, params string[] arguments)
    {
        using var process = Metis.Start(scene.Complete(arguments));
        await Task.WhenAny(process.WaitForExitAsync(TestContext.Current.CancellationToken), Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken));
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whatever is visible is whole.</summary>
    private static async Task AssertSoundAsync(Scene scene, int moment)
    {
        var verified = await scene.RunAsync("verify", "--all", "--json");
        Assert.True(verified.ExitCode == 0, $"moment {moment} of seed {Seed}: {verified.Error}{verified.Out}");
        var listed = (await scene.RunAsync("list", "--json")).Succeeded().Json.GetProperty("snapshots");
        Assert.All(listed.EnumerateArray(), one => Assert.Equal(System.Text.Json.JsonValueKind.Null, one.GetProperty("problem").ValueKind));
        Assert.Equal(scene.Snapshots.Count, listed.GetArrayLength());
    }

    /// <summary>Keeps the store small: deletes all but the newest and the one that is named.</summary>
    private static async Task TidyAsync(Scene scene, string? keep = null)
    {
        var oldestFirst = (await scene.RunAsync("list", "--quiet")).Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in oldestFirst.SkipLast(1).Where(one => one != keep))
        {
            (await scene.RunAsync("delete", name, "--yes")).Succeeded();
        }
    }

    /// <summary>Holds the first request of a kind until it is opened.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        public FaultPlan Before(string path, FaultPlan? plan = null) => (plan ?? new FaultPlan()).Add(new FaultRule
        {
            Path = path,
            Before = () =>
            {
                _reached.TrySetResult();
                _open.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
            },
        });

        public void Open() => _open.Set();

        public void Dispose()
        {
            _open.Set();
            _open.Dispose();
        }
    }
}
