using System.Globalization;
using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>A full restore of a large database into a new one.</summary>
internal static class RestoreScenario
{
    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        await using var server = await ServerProcess.StartAsync(options.Executable, workspace.Folder("restore-data"));
        await DatabaseLoader.LoadArticlesAsync(server, "articles", options.Documents);
        await DatabaseLoader.LoadArticlesAsync(server, "small", 10_000);
        var metis = new Metis(options, server, workspace.Folder("restore-store"));
        await metis.CreateAsync("articles");
        await metis.CreateAsync("small");
        List<Cost> runs = [];
        var serverCpu = 0.0;
        for (var round = 0; round < options.Rounds; round++)
        {
            var target = string.Create(CultureInfo.InvariantCulture, $"restored{round}");
            var before = server.CpuSeconds;
            runs.Add(await metis.RestoreAsync("latest:articles", target));
            serverCpu += server.CpuSeconds - before;
            await DatabaseLoader.SendAsync(server, HttpMethod.Delete, $"/_api/database/{target}", null);
        }

        var small = await metis.RestoreAsync("latest:small", "small_restored");
        var seconds = Scoreboard.Median(runs.Select(cost => cost.Seconds));
        var client = runs.Sum(cost => cost.CpuSeconds) / runs.Sum(cost => cost.Seconds);
        var remote = serverCpu / runs.Sum(cost => cost.Seconds);
        var board = new Scoreboard(string.Create(CultureInfo.InvariantCulture, $"restore: {options.Documents:N0} documents"));
        board.Figure("metis-backup restore", string.Create(CultureInfo.InvariantCulture, $"{seconds:N2} s"));
        board.AtLeast("documents per second", options.Documents / seconds, 40_000, "/s");
        board.AtMost("peak memory of metis-backup", runs.Max(cost => cost.PeakBytes) / 1e6, 250, "MB");
        board.AtMost("peak memory, 10,000 documents", small.PeakBytes / 1e6, 250, "MB");
        board.Figure("CPU share of metis-backup", string.Create(CultureInfo.InvariantCulture, $"{client:N2} cores"));
        board.Figure("CPU share of the server", string.Create(CultureInfo.InvariantCulture, $"{remote:N2} cores"));
        board.Figure("the limit is", remote > client ? "the server" : "metis-backup");
        return board.Print();
    }
}
