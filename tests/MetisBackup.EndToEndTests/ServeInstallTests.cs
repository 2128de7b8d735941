using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What <c>serve install</c> writes, read by systemd. Nothing outside of a temporary root is touched.</summary>
public sealed class ServeInstallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-serve-install-").FullName;

    private string Root => Path.Combine(_folder, "root");

    private string Unit => Path.Combine(Root, "etc/systemd/system/metis-backup.service");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Systemd_finds_no_fault_in_the_unit()
    {
        NeedSystemd();
        await InstallAsync();

        var result = await RunAsync("verify", "--man=no", Unit);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("40")]
    [InlineData("30", "--run-as", "daemon")]
    public async Task Systemd_rates_the_unit_as_well_protected(string threshold, params string[] options)
    {
        NeedSystemd();
        await InstallAsync(options);

        var result = await RunAsync("security", "--offline=true", $"--threshold={threshold}", "--no-pager", Unit);

        Assert.True(result.ExitCode == 0, result.Out + result.Error);
    }

    [Fact]
    public async Task The_unit_may_write_what_the_configuration_names()
    {
        var configuration = await ConfigureAsync("""
            [operational]
            store = "/srv/a"
            [dr]
            state = "/srv/state"
            log = "/srv/log/dr.log"
            [serve]
            stop_timeout = "10m"
            [metrics]
            textfile = "/srv/textfile/metis.prom"
            [target.other]
            database = "x"
            store = "/srv/b"
            [bulk]
            path = "/srv/metis/files"
            """);
        await InstallAsync("--config", configuration);

        var lines = await File.ReadAllLinesAsync(Unit, Token);
        Assert.Equal(["-/srv/state", "-/srv/a", "-/srv/b", "-/srv/metis", "-/srv/log", "-/srv/textfile"], lines.Where(static line => line.StartsWith("ReadWritePaths=", StringComparison.Ordinal)).Select(static line => line["ReadWritePaths=".Length..]));
        Assert.Contains("TimeoutStopSec=660", lines);
        Assert.Contains($"ExecStart={Metis.Executable} serve --config {configuration}", lines);
    }

    /// <summary><c>UPDATE_GOLDEN=1</c> writes the unit of the packages anew.</summary>
    [Fact]
    public async Task The_unit_of_the_packages_is_the_one_that_install_writes()
    {
        Assert.SkipWhen(File.Exists("/etc/metis-backup/config.toml"), "the configuration of this machine would be in it");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOME"] = _folder, ["XDG_CONFIG_HOME"] = null };
        foreach (var variable in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(static one => one.StartsWith("METIS_BACKUP_", StringComparison.Ordinal)))
        {
            environment[variable] = null;
        }

        // the history lies there whoever runs this test
        environment["METIS_BACKUP_SERVE_HISTORY"] = null;
        environment["METIS_BACKUP_DR_STATE"] = "/var/lib/metis-backup";
        (await Metis.RunAsync(["serve", "install", "--root", Root, "--executable", "/usr/bin/metis-backup"], environment)).Succeeded();

        var packaged = Path.Combine(Repository.Root, "packaging", "systemd", "metis-backup.service");
        var written = await File.ReadAllTextAsync(Unit, Token);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(packaged)!);
            await File.WriteAllTextAsync(packaged, written, Token);
        }

        Assert.Equal(await File.ReadAllTextAsync(packaged, Token), written);
    }

    [Fact]
    public async Task The_same_snapshot_is_not_taken_by_timer_and_service()
    {
        (await Metis.RunAsync("dr", "install", "--root", Root)).Succeeded();
        (await Metis.RunAsync("serve", "install", "--root", Root)).Failed(15, "each night already", "dr uninstall");
        var others = await ConfigureAsync("[schedule.shop]\ntarget = \"operational\"\ncron = \"0 1 * * *\"\n");
        await InstallAsync("--config", others);

        (await Metis.RunAsync("dr", "install", "--root", Root, "--at", "03:00")).Failed(15, "serve uninstall");
        (await Metis.RunAsync("dr", "install", "--root", Root, "--at", "03:00", "--config", others)).Succeeded();
    }

    [Fact]
    public async Task Uninstalling_takes_away_the_unit_and_nothing_else()
    {
        await InstallAsync();
        Assert.Contains("nothing was changed", (await InstallAsync()).Error, StringComparison.Ordinal);
        var neighbour = Path.Combine(Path.GetDirectoryName(Unit)!, "other.service");
        await File.WriteAllTextAsync(neighbour, "", Token);

        var result = (await Metis.RunAsync("serve", "uninstall", "--root", Root, "--json")).Succeeded();

        Assert.Equal(2, result.Json.GetProperty("removed").GetArrayLength());
        Assert.Equal([neighbour], Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_unit_of_somebody_else_is_replaced_only_by_force()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Unit)!);
        await File.WriteAllTextAsync(Unit, "[Unit]\n", Token);

        (await Metis.RunAsync("serve", "install", "--root", Root)).Failed(15, Unit, "--force");
        await InstallAsync("--force");

        Assert.Equal("[Unit]\n", await File.ReadAllTextAsync(Unit + "~", Token));
    }

    private static void NeedSystemd() => Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "needs systemd-analyze (Debian: systemd)");

    private static async Task<RunResult> RunAsync(params string[] arguments)
    {
        using var process = Metis.Start("systemd-analyze", arguments, new Dictionary<string, string?>(StringComparer.Ordinal));
        return await Metis.EndAsync(process);
    }

    private async Task<string> ConfigureAsync(string text)
    {
        var path = Path.Combine(_folder, "config.toml");
        await File.WriteAllTextAsync(path, text, Token);
        return path;
    }

    private async Task<RunResult> InstallAsync(params string[] options) => (await Metis.RunAsync(["serve", "install", "--root", Root, .. options])).Succeeded();
}
