using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>Start-up of the executable, and <c>list</c> over a thousand snapshots.</summary>
internal static class StartScenario
{
    private const int Snapshots = 1000;

    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        var version = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            version.Add((await MeteredProcess.RunAsync(options.Executable, ["--version"])).Seconds * 1000);
        }

        await using var server = await ServerProcess.StartAsync(options.Executable, workspace.Folder("start-data"));
        await DatabaseLoader.LoadArticlesAsync(server, "tiny", 40);
        var metis = new Metis(options, server, workspace.Folder("start-store"));
        for (var i = 0; i < Snapshots; i++)
        {
            await metis.CreateAsync("tiny");
        }

        var list = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            list.Add((await metis.RunAsync("list")).Seconds * 1000);
        }

        var board = new Scoreboard("start-up");
        board.AtMost("metis-backup --version", Scoreboard.Median(version), 15, "ms");
        board.AtMost("metis-backup list, 1,000 snapshots", Scoreboard.Median(list), 200, "ms");
        return board.Print();
    }
}
