using System.Diagnostics;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>Metrics, alert rules and the file for the collector, judged by Prometheus's own tool.</summary>
public sealed class MetricsTests
{
    private const string Tool = "/usr/bin/promtool";
    private static readonly string Rules = Path.Combine(Repository.Root, "packaging", "prometheus");

    [Fact]
    public async Task Promtool_finds_no_fault_in_the_metrics()
    {
        RequireTool();
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        var text = (await Metis.RunAsync(scene.Complete("metrics"), Environment(scene))).Succeeded().Out;

        Assert.Contains("metis_backup_last_success_timestamp_seconds{target=\"operational\",tier=\"operational\",series=\"operational:shop\"} ", text, StringComparison.Ordinal);
        Assert.Contains("metis_backup_status{target=\"dr\",tier=\"dr\",series=\"dr:dbpool/arangodb\"} 3\n", text, StringComparison.Ordinal);
        var (code, said) = await RunToolAsync(text, "check", "metrics");
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Promtool_finds_no_fault_in_the_rules()
    {
        RequireTool();
        var (code, said) = await RunToolAsync("", "check", "rules", "--lint=all", Path.Combine(Rules, "metis-backup.rules.yml"));

        Assert.True(code == 0, said);
        Assert.Contains("15 rules found", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_alert_fires_when_it_should_and_not_otherwise()
    {
        RequireTool();
        var (code, said) = await RunToolAsync("", "test", "rules", Path.Combine(Rules, "metis-backup.rules.test.yml"));

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Every_alert_has_a_test() => Assert.All(
        (await File.ReadAllLinesAsync(Path.Combine(Rules, "metis-backup.rules.yml"), TestContext.Current.CancellationToken)).Where(static line => line.Contains("- alert: ", StringComparison.Ordinal)),
        static line => Assert.Contains("alertname: " + line.Split(": ")[1], File.ReadAllText(Path.Combine(Rules, "metis-backup.rules.test.yml")), StringComparison.Ordinal));

    [Fact]
    public async Task Each_run_writes_the_file_anew_and_one_that_cannot_be_written_does_not_harm_it()
    {
        await using var scene = await Scene.SetAsync(10);
        var file = Path.Combine(scene.Folder, "metis_backup.prom");
        var environment = Environment(scene);
        environment["METIS_BACKUP_METRICS_TEXTFILE"] = file;
        environment["METIS_BACKUP_OPERATIONAL_STORE"] = scene.Store;

        (await Metis.RunAsync(["create", "A", "--endpoint", scene.Http.Endpoint], environment)).Succeeded();
        Assert.Contains("metis_backup_last_run_exit_code{target=\"operational\",tier=\"operational\",series=\"operational:shop\"} 0\n", await ReadAsync(file), StringComparison.Ordinal);

        (await Metis.RunAsync(["create", "B", "--endpoint", "http://127.0.0.1:1"], environment)).Failed(16);
        Assert.Contains("metis_backup_last_run_exit_code{target=\"operational\",tier=\"operational\",series=\"operational:shop\"} 16\n", await ReadAsync(file), StringComparison.Ordinal);

        File.Delete(file);
        (await Metis.RunAsync(["metrics", "--write"], environment)).Succeeded();
        Assert.Contains("metis_backup_status_timestamp_seconds ", await ReadAsync(file), StringComparison.Ordinal);

        environment["METIS_BACKUP_METRICS_TEXTFILE"] = "/nowhere/metis_backup.prom";
        var made = await Metis.RunAsync(["create", "C", "--endpoint", scene.Http.Endpoint], environment);
        Assert.Equal(3, made.ExitCode);
        Assert.Contains("/nowhere/metis_backup.prom", made.Error, StringComparison.Ordinal);
        Assert.Equal(2, scene.Snapshots.Count);
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_write_to() => (await Metis.RunAsync("metrics", "--write")).Failed(2, "No file for metrics", "textfile");

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

    private static void RequireTool() => Assert.SkipUnless(File.Exists(Tool), "needs promtool (Debian package prometheus)");

    private static async Task<(int Code, string Said)> RunToolAsync(string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Tool, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    private static Dictionary<string, string?> Environment(Scene scene) => new(StringComparer.Ordinal)
    {
        ["METIS_BACKUP_OPERATIONAL_DATABASE"] = Scene.Database,
        ["METIS_BACKUP_SERVE_HISTORY"] = Path.Combine(scene.Folder, "history.db"),
        ["METIS_BACKUP_DR_ZFS"] = "/nowhere/zfs",
    };
}
