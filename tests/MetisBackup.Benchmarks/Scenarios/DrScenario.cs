using System.Globalization;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>
/// <c>dr list</c> and <c>dr prune</c> over many snapshots, as ratios to the bare <c>zfs</c> command: in a virtual machine with OpenZFS where one was
/// built, and on a pool of zfs-fuse, which needs root; or on the empty data set that METIS_BENCH_DATASET names.
/// </summary>
internal static class DrScenario
{
    private const double ListBar = 1.5;
    private const double PruneBar = 1.5;
    private const int MostInMachine = 1_000;

    public static async Task<int> RunAsync(BenchOptions options, Workspace workspace)
    {
        var missed = 0;
        if (Environment.GetEnvironmentVariable("METIS_BENCH_DATASET") is null or "" && OpenZfsMachine.Find() is { } machine)
        {
            missed += await RunInMachineAsync(machine, options, workspace);
        }

        return missed + await RunHereAsync(options, workspace);
    }

    /// <summary>An emulated machine makes some eight snapshots a second, and fewer the more there are: a thousand, unless another number is asked for.</summary>
    private static async Task<int> RunInMachineAsync(string machine, BenchOptions options, Workspace workspace)
    {
        var count = options.SnapshotsInMachine ?? MostInMachine;
        var folder = workspace.Folder("machine");
        await File.WriteAllLinesAsync(Path.Combine(folder, "names"), Names(count));
        var script = Path.Combine("tests", "MetisBackup.Benchmarks", "Scenarios", "dr-openzfs.sh");
        var figures = await OpenZfsMachine.MeasureAsync(machine, folder, options.Executable, script, string.Create(CultureInfo.InvariantCulture, $"{count} {options.Rounds}"));
        return Print($"{count:N0} snapshots of the DR tier, OpenZFS in a virtual machine", figures["floor"], figures["list"], figures["prune"].Single() / (count - (count / 2)), figures["destroy"].Single() / figures["destroyed"].Single());
    }

    private static async Task<int> RunHereAsync(BenchOptions options, Workspace workspace)
    {
        await using var pool = await ScratchPool.OpenAsync(workspace);
        string[] place = ["--dataset", pool.Dataset, "--state", workspace.Folder("dr-state"), "--log", Path.Combine(workspace.Root, "dr.log")];
        foreach (var name in Names(options.Snapshots))
        {
            await MeteredProcess.RunAsync("zfs", ["snapshot", $"{pool.Dataset}@{name}"]);
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
        return Print($"{options.Snapshots:N0} snapshots of the DR tier, {(exact ? "OpenZFS" : "zfs-fuse")}", floor, list, prune, destroy);
    }

    private static IEnumerable<string> Names(int count)
    {
        var first = new DateTime(2000, 1, 1, 2, 0, 0, DateTimeKind.Utc);
        return Enumerable.Range(0, count).Select(day => "dr_nightly_" + first.AddDays(day).ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture));
    }

    private static int Print(string title, IEnumerable<double> floor, IEnumerable<double> list, double prune, double destroy)
    {
        var board = new Scoreboard(title);
        board.Figure("zfs list", string.Create(CultureInfo.InvariantCulture, $"{Scoreboard.Median(floor):0.00} s"));
        board.AtMost("dr list, to zfs list", Scoreboard.Median(list) / Scoreboard.Median(floor), ListBar, "x");
        board.Figure("zfs destroy, each", string.Create(CultureInfo.InvariantCulture, $"{destroy * 1000:0.0} ms"));
        board.AtMost("dr prune, each, to zfs destroy", prune / destroy, PruneBar, "x");
        return board.Print();
    }
}
