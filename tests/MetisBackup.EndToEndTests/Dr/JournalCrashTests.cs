namespace MetisBackup.EndToEndTests.Dr;

/// <summary>The tool is killed after every step that its journal knows, the last one included; whatever is run next ends in a consistent state with a server that runs.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class JournalCrashTests(ZfsPool pool)
{
    private const int MostSteps = 30;

    /// <summary>Every step in the long check; in the short one every second, one day the odd ones and the next day the even ones.</summary>
    private static readonly int Stride = Environment.GetEnvironmentVariable("METIS_LONG") == "1" ? 1 : 2;

    private static int First => Stride == 1 ? 1 : 1 + (TimeProvider.System.GetUtcNow().DayOfYear % 2);

    [Fact]
    public async Task A_rollback_that_was_killed_after_any_step_is_finished_and_so_is_its_undo()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var (library, name) = await PrepareAsync(scene);
        var (rollbacks, undos) = (0, 0);
        for (var step = First; step < MostSteps; step += Stride)
        {
            var rollback = await JournalKiller.RunAsync(scene, library, step, "rollback", name, "--yes", "--keep-days", "0");
            if (rollback.ExitCode == 0)
            {
                break;
            }

            Assert.True(rollback.ExitCode == JournalKiller.Killed, $"step {step}: {rollback.ExitCode} {rollback.Error}");
            rollbacks++;
            await GoOnAsync(scene, step, "rollback", "--resume");
            await StandsAsync(scene, 2, $"rollback killed after step {step}");

            // an undo that was killed is finished, or, every second time, taken back; then another undo has the same to start from
            var undo = await JournalKiller.RunAsync(scene, library, step, "undo", "--yes", "--keep-days", "0");
            Assert.True(undo.ExitCode is JournalKiller.Killed or 0, $"step {step}: {undo.ExitCode} {undo.Error}");
            undos += undo.ExitCode == JournalKiller.Killed ? 1 : 0;
            if (undo.ExitCode == JournalKiller.Killed && scene.Journal.Length > 0 && step % 4 > 1)
            {
                (await scene.UndoAsync()).Succeeded();
                await StandsAsync(scene, 2, $"undo killed after step {step}, taken back");
                (await scene.UndoAsync("--keep-days", "0")).Succeeded();
            }
            else
            {
                await GoOnAsync(scene, step, "rollback", "--resume");
            }

            await StandsAsync(scene, 5, $"undo killed after step {step}");
        }

        Assert.Equal((14 / Stride, 12 / Stride), (rollbacks, undos));
        await NothingIsLeftAsync(scene);
    }

    [Fact]
    public async Task A_rollback_that_was_killed_after_any_step_is_taken_back()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var (library, name) = await PrepareAsync(scene);
        for (var step = First; step < MostSteps; step += Stride)
        {
            var rollback = await JournalKiller.RunAsync(scene, library, step, "rollback", name, "--yes", "--keep-days", "0");
            if (rollback.ExitCode == 0)
            {
                Assert.True(step > 10, $"only {step} steps");
                break;
            }

            Assert.True(rollback.ExitCode == JournalKiller.Killed, $"step {step}: {rollback.ExitCode} {rollback.Error}");
            (await scene.UndoAsync("--keep-days", "0")).Succeeded();
            await StandsAsync(scene, 5, $"rollback killed after step {step}");
        }

        await NothingIsLeftAsync(scene);
    }

    [Fact]
    public async Task A_rollback_whose_every_continuation_is_killed_after_one_step_comes_to_its_end()
    {
        await using var scene = await DrScene.SetAsync(pool);
        var (library, name) = await PrepareAsync(scene);
        Assert.Equal(JournalKiller.Killed, (await JournalKiller.RunAsync(scene, library, 1, "rollback", name, "--yes", "--keep-days", "0")).ExitCode);
        var kills = 0;
        while (scene.Journal.Length > 0)
        {
            Assert.Equal(JournalKiller.Killed, (await JournalKiller.RunAsync(scene, library, 1, "rollback", "--resume")).ExitCode);
            Assert.True(++kills < MostSteps, "the continuations do not come to an end");
        }

        Assert.Equal(13, kills);
        await StandsAsync(scene, 2, "every continuation killed");

        // the same on the way back, which has no steps: each attempt gets one command of ZFS further
        Assert.Equal(JournalKiller.Killed, (await JournalKiller.RunAsync(scene, library, 8, "undo", "--yes", "--keep-days", "0")).ExitCode);
        for (var command = 1; scene.Journal.Length > 0; command++)
        {
            var attempt = await scene.RunAsync("undo", ["--yes", .. scene.Service, "--zfs", ZfsKiller.Make(scene, command)]);
            Assert.True(attempt.ExitCode is JournalKiller.Killed or 0 && command < MostSteps, $"attempt {command}: {attempt.ExitCode} {attempt.Error}{scene.ServerLog}");
        }

        await StandsAsync(scene, 2, "every attempt to go back killed");
    }

    private static async Task<(string Library, string Name)> PrepareAsync(DrScene scene)
    {
        var library = JournalKiller.Make(scene);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        await scene.WriteAsync(3);
        return (library, name);
    }

    /// <summary>Finishes what is unfinished. After the last step nothing is, and this is said.</summary>
    private static async Task GoOnAsync(DrScene scene, int step, string command, string option)
    {
        var unfinished = scene.Journal.Length > 0;
        var next = await scene.RunAsync(command, [option, .. scene.Service]);
        Assert.True(next.ExitCode == (unfinished ? 0 : 10), $"after step {step}: {next.ExitCode} {next.Error}");
    }

    private static async Task StandsAsync(DrScene scene, int documents, string when)
    {
        Assert.True(scene.Journal.Length == 0, $"{when}: the journal is still there");
        Assert.True(await scene.IsUpAsync(), $"{when}: the server is down");
        Assert.Equal(documents, await scene.CountAsync());
    }

    private static async Task NothingIsLeftAsync(DrScene scene)
    {
        (await scene.RunAsync("prune")).Succeeded();
        Assert.DoesNotContain(scene.Dataset + "_metis_", ZfsPool.Run("zfs", "list", "-H", "-o", "name", "-r", ZfsPool.Name), StringComparison.Ordinal);
    }
}
