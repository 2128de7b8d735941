using System.Globalization;
using System.Text.Json;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What the status says of a real store, and what a monitoring system hears when something is wrong.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task The_document_tells_of_the_store_and_does_not_hide_that_zfs_could_not_be_read()
    {
        await using var scene = await Scene.SetAsync(10);
        var name = await scene.CreateAsync();

        var report = (await StatusAsync(scene, "--json")).Succeeded().Json;

        Assert.Equal(("status", "unknown"), (report.GetProperty("command").GetString(), report.GetProperty("health").GetString()));
        var store = report.GetProperty("series").EnumerateArray().Single(static one => one.GetProperty("target").GetString() == "operational");
        Assert.Equal(("ok", name), (store.GetProperty("health").GetString(), store.GetProperty("last_point").GetString()));
        Assert.Equal(1, store.GetProperty("points").GetProperty("own").GetInt32());
        Assert.Equal(0, store.GetProperty("off_pool_copies").GetInt32());
        Assert.True(store.GetProperty("space").GetProperty("free_bytes").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, store.GetProperty("proof").ValueKind);
        var dataset = report.GetProperty("series").EnumerateArray().Single(static one => one.GetProperty("target").GetString() == "dr");
        Assert.Equal(("unknown", JsonValueKind.Null), (dataset.GetProperty("health").GetString(), dataset.GetProperty("points").ValueKind));
        Assert.All(dataset.GetProperty("concerns").EnumerateArray().Take(1), static one => Assert.Equal("unread", one.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task The_text_answers_first_and_names_what_was_verified()
    {
        await using var scene = await Scene.SetAsync(10);
        var name = await scene.CreateAsync();
        (await RunAsync(scene, "verify", name)).Succeeded();

        var text = (await StatusAsync(scene, "--target", "operational")).Succeeded().Out;

        Assert.StartsWith("OK: the backup is as it should be.\n\noperational (shop): OK\n", text, StringComparison.Ordinal);
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("verify passed", text, StringComparison.Ordinal);
        Assert.Contains("0 on other disks", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nagios_gets_its_codes()
    {
        await using var scene = await Scene.SetAsync(10);

        var missing = await NagiosAsync(scene);
        Assert.Equal(3, missing.ExitCode);
        Assert.StartsWith("METIS BACKUP UNKNOWN - operational: There is no snapshot store", missing.Out, StringComparison.Ordinal);

        await scene.CreateAsync();
        var fresh = await NagiosAsync(scene);
        Assert.Equal(0, fresh.ExitCode);
        Assert.Matches(@"^METIS BACKUP OK - operational \d+ min old \| 'operational_age'=\d+s;;;0 'operational_size'=\d+B;;;0 'operational_points'=1;;;0 'operational_free'=[\d.]+%;0:;0:;0;100\n$", fresh.Out);
        Assert.Empty(fresh.Error);

        var crowded = await NagiosAsync(scene, ("METIS_BACKUP_STATUS_FREE_WARNING", "100"));
        Assert.Equal(1, crowded.ExitCode);

        Directory.Delete(Directory.EnumerateDirectories(scene.Store, "metis_*").Single(), recursive: true);
        var none = await NagiosAsync(scene, ("METIS_BACKUP_STATUS_ALLOWED_AGE", "1h"));
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("There is no snapshot of shop yet", none.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nope")]
    [InlineData("--json")]
    [InlineData("--timeout", "0")]
    [InlineData("--config", "/nowhere/config.toml")]
    [InlineData("--target", "nobody")]
    public async Task Nagios_hears_of_a_wrong_line_as_unknown(params string[] arguments)
    {
        var result = await Metis.RunAsync(["status", "--nagios", .. arguments]);

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("METIS BACKUP UNKNOWN - ", result.Out, StringComparison.Ordinal);
        Assert.Single(result.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_failed_run_is_critical()
    {
        await using var scene = await Scene.SetAsync(10);
        await RunAsync(scene, "create", "A", "--database", "shop");
        await Metis.RunAsync(["create", "B", "--database", "shop", "--endpoint", "http://127.0.0.1:1", "--store", scene.Store], Environment(scene));

        var result = await NagiosAsync(scene);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("failed with 16", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_service_looks_the_status_tells_the_alarms_once_and_again_when_it_is_over()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        var log = Path.Combine(scene.Folder, "told");
        var program = Path.Combine(scene.Folder, "tell");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho \"$METIS_BACKUP_RUN_EVENT $METIS_BACKUP_RUN_SERIES\" >>'{log}'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var config = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(config, $"[alarms.command.log]\ncommand = [\"{program}\"]\n", TestContext.Current.CancellationToken);

        async Task LookAsync(string freeWarning)
        {
            var environment = Environment(scene);
            environment["METIS_BACKUP_STATUS_FREE_WARNING"] = freeWarning;
            environment["METIS_BACKUP_STATUS_IGNORE"] = "[\"dr\"]";
            (await Metis.RunAsync(["status", "--alarm", "--config", config, "--store", scene.Store], environment)).Succeeded();
        }

        await LookAsync("100");
        await LookAsync("100");
        await LookAsync("0");

        Assert.Equal(["space operational:shop", "recovery operational:shop"], await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_night_without_a_run_is_told_even_where_the_snapshots_cannot_be_seen()
    {
        await using var scene = await Scene.SetAsync(10);
        var log = Path.Combine(scene.Folder, "told");
        var config = Path.Combine(scene.Folder, "config.toml");
        var due = TimeProvider.System.GetLocalNow().AddHours(-3).ToString("HH:mm", CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            config,
            $"""
            [dr]
            at = "{due}"
            zfs = "/nonexistent/zfs"
            [status]
            ignore = ["operational"]
            [alarms.command.log]
            command = ["/bin/sh", "-c", "echo $METIS_BACKUP_RUN_EVENT $METIS_BACKUP_RUN_SERIES >>'{log}'"]
            """,
            TestContext.Current.CancellationToken);

        var result = (await Metis.RunAsync(["status", "--alarm", "--quiet", "--config", config], Environment(scene))).Succeeded();

        Assert.Equal("", result.Out);
        Assert.Equal("missed dr:dbpool/arangodb\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_line_for_Nagios_tells_no_alarms() => Assert.Contains("--alarm and --nagios exclude each other", (await Metis.RunAsync("status", "--nagios", "--alarm")).Out, StringComparison.Ordinal);

    private static Task<RunResult> StatusAsync(Scene scene, params string[] arguments) => RunAsync(scene, ["status", .. arguments]);

    private static Task<RunResult> RunAsync(Scene scene, params string[] arguments) => Metis.RunAsync(scene.Complete(arguments), Environment(scene));

    private static Task<RunResult> NagiosAsync(Scene scene, params (string Name, string Value)[] variables)
    {
        var environment = Environment(scene);
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return Metis.RunAsync(scene.Complete("status", "--nagios", "--target", "operational"), environment);
    }

    /// <summary>A history of its own, and no limits of room: the disk of the tests may be full.</summary>
    private static Dictionary<string, string?> Environment(Scene scene) => new(StringComparer.Ordinal)
    {
        ["METIS_BACKUP_OPERATIONAL_DATABASE"] = Scene.Database,
        ["METIS_BACKUP_SERVE_HISTORY"] = Path.Combine(scene.Folder, "history.db"),
        ["METIS_BACKUP_DR_ZFS"] = "/nowhere/zfs",
        ["METIS_BACKUP_STATUS_FREE_WARNING"] = "0",
        ["METIS_BACKUP_STATUS_FREE_CRITICAL"] = "0",
    };
}
