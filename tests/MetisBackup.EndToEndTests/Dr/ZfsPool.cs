using System.Diagnostics;
using System.Globalization;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>
/// A real pool on a sparse file, served by zfs-fuse. There can be one daemon on a machine, so all tests share it, and a lock keeps other
/// test processes away. Without root, /dev/fuse or zfs-fuse there is none, and <see cref="Require"/> skips the test with the reason.
/// </summary>
public sealed class ZfsPool : IDisposable
{
    public const string Name = "metistest";
    private const string Socket = "/var/run/zfs/zfs_socket";
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-zfs-").FullName;
    private readonly FileStream? _lock;
    private readonly string? _missing;
    private Process? _daemon;
    private int _cases;

    public ZfsPool()
    {
        _missing = Missing();
        if (_missing is null)
        {
            _lock = WaitForLock();
            _missing = Start();
        }
    }

    /// <summary>Where the pool is mounted.</summary>
    public string MountPoint => Path.Combine(_folder, "mnt");

    /// <summary>A new data set of its own for a test; skips the test where there is no pool.</summary>
    public string Require()
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        var dataset = string.Create(CultureInfo.InvariantCulture, $"{Name}/case{Interlocked.Increment(ref _cases)}");
        Run("zfs", "create", dataset);
        return dataset;
    }

    /// <summary>Runs a command of ZFS that must succeed, and returns what it printed.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, error) = Try(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code} {error}");
        return output;
    }

    /// <summary>Runs a command to its end.</summary>
    public static (int Code, string Out, string Error) Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program) ?? program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose()
    {
        if (_daemon is not null)
        {
            // at once: the pool is thrown away, and a daemon that is asked to end may hang (a file that a rollback removed is still open)
            _daemon.Kill();
            _daemon.WaitForExit();
            _daemon.Dispose();
            foreach (var point in File.ReadAllLines("/proc/mounts").Select(static line => line.Split(' ')).Where(words => words[2] == "fuse.zfs" && words[1].StartsWith(_folder, StringComparison.Ordinal)).Select(static words => words[1]).Reverse())
            {
                Try("umount", "-l", point);
            }
        }

        _lock?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Missing() => Environment.UserName != "root" ? "needs root for a ZFS pool"
        : !File.Exists("/dev/fuse") ? "needs /dev/fuse for a ZFS pool"
        : Find("zfs-fuse") is null ? "needs zfs-fuse (Debian package) for a ZFS pool"
        : null;

    /// <summary>Path of a program; null when it is not installed.</summary>
    public static string? Find(string program) =>
        ((string[])["/usr/sbin", "/sbin", "/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static FileStream WaitForLock()
    {
        var path = Path.Combine(Path.GetTempPath(), "metis-zfs-fuse.lock");
        for (var patience = Stopwatch.StartNew(); ; Thread.Sleep(200))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (patience.Elapsed < TimeSpan.FromMinutes(10))
            {
                // another test process has the daemon
            }
        }
    }

    private string? Start()
    {
        if (File.Exists(Socket) && Try("zpool", "list").Code == 0)
        {
            return "needs zfs-fuse for itself, and another daemon runs";
        }

        // a daemon imports the pools of its cache; it caches attributes for an hour unless told otherwise
        File.Delete("/var/lib/zfs/zpool.cache");
        _daemon = Process.Start(new ProcessStartInfo(Find("zfs-fuse")!, ["-n", "--no-kstat-mount", "-a", "0", "-e", "0"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        for (var patience = Stopwatch.StartNew(); Try("zpool", "list").Code != 0; Thread.Sleep(50))
        {
            if (_daemon.HasExited || patience.Elapsed > TimeSpan.FromSeconds(20))
            {
                return "needs zfs-fuse, and its daemon did not start";
            }
        }

        var image = Path.Combine(_folder, "pool.img");
        using (var file = File.Create(image))
        {
            file.SetLength(2L << 30);
        }

        Run("zpool", "create", "-f", "-m", MountPoint, Name, image);
        return null;
    }
}

/// <summary>The tests that share the pool, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ZfsPoolTests : ICollectionFixture<ZfsPool>
{
    public const string Name = "zfs pool";
}
