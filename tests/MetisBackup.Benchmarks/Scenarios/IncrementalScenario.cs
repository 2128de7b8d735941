using System.Globalization;
using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>What a snapshot and a restore cost after a change, as ratios to a full one of the same data in the same run.</summary>
internal static class IncrementalScenario
{
    private const string Database = "articles";
    private const int Growth = 4;

    /// <summary>Runs with the documents asked for, compares with other programs, then runs with four times as many.</summary>
    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        var missed = await MeasureAsync(options, workspace, compare: true);
        var large = options with { Documents = options.Documents * Growth, Rounds = 1 };
        return missed + await MeasureAsync(large, workspace, compare: false);
    }

    private static async Task<int> MeasureAsync(BenchOptions options, Workspace workspace, bool compare)
    {
        var size = options.Documents.ToString(CultureInfo.InvariantCulture);
        await using var server = await ServerProcess.StartAsync(options.Executable, workspace.Folder($"incremental-data-{size}"));
        await DatabaseLoader.LoadArticlesAsync(server, Database, options.Documents);
        var store = workspace.Folder($"incremental-{size}");
        var run = new IncrementalRun(options, server, new Metis(options, server, store), store, Database);
        var board = new Scoreboard(string.Create(CultureInfo.InvariantCulture, $"incremental: {options.Documents:N0} documents"));
        await run.MeasureFullAsync(board);
        await run.MeasureUnchangedAsync(board);
        await run.MeasureAsync(board, new Change("1 % changed", (seed) => DatabaseLoader.ChangeArticlesAsync(server, Database, options.Documents, 0.01, seed), 0.10, 0.10, 0.03));
        await run.MeasureAsync(board, new Change("1 % appended", (seed) => DatabaseLoader.AppendArticlesAsync(server, Database, options.Documents, 0.01, seed), 0.05, 0.05, 0.03));
        await run.MeasureAsync(board, new Change("50 % changed", (seed) => DatabaseLoader.ChangeArticlesAsync(server, Database, options.Documents, 0.5, seed), 1.2, 1.2, null));
        board.AtMost("peak memory of metis-backup", run.PeakBytes / 1e6, 300, "MB");
        var missed = board.Print();
        Directory.Delete(store, recursive: true);
        return compare ? missed + await RepositoryComparison.RunAsync(options, workspace, server, Database) : missed;
    }
}
