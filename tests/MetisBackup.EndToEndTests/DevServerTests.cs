using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class DevServerTests
{
    [Fact]
    public async Task What_the_server_acknowledged_survives_a_kill()
    {
        await using var scene = await Scene.SetAsync(50);
        await scene.Http.SendAsync(HttpMethod.Post, $"/_db/{Scene.Database}/_api/document/goods", new JsonObject { ["_key"] = "last", ["sku"] = "last" });
        var before = await scene.PhotographAsync();

        await scene.Server.KillAsync();
        await scene.Server.RestartAsync();

        Assert.Equal(before, await scene.PhotographAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_16()
    {
        await using var scene = await Scene.SetAsync(1);

        (await Metis.RunAsync("devserver", "--data", Path.Combine(scene.Folder, "other"), "--listen", scene.Http.Endpoint)).Failed(16, scene.Http.Endpoint, "hint:");
    }

    [Fact]
    public async Task Without_its_storage_library_the_server_says_so_and_other_commands_work()
    {
        Assert.SkipWhen(File.Exists(Path.ChangeExtension(Metis.Executable, ".dll")), "the executable under test was not published");
        var folder = Directory.CreateTempSubdirectory("metis-e2e-").FullName;
        try
        {
            var alone = Path.Combine(folder, "metis-backup");
            File.Copy(Metis.Executable, alone);
            using var server = Metis.Start(alone, ["devserver", "--data", Path.Combine(folder, "data"), "--listen", "http://127.0.0.1:0"], environment: null);
            (await Metis.EndAsync(server)).Failed(16, "libe_sqlite3.so", folder, "hint:");

            Directory.CreateDirectory(Path.Combine(folder, "store"));
            using var list = Metis.Start(alone, ["list", "--store", Path.Combine(folder, "store")], environment: null);
            (await Metis.EndAsync(list)).Succeeded();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_signal_is_the_ordinary_end()
    {
        await using var scene = await Scene.SetAsync(1);

        Signals.Send(scene.Server.Process, "TERM");
        await scene.Server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, scene.Server.Process.ExitCode);
    }
}
