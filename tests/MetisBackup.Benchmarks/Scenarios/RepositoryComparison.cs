using System.Globalization;
using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>
/// Ten states of a database, each with 1 % of its documents changed: our store beside the repositories of <c>restic</c> and <c>borg</c>, which
/// are given an export of every state. The export itself is not counted as theirs.
/// </summary>
internal static class RepositoryComparison
{
    private const int States = 10;

    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace, ServerProcess server, string database)
    {
        var board = new Scoreboard(string.Create(CultureInfo.InvariantCulture, $"{States} snapshots with 1 % change each, {options.Documents:N0} documents"));
        var store = workspace.Folder("ten-snapshots");
        var metis = new Metis(options, server, store);
        var export = new DumpDirectory(server, database, workspace.Folder("ten-exports"));
        var others = await OthersAsync(workspace, board);
        var (seconds, exportSeconds, first) = (0.0, 0.0, 0L);
        for (var state = 0; state < States; state++)
        {
            if (state > 0)
            {
                await DatabaseLoader.ChangeArticlesAsync(server, database, options.Documents, 0.01, 7000 + (100 * state));
            }

            seconds += (await metis.CreateAsync(database)).Seconds;
            first = state == 0 ? await DiskUse.OfAsync(store) : first;
            if (others.Count > 0)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                await export.WriteAsync(DatabaseLoader.ArticleCollections);
                exportSeconds += watch.Elapsed.TotalSeconds;
                foreach (var other in others)
                {
                    await other.BackUpAsync(export.Folder);
                }
            }
        }

        var bytes = await DiskUse.OfAsync(store);
        board.Figure("metis-backup create, all", string.Create(CultureInfo.InvariantCulture, $"{seconds:N1} s"));
        board.Figure("metis-backup store", string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB"));
        board.AtMost("metis-backup store to one snapshot", (double)bytes / first, 1.25, "x");
        if (others.Count > 0)
        {
            board.Figure("exports that the others need", string.Create(CultureInfo.InvariantCulture, $"{exportSeconds:N1} s"));
        }

        foreach (var other in others)
        {
            var theirs = await DiskUse.OfAsync(other.Repository);
            board.Figure($"{other.Name}, without the exports", string.Create(CultureInfo.InvariantCulture, $"{other.Seconds:N1} s, {other.Seconds / seconds:N1} x ours"));
            board.Figure($"{other.Name} repository", string.Create(CultureInfo.InvariantCulture, $"{theirs / 1e6:N0} MB, {(double)theirs / bytes:N2} x ours"));
        }

        return board.Print();
    }

    private static async Task<IReadOnlyList<OtherProgram>> OthersAsync(Workspace workspace, Scoreboard board)
    {
        var found = new List<OtherProgram>();
        foreach (var program in new[] { OtherProgram.Restic(workspace), OtherProgram.Borg(workspace) })
        {
            if (OtherProgram.IsInstalled(program.Name))
            {
                await program.InitializeAsync();
                found.Add(program);
            }
            else
            {
                board.Figure(program.Name, "not installed");
            }
        }

        return found;
    }
}
