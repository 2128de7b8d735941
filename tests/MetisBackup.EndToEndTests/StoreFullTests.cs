using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class StoreFullTests
{
    [Fact]
    public async Task A_full_store_is_17_and_the_snapshots_in_it_stay_sound()
    {
        await using var scene = await Scene.SetAsync(20_000);
        Directory.CreateDirectory(scene.Store);
        await MountAsync(scene.Store, "1m");
        try
        {
            var created = new List<string>();
            RunResult result;
            while ((result = await scene.RunAsync("create", "filling up", "--database", Scene.Database, "--quiet")).ExitCode == 0)
            {
                created.Add(result.Out.Trim());
                Assert.True(created.Count < 50, "the store does not become full");
            }

            result.Failed(17, "space", "hint:");
            Assert.Equal(created.Order(StringComparer.Ordinal), scene.Snapshots);
            (await scene.RunAsync("verify", "--all")).Succeeded();

            await RunAsync("mount", "-o", "remount,size=64m", scene.Store);
            await scene.CreateAsync("room again");
            (await scene.RunAsync("verify", "--all")).Succeeded();
        }
        finally
        {
            await RunAsync("umount", scene.Store);
        }
    }

    private static async Task MountAsync(string folder, string size)
    {
        using var mount = Metis.Start("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder], environment: null);
        var result = await Metis.EndAsync(mount);
        if (result.ExitCode != 0)
        {
            Assert.Skip("a small file system cannot be mounted here: " + result.Error.Trim());
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Metis.Start(program, arguments, environment: null);
        (await Metis.EndAsync(process)).Succeeded();
    }
}
