using System.Diagnostics;
using System.Globalization;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>A machine that systemd does not keep: the file of <c>dr install --cron</c>, a real cron, a real pool.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class CronTests(ZfsPool pool)
{
    private const string Cron = "/usr/sbin/cron";
    private const string ProcessFile = "/run/crond.pid";

    /// <summary>What the machine's own cron would run is hidden from ours, and nothing of ours is seen outside.</summary>
    private const string Stage = """
        set -e
        mount --bind "$1/root/etc/cron.d" /etc/cron.d
        mount --bind "$1/none" /etc/crontab
        mount --bind "$1/empty" /var/spool/cron/crontabs
        exec /usr/sbin/cron -f
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cron_takes_the_nightly_snapshot_where_there_is_no_systemd()
    {
        Assert.SkipUnless(File.Exists(Cron), "needs cron (Debian package)");
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "systemd keeps this machine, and the line leaves the work to it");
        Assert.SkipWhen(File.Exists(ProcessFile), "another cron may run on this machine");
        await using var scene = await DrScene.SetAsync(pool);
        var program = await ProgramAsync(scene.Folder);
        var now = TimeProvider.System.GetLocalNow();
        var at = now.AddMinutes(now.Second < 45 ? 1 : 2);
        string[] rest = ["--endpoint", scene.Endpoint, "--data-path", scene.MountPoint, "--server-config", "/nonexistent"];
        var root = Path.Combine(scene.Folder, "root");
        (await scene.RunAsync("install", ["--cron", "--root", root, "--executable", program, "--at", at.ToString("HH:mm", CultureInfo.InvariantCulture), .. rest])).Succeeded();
        Directory.CreateDirectory(Path.Combine(scene.Folder, "empty"));
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "none"), "", Token);

        using var cron = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "--kill-child", "sh", "-c", Stage, "sh", scene.Folder]) { UseShellExecute = false })!;
        try
        {
            var calls = Path.Combine(scene.Folder, "ended");
            for (var patience = Stopwatch.StartNew(); !File.Exists(calls) && patience.Elapsed < TimeSpan.FromSeconds(150); await Task.Delay(200, Token))
            {
                Assert.False(cron.HasExited, "cron did not stay");
            }

            Assert.Equal("0\n", await File.ReadAllTextAsync(calls, Token));
            var name = Assert.Single(ZfsPool.Run("zfs", "list", "-H", "-r", "-t", "snapshot", "-o", "name", scene.Dataset).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith($"{scene.Dataset}@dr_nightly_", name, StringComparison.Ordinal);
            Assert.Contains(name, (await scene.RunAsync("list", "--quiet")).Succeeded().Out, StringComparison.Ordinal);
        }
        finally
        {
            cron.Kill(entireProcessTree: true);
            await cron.WaitForExitAsync(CancellationToken.None);
            File.Delete(ProcessFile);
        }
    }

    /// <summary>The product, which tells how it ended.</summary>
    private static async Task<string> ProgramAsync(string folder)
    {
        var path = Path.Combine(folder, "metis-backup");
        var runtime = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nDOTNET_ROOT='{runtime}' '{Metis.Executable}' \"$@\" 2>'{folder}/said'\ncode=$?\necho $code >'{folder}/code'\nmv '{folder}/code' '{folder}/ended'\nexit $code\n", Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
