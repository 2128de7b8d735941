using System.Globalization;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>
/// <c>dr list</c> and <c>dr prune</c> over many snapshots, as ratios to the bare <c>zfs</c> command. Works on the data set that METIS_BENCH_DATASET
/// names, which must be empty, or on a pool of its own with zfs-fuse, which needs root.
/// </summary>
internal static class DrScenario
{
    private const double ListBar = 1.5;
    private const double PruneBar = 1.5;

    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        await using var pool = await ScratchPool.OpenAsync(workspace);
        string[] place = ["--dataset", pool.Dataset, "--state", workspace.Folder("dr-state"), "--log", Path.Combine(workspace.Root, "dr.log")];
        var first = new DateTime(2000, 1, 1, 2, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < options.Snapshots; i++)
        {
            var name = first.AddDays(i).ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
            await MeteredProcess.RunAsync("zfs", ["snapshot", $"{pool.Dataset}@dr_nightly_{name}"]);
        }

        var exact = await pool.ListsExactlyAsync();
        string[] bare = ["list", exact ? "-Hp" : "-H", "-o", "name,guid,createtxg", "-t", "snapshot", "-d", "1", pool.Dataset];
        var (list, floor) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            floor.Add((await MeteredProcess.RunAsync("zfs", bare)).Seconds);
            list.Add((await MeteredProcess.RunAsync(options.Executable, ["dr", "list", "--quiet", .. place])).Seconds);
        }

        // half goes by prune, of the rest as many as can be measured in time by hand
        var keep = options.Snapshots / 2;
        var prune = (await MeteredProcess.RunAsync(options.Executable, ["dr", "prune", "--quiet", "--keep-last", keep.ToString(CultureInfo.InvariantCulture), .. place])).Seconds / (options.Snapshots - keep);
        var destroy = await pool.DestroyAsync(exact, (await MeteredProcess.RunAsync("zfs", bare)).Output);

        var board = new Scoreboard($"{options.Snapshots:N0} snapshots of the DR tier, {(exact ? "OpenZFS" : "zfs-fuse")}");
        board.Figure("zfs list", string.Create(CultureInfo.InvariantCulture, $"{Scoreboard.Median(floor):0.00} s"));
        board.AtMost("dr list, to zfs list", Scoreboard.Median(list) / Scoreboard.Median(floor), ListBar, "x");
        board.Figure("zfs destroy, each", string.Create(CultureInfo.InvariantCulture, $"{destroy * 1000:0.0} ms"));
        board.AtMost("dr prune, each, to zfs destroy", prune / destroy, PruneBar, "x");
        return board.Print();
    }
}
