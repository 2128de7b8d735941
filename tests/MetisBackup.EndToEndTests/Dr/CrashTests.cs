using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>
/// The tool is killed right after each command of ZFS, and of the service, that changes something; the next run ends in a consistent
/// state, with a server that runs.
/// </summary>
[Collection(ZfsPoolTests.Name)]
public sealed class CrashTests(ZfsPool pool)
{
    private const int MostCommands = 60;

    [Theory]
    [InlineData("rollback", "--resume", 1)]
    [InlineData("undo", "--yes", 0)]
    public async Task A_rollback_that_was_killed_anywhere_is_finished_or_taken_back(string verb, string option, int step)
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(3);
        var stride = Environment.GetEnvironmentVariable("METIS_LONG") == "1" ? 1 : 3;
        var kills = 0;
        for (var command = 1 + step; command < MostCommands; command += stride)
        {
            var run = await scene.RunAsync("rollback", [name, "--yes", .. scene.Service, "--zfs", ZfsKiller.Make(scene, command), "--keep-days", "0"]);
            if (run.ExitCode == 0)
            {
                break;
            }

            Assert.True(run.ExitCode == 137, $"command {command}: {run.ExitCode} {run.Error}");
            kills++;
            var killedBeforeJournal = scene.Journal.Length == 0;
            var next = await scene.RunAsync(verb, [option, .. scene.Service]);
            Assert.True(next.ExitCode == 0 || killedBeforeJournal, $"command {command}: {next.ExitCode} {next.Error}");
            Assert.Equal("", scene.Journal);
            Assert.True(await scene.IsUpAsync(), $"command {command}: the server is down");
            Assert.Equal(verb == "undo" || killedBeforeJournal ? 5 : 2, await scene.CountAsync());
            if (verb == "rollback" && !killedBeforeJournal)
            {
                (await scene.UndoAsync("--keep-days", "0")).Succeeded();
                Assert.Equal(5, await scene.CountAsync());
            }

            (await scene.RunAsync("prune")).Succeeded();
            Assert.DoesNotContain("_metis_", ZfsPool.Run("zfs", "list", "-H", "-o", "name", "-r", scene.Dataset[..scene.Dataset.IndexOf('/', StringComparison.Ordinal)]).Split('\n').Where(one => one.StartsWith(scene.Dataset + "_", StringComparison.Ordinal)));
        }

        Assert.True(kills >= 5, $"only {kills} commands were reached");
    }

    [Fact]
    public async Task A_drill_that_was_killed_leaves_something_that_the_doctor_removes()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        using var drill = Metis.Start(["dr", "drill", name, "--drill-command", DrScene.List("/bin/sleep", "300"), .. scene.Place]);
        var clone = "";
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); clone.Length == 0 && patience.Elapsed < TimeSpan.FromSeconds(30);)
        {
            clone = File.ReadAllLines("/proc/mounts").Select(static line => line.Split(' ')[0]).FirstOrDefault(one => one.StartsWith(scene.Dataset + "_metis_drill_", StringComparison.Ordinal)) ?? "";
        }

        Assert.NotEqual("", clone);
        drill.Kill();
        await Metis.EndAsync(drill);
        string[] place = ["--dataset", scene.Dataset, "--state", scene.State, "--log", Path.Combine(scene.Folder, "dr.log")];

        var found = await Metis.RunAsync(["doctor", "--only", "dataset", .. place]);
        Assert.Equal(3, found.ExitCode);
        Assert.Contains(clone, found.Out, StringComparison.Ordinal);
        Assert.Contains("mended", (await Metis.RunAsync(["doctor", "--only", "dataset", "--fix", .. place])).Succeeded().Out, StringComparison.Ordinal);

        Assert.NotEqual(0, ZfsPool.Try("zfs", "list", clone).Code);
        Assert.Contains("Nothing", (await Metis.RunAsync(["doctor", "--only", "dataset", .. place])).Succeeded().Out, StringComparison.Ordinal);
    }
}
