using System.Text.Json;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What <c>dr install</c> writes, read by the programs that will read it. Nothing outside of a temporary root is touched.</summary>
public sealed class InstallTests : IDisposable
{
    private const string Service = "etc/systemd/system/metis-dr-backup.service";
    private const string Timer = "etc/systemd/system/metis-dr-backup.timer";
    private const string Wanted = "etc/systemd/system/timers.target.wants/metis-dr-backup.timer";
    private const string Rotation = "etc/logrotate.d/metis-dr-backup";
    private const string Cron = "etc/cron.d/metis-dr-backup";
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-install-").FullName;
    private readonly string _root;

    public InstallTests() => _root = Path.Combine(_folder, "root");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Systemd_finds_no_fault_in_the_units()
    {
        NeedProgram("systemd-analyze", "systemd");
        await InstallAsync("--cron");

        var result = await RunAsync("systemd-analyze", ["verify", "--man=no", At(Service), At(Timer)]);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("--run-as", "daemon")]
    [InlineData("--keep-last", "30")]
    public async Task Systemd_rates_the_service_as_well_protected(params string[] options)
    {
        NeedProgram("systemd-analyze", "systemd");
        await InstallAsync(options);

        // 10 is open like a door, 0 is a closed box; what is left is what ZFS needs
        var result = await RunAsync("systemd-analyze", ["security", "--offline=true", "--threshold=35", "--no-pager", At(Service)]);

        Assert.True(result.ExitCode == 0, result.Out + result.Error);
    }

    [Fact]
    public async Task The_service_may_write_the_metrics_where_they_belong_to_another_account()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_METRICS_TEXTFILE"] = "/srv/textfile/metis.prom", ["METIS_BACKUP_SERVE_HISTORY"] = "/srv/history/runs.db" };
        (await Metis.RunAsync(["dr", "install", "--root", _root], environment)).Succeeded();

        var lines = await File.ReadAllLinesAsync(At(Service), Token);

        Assert.Contains("ReadWritePaths=-/srv/textfile", lines);
        Assert.Contains("ReadWritePaths=-/srv/history", lines);
        Assert.Contains(lines, static line => line.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal) && line.Contains("CAP_DAC_OVERRIDE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28 12:00:00", "2026-03-29 03:00:00 CEST")]
    [InlineData("Europe/Berlin", "2026-10-24 12:00:00", "2026-10-25 02:00:00 CEST")]
    [InlineData("America/New_York", "2027-03-13 12:00:00", "2027-03-14 03:00:00 EDT")]
    [InlineData("Asia/Tokyo", "2026-03-28 12:00:00", "2026-03-29 02:00:00 JST")]
    public async Task No_night_is_left_out_where_summer_time_begins_at_two(string zone, string noon, string next)
    {
        NeedProgram("systemd-analyze", "systemd");
        Assert.SkipUnless(File.Exists($"/usr/share/zoneinfo/{zone}"), "needs the time zones (Debian: tzdata)");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["TZ"] = zone };
        (await Metis.RunAsync(["dr", "install", "--root", _root], environment)).Succeeded();
        var times = (await File.ReadAllLinesAsync(At(Timer), Token)).Where(line => line.StartsWith("OnCalendar=", StringComparison.Ordinal)).Select(line => line["OnCalendar=".Length..]).ToList();

        var elapses = new List<string>();
        foreach (var time in times)
        {
            var result = await EndAsync("systemd-analyze", ["calendar", $"--base-time={noon}", time], environment);
            elapses.AddRange(result.Out.Split('\n').Where(line => line.Contains("Next elapse:", StringComparison.Ordinal)).Select(line => line.Split(": ", 2)[1][4..]));
        }

        Assert.Equal(times.Count, elapses.Count);
        Assert.Equal(next, elapses.Min(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Logrotate_finds_no_fault_in_its_file()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/logrotate"), "needs logrotate");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "logrotate believes only files of root");
        await InstallAsync("--log", Path.Combine(_folder, "dr.log"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "dr.log"), "2026-01-01T00:00:00Z created\n", Token);

        var result = await RunAsync("/usr/sbin/logrotate", ["--force", "--state", Path.Combine(_folder, "state"), At(Rotation)]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("", result.Error);
        Assert.Equal("2026-01-01T00:00:00Z created\n", await File.ReadAllTextAsync(Path.Combine(_folder, "dr.log.1"), Token));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(_folder, "dr.log"), Token));
    }

    [Fact]
    public async Task The_line_of_cron_keeps_its_rules_and_runs_one_command()
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "systemd keeps this machine, and the line leaves the work to it");
        var stub = await StubAsync("exit 0");
        await InstallAsync("--cron", "--executable", stub, "--accept-outside", "/var/lib/a b", "--keep-last", "14", "--at", "03:30", "--zfs", "/sbin/zfs");

        // Debian's cron: owned by root, written by nobody else, no dot in the name, a line end at the end, an account in the sixth field
        var text = await File.ReadAllTextAsync(At(Cron), Token);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(At(Cron)));
        Assert.Contains("\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n", text, StringComparison.Ordinal);
        var job = Assert.Single(text.Split('\n'), line => line.Length > 0 && char.IsAsciiDigit(line[0]));
        Assert.StartsWith("30 3 * * * root ", job, StringComparison.Ordinal);
        Assert.DoesNotContain("%", job, StringComparison.Ordinal);

        var result = await RunAsync("sh", ["-c", job["30 3 * * * root ".Length..]]);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Out, result.Error));
        Assert.Equal(
            ["<dr><create><--prune><--keep-last><14><--zfs></sbin/zfs><--accept-outside></var/lib/a b><--quiet>"],
            await File.ReadAllLinesAsync(Path.Combine(_folder, "calls"), Token));
    }

    [Fact]
    public async Task The_line_of_cron_ends_with_what_the_night_ended_with()
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "systemd keeps this machine, and the line leaves the work to it");
        await InstallAsync("--cron", "--executable", await StubAsync("echo error >&2; exit 16"));
        var job = (await File.ReadAllLinesAsync(At(Cron), Token))[^1];

        var result = await RunAsync("sh", ["-c", job["0 2 * * * root ".Length..]]);

        Assert.Equal((16, "error\n"), (result.ExitCode, result.Error));
        Assert.Contains("<create>", Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder, "calls"), Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installing_again_changes_nothing_and_says_so()
    {
        var first = await InstallAsync("--cron");
        Assert.Contains($"created: {At(Service)}", first.Out, StringComparison.Ordinal);
        var written = Written();

        var second = await InstallAsync();

        Assert.Contains("nothing was changed", second.Error, StringComparison.Ordinal);
        Assert.Contains($"unchanged: {At(Cron)}", second.Out, StringComparison.Ordinal);
        Assert.Equal(written, Written());
    }

    [Fact]
    public async Task Other_options_update_only_what_they_concern()
    {
        await InstallAsync();

        var result = await InstallAsync("--at", "04:15", "--json");

        Assert.Equal(["none", "update", "none", "none"], result.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("change").GetString()));
        Assert.True(result.Json.GetProperty("changed").GetBoolean());
        Assert.False(result.Json.GetProperty("timer_started").GetBoolean());
        Assert.Contains("OnCalendar=*-*-* 04:15:00", await File.ReadAllTextAsync(At(Timer), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_prints_the_files_and_writes_none()
    {
        var result = await InstallAsync("--dry-run", "--cron", "--run-as", "metis");

        Assert.Contains($"==> {At(Timer)} (would be created)", result.Out, StringComparison.Ordinal);
        Assert.Contains("Persistent=true", result.Out, StringComparison.Ordinal);
        Assert.Contains("to be run by root: zfs allow -u metis destroy,hold,mount,release,snapshot,userprop dbpool/arangodb", result.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_root));
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_replaced_only_by_force_and_kept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(Cron))!);
        await File.WriteAllTextAsync(At(Cron), "0 2 * * * root /usr/local/bin/dr-backup.sh\n", Token);

        (await Metis.RunAsync("dr", "install", "--root", _root, "--cron")).Failed(15, At(Cron), "--force");
        Assert.False(File.Exists(At(Service)));

        var result = await InstallAsync("--cron", "--force");

        Assert.Contains($"replaced: {At(Cron)}", result.Out, StringComparison.Ordinal);
        Assert.Equal("0 2 * * * root /usr/local/bin/dr-backup.sh\n", await File.ReadAllTextAsync(At(Cron) + "~", Token));
    }

    [Fact]
    public async Task Uninstalling_takes_away_what_is_ours_and_nothing_else()
    {
        await InstallAsync("--cron");
        await File.WriteAllTextAsync(At(Rotation), "/var/log/other.log {\n}\n", Token);
        var neighbour = Path.Combine(Path.GetDirectoryName(At(Cron))!, "other");
        await File.WriteAllTextAsync(neighbour, "", Token);

        (await Metis.RunAsync("dr", "uninstall", "--root", _root, "--dry-run")).Succeeded();
        Assert.True(File.Exists(At(Service)));

        var result = (await Metis.RunAsync("dr", "uninstall", "--root", _root, "--json")).Succeeded();

        Assert.Equal([At(Service), At(Timer), At(Wanted), At(Cron)], Texts(result.Json.GetProperty("removed")));
        Assert.Equal([At(Rotation)], Texts(result.Json.GetProperty("left")));
        Assert.Equal([neighbour, At(Rotation)], Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.Contains("Nothing of ours", (await Metis.RunAsync("dr", "uninstall", "--root", Path.Combine(_folder, "empty"))).Succeeded().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cannot be the name of an account", "--run-as", "-u root")]
    [InlineData("time of day", "--at", "25:00")]
    [InlineData("no number", "--keep-last", "0")]
    [InlineData("name of a data set", "--dataset", "dbpool/$(id)")]
    [InlineData("list of absolute paths", "--accept-outside", "/a\n* * * * * root id")]
    [InlineData("systemd and cron read differently", "--accept-outside", "/a/$(id)")]
    [InlineData("cannot stand in the files", "--log", "/var/log/a {b.log")]
    [InlineData("cannot stand in the files", "--executable", "/opt/my tools/metis-backup")]
    public async Task What_cannot_stand_in_the_files_is_refused(string sentence, params string[] options)
    {
        (await Metis.RunAsync(["dr", "install", "--root", _root, .. options])).Failed(2, sentence);

        Assert.False(Directory.Exists(_root));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_found_out_before_anything_is_written()
    {
        Assert.SkipWhen(File.Exists("/" + Service), "it is installed on this machine");

        (await Metis.RunAsync("dr", "install", "--run-as", "nobody-has-this-name")).Failed(10, "nobody-has-this-name");

        Assert.False(File.Exists("/" + Service));
    }

    [Fact]
    public async Task A_password_that_only_the_shell_has_is_warned_about()
    {
        var result = await Metis.RunAsync(["dr", "install", "--root", _root], new Dictionary<string, string?>(StringComparer.Ordinal) { ["ARANGO_PASSWORD"] = "geheim" });

        Assert.Contains("--password-file", result.Succeeded().Error, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null), file => Assert.DoesNotContain("geheim", File.ReadAllText(file), StringComparison.Ordinal));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(one => one.GetString());

    private static void NeedProgram(string program, string package) =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))), $"needs {program} (Debian: {package})");

    private static Task<RunResult> RunAsync(string program, string[] arguments) => EndAsync(program, arguments, environment: null);

    private static async Task<RunResult> EndAsync(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        using var process = Metis.Start(program, arguments, environment);
        return await Metis.EndAsync(process);
    }

    private string At(string path) => Path.Combine(_root, path);

    private async Task<RunResult> InstallAsync(params string[] options) => (await Metis.RunAsync(["dr", "install", "--root", _root, .. options])).Succeeded();

    /// <summary>Every file with the moment of its last change.</summary>
    private List<string> Written() =>
        [.. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks}")];

    /// <summary>A program that writes down how it was called.</summary>
    private async Task<string> StubAsync(string end)
    {
        var path = Path.Combine(_folder, "metis-backup");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n(printf '<%s>' \"$@\"; echo) >> '{_folder}/calls'\n{end}\n", Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
