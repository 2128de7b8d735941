using System.Diagnostics;

namespace MetisBackup.Benchmarks.Running;

/// <summary>A data set to make and destroy snapshots on.</summary>
internal sealed class ScratchPool : IAsyncDisposable
{
    private const string Pool = "metisbench";
    private const int Batch = 500;
    private readonly Process? _daemon;

    private ScratchPool(string dataset, Process? daemon) => (Dataset, _daemon) = (dataset, daemon);

    public string Dataset { get; }

    public static async Task<ScratchPool> OpenAsync(Workspace workspace)
    {
        if (Environment.GetEnvironmentVariable("METIS_BENCH_DATASET") is { Length: > 0 } given)
        {
            return new ScratchPool(given, daemon: null);
        }

        File.Delete("/var/lib/zfs/zpool.cache");
        var daemon = Process.Start(new ProcessStartInfo("zfs-fuse", ["-n", "--no-kstat-mount", "-a", "0", "-e", "0"]))!;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await MeteredProcess.RunAsync("zpool", ["list"]);
                break;
            }
            catch (InvalidOperationException) when (attempt < 100 && !daemon.HasExited)
            {
                await Task.Delay(50);
            }
        }

        var image = Path.Combine(workspace.Root, "pool.img");
        await using (var file = File.Create(image))
        {
            file.SetLength(4L << 30);
        }

        await MeteredProcess.RunAsync("zpool", ["create", "-f", "-m", workspace.Folder("pool"), Pool, image]);
        await MeteredProcess.RunAsync("zfs", ["create", Pool + "/data"]);
        return new ScratchPool(Pool + "/data", daemon);
    }

    /// <summary>The command prints exact numbers, and takes several snapshots at once.</summary>
    public async Task<bool> ListsExactlyAsync()
    {
        try
        {
            await MeteredProcess.RunAsync("zfs", ["list", "-Hp", "-o", "name", Dataset]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Destroys up to 500 of the listed snapshots by the best form that the command knows; returns the seconds for each.</summary>
    public async Task<double> DestroyAsync(bool batched, string listing)
    {
        var names = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')[0]).Take(Batch).ToList();
        var watch = Stopwatch.StartNew();
        if (batched)
        {
            await MeteredProcess.RunAsync("zfs", ["destroy", string.Join(',', names.Select((name, index) => index == 0 ? name : name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..]))]);
        }
        else
        {
            foreach (var name in names)
            {
                await MeteredProcess.RunAsync("zfs", ["destroy", name]);
            }
        }

        return watch.Elapsed.TotalSeconds / names.Count;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is null)
        {
            return;
        }

        await MeteredProcess.RunAsync("zpool", ["destroy", "-f", Pool]);
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
    }
}
