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
    public async Task A_signal_is_the_ordinary_end()
    {
        await using var scene = await Scene.SetAsync(1);

        Signals.Send(scene.Server.Process, "TERM");
        await scene.Server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, scene.Server.Process.ExitCode);
    }
}
