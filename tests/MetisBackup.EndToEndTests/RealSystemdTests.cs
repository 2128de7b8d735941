using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>The nightly job, installed on a machine that a real systemd keeps.</summary>
public sealed class RealSystemdTests : IDisposable
{
    private const string Installing = """
        cd /opt/lab
        mknod /dev/zfs c 1 5
        say() { echo "== $*"; }
        metis=/opt/metis/metis-backup

        say install
        $metis dr install --executable /opt/lab/nightly --zfs /opt/lab/zfs --run-as daemon --at 03:00
        cat granted
        systemctl is-active metis-dr-backup.timer
        systemctl show --property=NextElapseUSecRealtime --value metis-dr-backup.timer

        say account
        systemctl start metis-dr-backup.service; echo "exit code $?"
        cat /var/log/metis-dr-backup.log

        say again
        $metis dr install --executable /opt/lab/nightly --zfs /opt/lab/zfs --run-as daemon --at 03:00

        say root
        rm /var/log/metis-dr-backup.log; rm -r /var/lib/metis-backup
        $metis dr install --executable /opt/lab/nightly --quiet
        systemctl start metis-dr-backup.service; echo "exit code $?"
        cat /var/log/metis-dr-backup.log

        say failing
        touch fail
        systemctl start metis-dr-backup.service; echo "exit code $?"
        systemctl show --property=Result,ExecMainStatus metis-dr-backup.service
        tail -n 1 /var/log/metis-dr-backup.log

        say uninstall
        $metis dr uninstall --quiet
        systemctl is-active metis-dr-backup.timer
        systemctl show --property=LoadState --value metis-dr-backup.service
        """;

    /// <summary>Says what the shield lets it do: read ZFS's device, write its log and its state, and nothing else.</summary>
    private const string Nightly = """
        #!/bin/sh
        {
            echo "$2 as $(id -un), $(head -c 1 /dev/zfs | wc -c) byte of the device, rights $(sed -n 's/^CapEff:\t*0*//p' /proc/self/status)"
            touch /var/lib/metis-backup/$2 && echo "state $(stat -c %a /var/lib/metis-backup)"
            touch /etc/hole 2>/dev/null && echo "a hole in the shield"
            unshare --mount true 2>/dev/null && echo "a hole in the shield"
        } >> /var/log/metis-dr-backup.log
        [ ! -e /opt/lab/fail ] || exit 3

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("metis-lab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_job_is_installed_runs_in_its_shield_and_goes_without_a_trace()
    {
        SystemdLab.Need();
        await WriteProgramAsync("nightly", Nightly);
        await WriteProgramAsync("zfs", "#!/bin/sh\necho \"granted: $*\" >> /opt/lab/granted\n");

        var said = (await SystemdLab.RunAsync(_folder, Installing)).Split("== ").Skip(1).ToDictionary(part => part.Split('\n')[0], part => part.Split('\n', 2)[1]);

        Assert.Contains("granted: allow -u daemon destroy,hold,mount,release,snapshot,userprop dbpool/arangodb\nactive\n", said["install"], StringComparison.Ordinal);
        Assert.Contains(" 03:00:00 ", said["install"], StringComparison.Ordinal);
        Assert.Equal("exit code 0\ncreate as daemon, 1 byte of the device, rights \nstate 700\n", said["account"]);
        Assert.Contains("nothing was changed", said["again"], StringComparison.Ordinal);

        // of all rights two are left: to read what belongs to others (bit 2), and to administer (bit 21)
        Assert.EndsWith("exit code 0\ncreate as root, 1 byte of the device, rights 200004\nstate 700\n", said["root"], StringComparison.Ordinal);
        Assert.Contains("Result=exit-code\nExecMainStatus=3\n", said["failing"], StringComparison.Ordinal);
        Assert.DoesNotContain("exit code 0", said["failing"], StringComparison.Ordinal);
        Assert.EndsWith("inactive\nnot-found\n", said["uninstall"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_are_stopped_and_started_as_the_tests_beside_these_demand()
    {
        SystemdLab.Need();
        var tests = Path.Combine(Repository.Root, "artifacts", "bin", "MetisBackup.IntegrationTests", "release", "MetisBackup.IntegrationTests");
        Assert.SkipUnless(File.Exists(tests), "needs the integration tests to be built");

        var said = await SystemdLab.RunAsync(_folder, $"METIS_SYSTEMD_LAB=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 '{tests}' --filter-class '*Services.RealSystemdTests' --no-ansi --progress off --results-directory /tmp/results\n");

        Assert.Contains("succeeded: 4\n", said, StringComparison.Ordinal);
        Assert.Contains("failed: 0\n", said, StringComparison.Ordinal);
        Assert.Contains("skipped: 0\n", said, StringComparison.Ordinal);
    }

    private async Task WriteProgramAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }
}
