using System.Text.Json;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class LogTests
{
    [Fact]
    public async Task With_json_every_line_is_a_document_that_tells_time_level_and_run()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var made = (await scene.RunAsync("create", "x", "--database", Scene.Database, "--log-format", "json")).Succeeded();
        var failed = await scene.RunAsync("create", "x", "--database", "nowhere", "--log-format", "json", "--verbose");

        Assert.StartsWith("Created metis_", made.Out, StringComparison.Ordinal); // results stay results
        Assert.NotEmpty(Lines(made));
        Assert.All(Lines(made), static line => Assert.Equal("info", line.GetProperty("level").GetString()));
        var error = Lines(failed).Single(static line => line.GetProperty("level").GetString() == "error");
        Assert.Equal(("create", "operational:nowhere"), (error.GetProperty("operation").GetString(), error.GetProperty("series").GetString()));
        Assert.Matches(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", error.GetProperty("time").GetString()!);
        Assert.Contains(Lines(failed), static line => line.TryGetProperty("label", out var label) && label.GetString() == "hint");
    }

    [Fact]
    public async Task The_configuration_chooses_the_format_and_the_line_overrides_it()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var file = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(file, "[log]\nformat = \"json\"\n", TestContext.Current.CancellationToken);

        Assert.NotEmpty(Lines(await scene.RunAsync("show", "nothing", "--config", file)));
        Assert.StartsWith("error: ", (await scene.RunAsync("show", "nothing", "--config", file, "--log-format", "text")).Error, StringComparison.Ordinal);
        (await scene.RunAsync("show", "nothing", "--log-format", "xml")).Failed(2, "--log-format must be one of auto, text, json");
    }

    [Fact]
    public async Task What_the_service_could_not_do_stands_in_its_log_as_error_and_warning()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var file = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            [server]
            endpoint = "http://127.0.0.1:1"
            [operational]
            store = "{{scene.Store}}"
            [serve]
            listen = "127.0.0.1:0"
            history = "{{scene.Folder}}/history.db"
            [schedule.nightly]
            target = "operational"
            cron = "0 0 1 1 *"
            [alarms]
            retries = 0
            [alarms.webhook.nobody]
            url = "http://127.0.0.1:2/"
            [log]
            format = "json"
            """,
            TestContext.Current.CancellationToken);
        await using var service = await ServeProcess.StartAsync(file);
        await service.BeginAsync("nightly");
        await service.EndedAsync(1);
        var (_, log) = await service.StopAsync();

        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).Select(static line => (Level: line.GetProperty("level").GetString(), Text: line.GetProperty("message").GetString()!)).ToList();
        Assert.Contains(lines, static line => line.Level == "info" && line.Text.StartsWith("nightly: create of ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Level == "warning" && line.Text.StartsWith("nightly: The webhook nobody ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Level == "error" && line.Text.StartsWith("nightly: failed with 16: Nothing answers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_journal_listens_lines_carry_their_level()
    {
        // the journal's stream is a socket whose number stands in a variable; python hands one over as standard error
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        const string Journal = """
            import os, socket, subprocess, sys
            ours, theirs = socket.socketpair()
            stat = os.fstat(theirs.fileno())
            subprocess.run(sys.argv[1:], stderr=theirs, env={**os.environ, "JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"})
            theirs.close()
            print(ours.makefile().read())
            """;
        using var process = Metis.Start("/usr/bin/python3", ["-c", Journal, Metis.Executable, "show", "x", "--store", "/nowhere"], environment: null);

        var said = (await Metis.EndAsync(process)).Out;

        Assert.StartsWith("<3>error: ", said, StringComparison.Ordinal);
        Assert.Contains("\n<6>hint: ", said, StringComparison.Ordinal);
    }

    private static List<JsonElement> Lines(RunResult run) => [.. run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
}
