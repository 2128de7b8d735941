using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>Every command of the runbook works, in its order, on a real pool.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class RunbookTests(ZfsPool pool)
{
    private const string Night = "dr_nightly_20261123_020000";

    [Fact]
    public async Task Every_command_of_the_runbook_succeeds()
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "manual", "dr.md"), TestContext.Current.CancellationToken);
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(3);
        ZfsPool.Run("zfs", "snapshot", $"{scene.Dataset}@{Night}");
        await scene.WriteAsync(4);
        var examples = ManualTests.Examples(page);
        Assert.Contains(examples, line => line.Contains("--resume", StringComparison.Ordinal));

        foreach (var example in examples)
        {
            if (example.Contains("--resume", StringComparison.Ordinal))
            {
                var killed = await scene.RunAsync("rollback", [Night, "--yes", .. scene.Service, "--zfs", ZfsKiller.Make(scene, 4)]);
                Assert.Equal(137, killed.ExitCode);
            }

            var words = example.Split(' ');
            Assert.Equal("metis-backup", words[0]);
            var result = await Metis.RunAsync([.. words[1..], .. Settings(scene, words)]);
            Assert.True(result.ExitCode == 0, $"{example}\n{result.Error}{result.Out}");
            if (words.Contains("rollback") && !words.Contains("--dry-run") && !words.Contains("latest"))
            {
                Assert.Equal(3, await scene.CountAsync());
            }
            else if (words.Contains("undo"))
            {
                Assert.Equal(7, await scene.CountAsync());
            }
        }
    }

    /// <summary>What the reader's own machine has by default.</summary>
    private static IEnumerable<string> Settings(DrScene scene, string[] words) =>
    [
        .. scene.Place,
        .. words.Contains("rollback") || words.Contains("undo") ? scene.Service : [],
        .. words.Contains("create") ? ["--endpoint", scene.Endpoint, "--data-path", scene.MountPoint] : Array.Empty<string>(),
        .. words.Contains("drill") ? DrScene.DrillCommand : [],
    ];
}
