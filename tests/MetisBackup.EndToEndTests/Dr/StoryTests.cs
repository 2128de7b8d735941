using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>The whole story on a real pool, with a real server that is written to all the time.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class StoryTests(ZfsPool pool)
{
    [Fact]
    public async Task A_server_that_was_killed_goes_back_to_an_older_night_and_forward_again()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await using var writer = new SteadyWriter(scene.Http);
        await writer.ReachesAsync(50);

        var acknowledgedBefore = writer.Acknowledged;
        var older = await scene.CreateAsync();
        var sentBefore = writer.Sent;
        await writer.ReachesAsync(writer.Acknowledged + 50);
        var newer = await scene.CreateAsync();
        await writer.ReachesAsync(writer.Acknowledged + 20);
        scene.KillServer();
        await writer.StopAsync();

        var back = (await scene.RollBackAsync(older)).Succeeded();

        var there = await scene.KeysAsync();
        Assert.All(Enumerable.Range(0, acknowledgedBefore), number => Assert.Contains(DrScene.Key(number), there));
        Assert.All(Enumerable.Range(sentBefore, writer.Sent - sentBefore), number => Assert.DoesNotContain(DrScene.Key(number), there));
        Assert.Equal([older], await scene.ListAsync());
        Assert.Contains("_metis_replaced_", back.Out, StringComparison.Ordinal);

        (await scene.UndoAsync()).Succeeded();

        there = await scene.KeysAsync();
        Assert.All(Enumerable.Range(0, writer.Acknowledged), number => Assert.Contains(DrScene.Key(number), there));
        Assert.Superset(new HashSet<string>([older, newer], StringComparer.Ordinal), (await scene.ListAsync()).ToHashSet(StringComparer.Ordinal));

        Assert.Contains("comes back", (await scene.RunAsync("drill", [newer, .. DrScene.DrillCommand])).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal([], Datasets(scene, "_metis_drill_"));
        Assert.True(await scene.IsUpAsync());

        // the older one is what the state that was taken back is made of; when that has gone, it goes
        (await scene.RunAsync("prune", "--keep-last", "1")).Succeeded();
        Assert.Contains(older, await scene.ListAsync());
    }

    [Fact]
    public async Task What_was_replaced_goes_when_its_time_is_over_and_then_the_older_nights()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var first = await scene.CreateAsync();
        await scene.WriteAsync(3);
        (await scene.RollBackAsync(first, "--keep-days", "0")).Succeeded();
        var second = await scene.CreateAsync();

        var dry = (await scene.RunAsync("prune", "--keep-last", "1", "--dry-run", "--json")).Succeeded();
        Assert.Single(Datasets(scene, "_metis_replaced_"));
        Assert.False(dry.Json.GetProperty("executed").GetBoolean());

        (await scene.RunAsync("prune", "--keep-last", "1")).Succeeded();
        Assert.Equal([], Datasets(scene, "_metis_"));

        // both are of one hour, and the first of a burst is what was before it
        Assert.Equal([second, first], await scene.ListAsync());
        Assert.Equal(0, await scene.CountAsync());
    }

    [Fact]
    public async Task What_was_replaced_stays_while_it_has_snapshots_that_are_never_pruned()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var first = await scene.CreateAsync();
        var mine = await scene.CreateAsync("--label", "before_upgrade");
        ZfsPool.Run("zfs", "snapshot", scene.Dataset + "@by-hand");
        (await scene.RollBackAsync(first, "--keep-days", "0")).Succeeded();
        var state = Assert.Single(Datasets(scene, "_metis_replaced_"));

        var run = await scene.RunAsync("prune");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"{state}@{mine.Split('@')[1]}, {state}@by-hand", run.Error, StringComparison.Ordinal);
        Assert.Equal([state], Datasets(scene, "_metis_"));
        ZfsPool.Run("zfs", "destroy", state + "@by-hand");
        ZfsPool.Run("zfs", "destroy", $"{state}@{mine.Split('@')[1]}");
        (await scene.RunAsync("prune")).Succeeded();
        Assert.Equal([], Datasets(scene, "_metis_"));
    }

    [Fact]
    public async Task A_rollback_whose_databases_cannot_be_compared_says_so()
    {
        await using var scene = await DrScene.SetAsync(pool);
        ZfsPool.Run("zfs", "snapshot", scene.Dataset + "@dr_nightly_20250101_010000");

        var run = (await scene.RollBackAsync("latest", "--quiet")).Succeeded();

        Assert.Contains("warning: It was not checked that the server has the databases of the snapshot: those of the snapshot were not recorded.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("It was not checked", (await scene.UndoAsync()).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_sets_below_go_back_with_the_one_above()
    {
        await using var scene = await DrScene.SetAsync(pool);
        ZfsPool.Run("zfs", "create", scene.Dataset + "/wal");
        ZfsPool.Run("zfs", "set", "compression=gzip", scene.Dataset + "/wal");
        var file = Path.Combine(scene.MountPoint, "wal", "log");
        await File.WriteAllTextAsync(file, "before", TestContext.Current.CancellationToken);
        var name = await scene.CreateAsync();
        await File.WriteAllTextAsync(file, "after", TestContext.Current.CancellationToken);

        (await scene.RollBackAsync(name)).Succeeded();

        Assert.Equal("before", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal("gzip\n", ZfsPool.Run("zfs", "get", "-H", "-o", "value", "compression", scene.Dataset + "/wal"));

        (await scene.UndoAsync()).Succeeded();

        Assert.Equal("after", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.True(await scene.IsUpAsync());
    }

    [Fact]
    public async Task Properties_and_the_mount_point_are_carried_over()
    {
        await using var scene = await DrScene.SetAsync(pool);
        scene.Control("stop");
        ZfsPool.Run("zfs", "set", "mountpoint=" + scene.MountPoint, scene.Dataset);
        ZfsPool.Run("zfs", "set", "atime=off", scene.Dataset);
        ZfsPool.Run("zfs", "set", "com.acme:owner=grüße", scene.Dataset);
        ZfsPool.Run("zfs", "set", "com.acme:note=one\ttwo\nthree", scene.Dataset);
        scene.Control("start");
        await scene.AnswersAsync();
        var name = await scene.CreateAsync();
        var before = ZfsPool.Run("zfs", "get", "-H", "-s", "local", "-o", "property,value", "all", scene.Dataset);

        (await scene.RollBackAsync("latest")).Succeeded();

        var after = ZfsPool.Run("zfs", "get", "-H", "-s", "local", "-o", "property,value", "all", scene.Dataset);
        Assert.Equal(Lines(before), Lines(after).Where(line => !line.StartsWith("canmount", StringComparison.Ordinal)));
        Assert.Equal([name], await scene.ListAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_start_brings_the_state_before_back()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(4);
        await File.WriteAllTextAsync(scene.Broken, "", TestContext.Current.CancellationToken);

        // the start after the swap back fails too: the journal stays, and the next run finishes
        (await scene.RollBackAsync(name)).Failed(16, "broken", "Going back failed too", "dr undo");
        Assert.NotEqual("", scene.Journal);
        (await scene.RunAsync("create")).Failed(15, "between two states");
        File.Delete(scene.Broken);
        (await scene.UndoAsync()).Succeeded();

        Assert.Equal("", scene.Journal);
        Assert.Equal(4, await scene.CountAsync());
        Assert.Equal([], Datasets(scene, "_metis_"));
    }

    [Fact]
    public async Task A_server_with_other_databases_than_the_snapshot_brings_the_state_before_back()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await using var other = await ServerProcess.StartAsync(Path.Combine(scene.Folder, "other"));
        var name = await scene.CreateAsync();
        await scene.WriteAsync(2);

        var run = await scene.RunAsync("rollback", [name, "--yes", .. scene.ServiceAt(other.Endpoint)]);

        run.Failed(13, "lacks shop", "live again");
        await scene.AnswersAsync();
        Assert.Equal(2, await scene.CountAsync());
    }

    [Fact]
    public async Task In_place_goes_back_without_a_way_forward()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var first = await scene.CreateAsync();
        await scene.WriteAsync(2);
        var second = await scene.CreateAsync();
        await scene.WriteAsync(2);

        (await scene.RollBackAsync(first, "--in-place")).Failed(15, second, "--discard-newer");
        Assert.Equal(6, await scene.CountAsync());
        (await scene.RollBackAsync(second, "--in-place")).Succeeded();
        Assert.Equal(4, await scene.CountAsync());

        ZfsPool.Run("zfs", "hold", "keep", second);
        (await scene.RollBackAsync(first, "--in-place", "--discard-newer")).Failed(15, second, "held");
        ZfsPool.Run("zfs", "release", "keep", second);
        var run = (await scene.RollBackAsync(first, "--in-place", "--discard-newer")).Succeeded();

        Assert.Contains("lost: " + second, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, await scene.CountAsync());
        Assert.Equal([first], await scene.ListAsync());
        (await scene.UndoAsync()).Failed(10, "no rollback");
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Datasets(DrScene scene, string part) =>
        ZfsPool.Run("zfs", "list", "-H", "-o", "name", "-t", "filesystem").Split('\n').Where(name => name.StartsWith(scene.Dataset + part, StringComparison.Ordinal));
}
