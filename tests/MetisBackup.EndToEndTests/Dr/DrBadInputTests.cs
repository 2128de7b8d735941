using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>What can be typed wrong, or be in the way, and what is said then.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class DrBadInputTests(ZfsPool pool)
{
    [Theory]
    [InlineData(2, "data set", "dr", "list", "--dataset", "-r")]
    [InlineData(2, "data set", "dr", "create", "--dataset", "p/a;reboot")]
    [InlineData(2, "label", "dr", "create", "--label", "Not A Label")]
    [InlineData(2, "missing", "dr", "rollback")]
    [InlineData(2, "--resume", "dr", "rollback", "x", "--resume")]
    [InlineData(2, "--in-place", "dr", "rollback", "x", "--discard-newer")]
    [InlineData(2, "JSON", "dr", "drill", "x", "--drill-command", "arangod --data")]
    [InlineData(2, "relative path", "dr", "drill", "x", "--data-folder", "../..")]
    [InlineData(2, "belong together", "dr", "undo", "--start-command", "[\"a\"]")]
    [InlineData(2, "keeps nothing", "dr", "prune", "--keep-last", "0")]
    [InlineData(2, "keeps nothing", "dr", "create", "--prune", "--keep-last", "0")]
    [InlineData(2, "--prune", "dr", "create", "--keep-last", "3")]
    [InlineData(16, "no program", "dr", "list", "--zfs", "/nonexistent/zfs")]
    public async Task What_is_wrong_is_said_before_anything_is_done(int code, string word, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("metis-dr-");
        try
        {
            (await Metis.RunAsync([.. arguments, "--state", folder.FullName, "--log", Path.Combine(folder.FullName, "log")])).Failed(code, word, "hint: ");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        await using var scene = await DrScene.SetAsync(pool);

        (await Metis.RunAsync(["dr", "list", "--dataset", ZfsPool.Name + "/nowhere"])).Failed(10, "nowhere");
        (await Metis.RunAsync(["dr", "create", "--dataset", "nopool/x", "--state", scene.State, "--log", Path.Combine(scene.Folder, "log")])).Failed(10, "nopool");
        (await scene.RollBackAsync("latest")).Failed(10, "no snapshot");
        (await scene.RunAsync("rollback", ["--resume", .. scene.Service])).Failed(10, "unfinished");
        (await scene.UndoAsync()).Failed(10);
        (await scene.RunAsync("drill", ["dr_nightly_2", .. DrScene.DrillCommand])).Failed(10);
        var name = await scene.CreateAsync();
        (await scene.RunAsync("rollback", [name, "--yes", "--service", "metis-no-such-unit"])).Failed(Directory.Exists("/run/systemd/system") ? 10 : 16);
        Assert.Equal("", scene.Journal);
    }

    [Fact]
    public async Task A_rollback_is_not_begun_without_a_yes()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();

        (await scene.RunAsync("rollback", [name, .. scene.Service])).Failed(15, "not confirmed", "--yes");
        var dry = (await scene.RunAsync("rollback", [name, .. scene.Service, "--dry-run", "--json"])).Succeeded().Json;

        Assert.Equal(
            ["save_state", "stop_service", "clone", "park", "move_out", "move_in", "promote", "carry_over", "mount", "start_service", "await_server", "keep_replaced"],
            dry.GetProperty("steps").EnumerateArray().Select(static step => step.GetProperty("step").GetString()));
        Assert.Equal([name], await scene.ListAsync());
        Assert.True(await scene.IsUpAsync());
    }

    [Fact]
    public async Task Data_outside_of_the_data_set_are_a_gap_with_each_path()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var configuration = Path.Combine(scene.Folder, "arangod.conf");
        await File.WriteAllTextAsync(configuration, $"[database]\ndirectory = {scene.MountPoint}\n[rocksdb]\nwal-directory = /tmp/wal # elsewhere\n[javascript]\napp-path = /var/lib/arangodb3-apps\n", TestContext.Current.CancellationToken);

        (await scene.RunAsync("create", "--endpoint", scene.Endpoint, "--server-config", configuration)).Failed(14, "WAL directory /tmp/wal", "Foxx app path /var/lib/arangodb3-apps");
        Assert.Empty(await scene.ListAsync());

        (await scene.RunAsync("create", "--endpoint", scene.Endpoint, "--server-config", configuration, "--accept-outside", "/tmp/wal", "--accept-outside", "/var/lib")).Succeeded();
        Assert.Single(await scene.ListAsync());
    }

    [Fact]
    public async Task A_server_whose_data_lie_elsewhere_says_so_itself()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var other = pool.Require();

        (await Metis.RunAsync("dr", "create", "--dataset", other, "--state", scene.State, "--log", Path.Combine(scene.Folder, "log"), "--endpoint", scene.Endpoint))
            .Failed(14, $"database directory {scene.MountPoint} (on {scene.Dataset})", "--accept-outside");
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_a_warning()
    {
        await using var scene = await DrScene.SetAsync(pool);

        var run = (await scene.RunAsync("create", "--endpoint", "http://127.0.0.1:1", "--data-path", scene.MountPoint)).Succeeded();

        Assert.Contains("warning: The server was not asked to flush", run.Error, StringComparison.Ordinal);
        Assert.Single(await scene.ListAsync());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_makes_the_run_incomplete()
    {
        await using var scene = await DrScene.SetAsync(pool);

        var run = await Metis.RunAsync("dr", "create", "--dataset", scene.Dataset, "--state", scene.State, "--endpoint", scene.Endpoint, "--log", "/nonexistent/log");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("cannot be written", run.Error, StringComparison.Ordinal);
        Assert.Single(await scene.ListAsync());
    }

    [Fact]
    public async Task A_night_with_a_warning_still_removes_old_snapshots_and_ends_with_the_warning()
    {
        await using var scene = await DrScene.SetAsync(pool);
        OldNights(scene);
        var last = await scene.CreateAsync();

        var run = await Metis.RunAsync("dr", "create", "--prune", "--keep-last", "2", "--dataset", scene.Dataset, "--state", scene.State, "--endpoint", scene.Endpoint, "--log", "/nonexistent/log", "--json");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal([$"{scene.Dataset}@dr_nightly_20250102_010000"], run.Json.GetProperty("removed").EnumerateArray().Select(static one => one.GetString()));
        Assert.Equal([run.Json.GetProperty("name").GetString()!, last, $"{scene.Dataset}@dr_nightly_20250101_010000"], await scene.ListAsync());
    }

    [Fact]
    public async Task What_cannot_be_removed_after_a_snapshot_makes_the_night_incomplete_and_takes_nothing_away()
    {
        await using var scene = await DrScene.SetAsync(pool);
        OldNights(scene);
        ZfsPool.Run("zfs", "hold", "lawyer", $"{scene.Dataset}@dr_nightly_20250102_010000");

        var run = await scene.RunAsync("create", "--prune", "--keep-last", "1", "--endpoint", scene.Endpoint);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("should go but cannot", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await scene.ListAsync()).Count);
    }

    [Fact]
    public async Task A_night_that_failed_removes_nothing()
    {
        await using var scene = await DrScene.SetAsync(pool);
        OldNights(scene);

        (await scene.RunAsync("create", "--prune", "--keep-last", "1", "--endpoint", scene.Endpoint, "--data-path", "/var/lib/elsewhere")).Failed(14, "/var/lib/elsewhere");

        Assert.Equal(2, (await scene.ListAsync()).Count);
    }

    [Fact]
    public async Task Two_runs_at_once_do_not_meet()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        using var drill = Metis.Start(["dr", "drill", name, "--drill-command", DrScene.List("/bin/sleep", "300"), "--server-timeout", "3", .. scene.Place]);
        while (!File.ReadAllText("/proc/mounts").Contains(scene.Dataset + "_metis_drill_", StringComparison.Ordinal))
        {
            Assert.False(drill.HasExited);
        }

        (await scene.RunAsync("create")).Failed(11, "Another run");
        (await scene.RunAsync("prune")).Failed(11);
        (await scene.RollBackAsync(name)).Failed(11);

        Assert.Equal(13, (await Metis.EndAsync(drill)).ExitCode);
        Assert.Contains("FAILED", (await scene.RunAsync("list")).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_whose_server_does_not_let_the_account_in_is_no_verdict()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        var password = Path.Combine(scene.Folder, "password");
        await File.WriteAllTextAsync(password, "secret", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var command = DrScene.List(Metis.Executable, "devserver", "--password-file", password, "--data", "{data}", "--listen", "{endpoint}");

        (await scene.RunAsync("drill", name, "--drill-command", command, "--server-timeout", "30")).Failed(12, "came up", "--password-file");

        Assert.DoesNotContain("_metis_drill_", ZfsPool.Run("zfs", "list", "-H", "-o", "name"), StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", (await scene.RunAsync("list")).Succeeded().Out, StringComparison.Ordinal);
        (await scene.RunAsync("drill", name, "--drill-command", command, "--server-timeout", "30", "--password-file", password)).Succeeded();
    }

    [Fact]
    public async Task Held_and_cloned_snapshots_are_skipped_with_the_reason_and_the_run_says_so()
    {
        await using var scene = await DrScene.SetAsync(pool);
        foreach (var hour in Enumerable.Range(1, 4))
        {
            // the earlier script's names; its snapshots carry no mark of ours
            ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@dr_nightly_20250101_0{hour}0000");
        }

        ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@dr_nightly_copy_20250101_010000");
        ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@autosnap_2025-01-01_01:00:00_daily");
        await scene.CreateAsync("--label", "golden_image");
        ZfsPool.Run("zfs", "hold", "lawyer", $"{scene.Dataset}@dr_nightly_20250101_020000");
        ZfsPool.Run("zfs", "clone", $"{scene.Dataset}@dr_nightly_20250101_030000", scene.Dataset + "-copy");

        var run = await scene.RunAsync("prune", "--max-age-days", "1000", "--keep-yearly", "1", "--json");

        Assert.Equal(3, run.ExitCode);
        var items = run.Json.GetProperty("items").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => (one.GetProperty("outcome").GetString(), one.GetProperty("reason").GetString()), StringComparer.Ordinal);
        Assert.Equal("skipped", items[$"{scene.Dataset}@dr_nightly_20250101_020000"].Item1);
        Assert.Contains("held by", items[$"{scene.Dataset}@dr_nightly_20250101_020000"].Item2, StringComparison.Ordinal);
        Assert.Contains(scene.Dataset + "-copy", items[$"{scene.Dataset}@dr_nightly_20250101_030000"].Item2, StringComparison.Ordinal);
        Assert.Equal(5, items.Count);
        Assert.Contains("@autosnap_", ZfsPool.Run("zfs", "list", "-H", "-t", "snapshot", "-o", "name", "-r", scene.Dataset), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_uses_the_data_set_is_named_and_nothing_is_lost()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(2);

        (await scene.RunAsync("rollback", [name, "--yes", "--service", "none"])).Failed(15, "in use", "process");

        Assert.Equal(2, await scene.CountAsync());
        Assert.Equal("", scene.Journal);
    }

    [Fact]
    public async Task A_journal_on_the_data_set_that_goes_back_is_refused()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(2);
        string[] place = ["--dataset", scene.Dataset, "--state", Path.Combine(scene.MountPoint, "state"), "--log", Path.Combine(scene.Folder, "log")];

        (await Metis.RunAsync(["dr", "rollback", name, "--yes", .. scene.Service, .. place])).Failed(15, "journal", "--state");

        Assert.Equal(2, await scene.CountAsync());
    }

    [Fact]
    public async Task An_unfinished_rollback_is_not_touched_with_a_service_that_nobody_knows_and_without_one_a_warning_is_given()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(1);
        Assert.Equal(137, (await scene.RunAsync("rollback", [name, "--yes", .. scene.Service, "--zfs", ZfsKiller.Make(scene, 4)])).ExitCode);
        var journal = await File.ReadAllTextAsync(scene.Journal, TestContext.Current.CancellationToken);

        (await scene.RunAsync("rollback", "--resume", "--service", "metis-no-such-unit")).Failed(Directory.Exists("/run/systemd/system") ? 10 : 16);
        (await scene.RunAsync("undo", "--yes", "--service", "metis-no-such-unit")).Failed(Directory.Exists("/run/systemd/system") ? 10 : 16);
        Assert.Equal(journal, await File.ReadAllTextAsync(scene.Journal, TestContext.Current.CancellationToken));

        Assert.Contains("start the server yourself", (await scene.RunAsync("undo", "--yes", "--service", "none")).Succeeded().Error, StringComparison.Ordinal);
        scene.Control("start");
        await scene.AnswersAsync();
        Assert.Equal(3, await scene.CountAsync());
    }

    [Fact]
    public async Task A_service_that_does_not_stop_ends_the_rollback_before_anything_is_changed()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(2);
        await File.WriteAllTextAsync(scene.Stubborn, "", TestContext.Current.CancellationToken);

        (await scene.RollBackAsync(name)).Failed(16, "test-server", "Nothing was changed");

        Assert.Equal(2, await scene.CountAsync());
        Assert.Equal("", scene.Journal);
    }

    [Fact]
    public async Task Somebody_who_stays_when_the_service_is_down_is_named_and_the_service_comes_up_again()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(2);
        scene.Patience = "3";
        using var guest = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sleep", ["300"]) { WorkingDirectory = scene.MountPoint })!;
        try
        {
            (await scene.RollBackAsync(name)).Failed(16, $"process {guest.Id} (sleep)", "Nothing was changed");
        }
        finally
        {
            guest.Kill();
            await guest.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await scene.AnswersAsync();
        Assert.Equal(2, await scene.CountAsync());
    }

    /// <summary>Two of the earlier script. Both are of this hour to ZFS, whose first one retention keeps: only the second can go.</summary>
    private static void OldNights(DrScene scene)
    {
        ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@dr_nightly_20250101_010000");
        ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@dr_nightly_20250102_010000");
    }
}
