using System.Globalization;
using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>A full snapshot of a large, a small and an embedding-heavy database, as ratios to the floor of the same run.</summary>
internal static class CreateScenario
{
    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        await using var server = await ServerProcess.StartAsync(options.Executable, workspace.Folder("create-data"));
        await DatabaseLoader.LoadArticlesAsync(server, "articles", options.Documents);
        await DatabaseLoader.LoadArticlesAsync(server, "small", 10_000);
        await DatabaseLoader.LoadEmbeddingsAsync(server, "vectors", options.EmbeddingDocuments);
        var missed = await MeasureAsync(options, workspace, server, "articles", DatabaseLoader.ArticleCollections, options.Documents);
        missed += await MeasureAsync(options, workspace, server, "vectors", ["embeddings"], options.EmbeddingDocuments);
        var small = await new Metis(options, server, workspace.Folder("create-small")).CreateAsync("small");
        var board = new Scoreboard("create: 10,000 documents");
        board.AtMost("peak memory of metis-backup", small.PeakBytes / 1e6, 250, "MB");
        return missed + board.Print();
    }

    private static async Task<int> MeasureAsync(BenchOptions options, Workspace workspace, ServerProcess server, string database, IReadOnlyList<string> collections, int documents)
    {
        var floor = new DumpFloor(server, database);
        await floor.PlanAsync(collections);
        var metis = new Metis(options, server, workspace.Folder($"create-{database}"));
        List<Cost> plain = [], zstd = [], ours = [];
        var serverCpu = 0.0;
        for (var round = 0; round < options.Rounds; round++)
        {
            plain.Add(await floor.RunAsync("> /dev/null"));
            zstd.Add(await floor.RunAsync("| zstd -1 -T0 -q -c > /dev/null"));
            var before = server.CpuSeconds;
            ours.Add(await metis.CreateFullAsync(database));
            serverCpu += server.CpuSeconds - before;
        }

        var seconds = Scoreboard.Median(ours.Select(cost => cost.Seconds));
        var board = new Scoreboard(string.Create(CultureInfo.InvariantCulture, $"create: database '{database}', {documents:N0} documents, {floor.Bytes / 1e6:N0} MB"));
        board.Figure("floor: curl into /dev/null", Text(Scoreboard.Median(plain.Select(cost => cost.Seconds)), "s"));
        var floorSeconds = Scoreboard.Median(zstd.Select(cost => cost.Seconds));
        board.Figure("floor: curl through zstd -1 -T0", Text(floorSeconds, "s"));
        board.Figure("metis-backup create", Text(seconds, "s"));
        board.AtMost("ratio to the floor", seconds / floorSeconds, 1.25, "x");
        board.Figure("throughput", Text(floor.Bytes / 1e6 / seconds, "MB/s"));
        board.Figure("throughput", Text(documents / seconds, "documents/s"));
        board.AtMost("peak memory of metis-backup", ours.Max(cost => cost.PeakBytes) / 1e6, 250, "MB");
        board.Figure("CPU share of metis-backup", Text(ours.Sum(cost => cost.CpuSeconds) / ours.Sum(cost => cost.Seconds), "cores"));
        board.Figure("CPU share of the server", Text(serverCpu / ours.Sum(cost => cost.Seconds), "cores"));
        return board.Print();
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##} {unit}");
}
