using System.Text.Json;
using System.Text.RegularExpressions;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed partial class AlarmTests
{
    private const string Secret = "geheim-4711";

    [Fact]
    public async Task A_failure_its_repetition_and_the_recovery_reach_mail_and_webhook_and_each_success_is_pinged()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        using var mail = await MailServer.StartAsync(Path.Combine(scene.Folder, "mail"));
        using var web = ReceivingServer.Start();
        var file = Configure(scene, $"""
            [alarms.webhook.ops]
            url_env = "HOOK"
            authorization_env = "AUTHORIZATION"
            [alarms.email.team]
            host = "127.0.0.1"
            port = {mail.Port}
            from = "Metis Backup <metis@example.org>"
            to = ["a@example.org", "b@example.org"]
            [alarms.ping.deadman]
            url = "{web.Address}/ping/{Secret}"
            failures = true
            """);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOOK"] = $"{web.Address}/hook/{Secret}", ["AUTHORIZATION"] = "Bearer " + Secret };
        var create = scene.Complete("create", "x", "--database", Scene.Database, "--config", file);

        (await Metis.RunAsync(create, environment)).Succeeded();
        Assert.Equal(["GET /ping/" + Secret], Lines(web));

        string[] broken = [.. create[..^2], "--store", "/proc/no/store"];
        var failed = (await Metis.RunAsync(broken, environment)).Failed(12);
        (await Metis.RunAsync(broken, environment)).Failed(12); // within the pause nobody is told again
        (await Metis.RunAsync(create, environment)).Succeeded();
        (await Metis.RunAsync(create, environment)).Succeeded();

        Assert.Equal(
            ["GET /ping/", "GET /ping//fail", "POST /hook/", "GET /ping//fail", "GET /ping/", "POST /hook/", "GET /ping/"],
            Lines(web).Select(static line => line.Replace(Secret, "", StringComparison.Ordinal)));
        var posts = web.Requests.Where(static one => one.Method == "POST").ToList();
        Assert.All(posts, static one => Assert.Equal("Bearer " + Secret, one.Authorization));
        var failure = JsonDocument.Parse(posts[0].Body).RootElement;
        Assert.Equal(("failure", "operational:shop", 12), (failure.GetProperty("event").GetString(), failure.GetProperty("series").GetString(), failure.GetProperty("exit_code").GetInt32()));
        Assert.Contains("/proc/no", failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("metis_", failure.GetProperty("last_good_point").GetString(), StringComparison.Ordinal);
        Assert.Equal("recovery", JsonDocument.Parse(posts[1].Body).RootElement.GetProperty("event").GetString());

        Assert.Equal(2, mail.Mails.Count);
        Assert.Contains("Subject: [metis-backup] FAILED: create of database shop on", Unfolded(mail.Mails[0]), StringComparison.Ordinal);
        Assert.Contains("Last good: metis_", mail.Mails[0], StringComparison.Ordinal);
        Assert.Contains("What to do: ", mail.Mails[0], StringComparison.Ordinal);
        Assert.Contains("Subject: [metis-backup] OK again: create of database shop on", Unfolded(mail.Mails[1]), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Concat(mail.Mails) + failed.Error + failed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notifier_that_fails_is_a_warning_and_exit_code_3_and_the_snapshot_stands()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        using var web = ReceivingServer.Start(static _ => 302);
        var file = Configure(scene, $"""
            [alarms]
            retries = 0
            [alarms.ping.deadman]
            url = "{web.Address}/{Secret}"
            [alarms.ping.gone]
            url = "http://127.0.0.1:{FreePort.Find()}/{Secret}"
            """);

        var run = await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--config", file, "--json"));

        Assert.Equal(3, run.ExitCode);
        Assert.Single(scene.Snapshots);
        Assert.Equal(
            [$"The ping deadman at {web.Address}/… answered with a redirect (302), which is not followed.", "did not get through"],
            run.Json.GetProperty("warnings").EnumerateArray().Select(static one => one.GetString()!).Select(static (one, at) => at == 0 ? one : Reason().Match(one).Value));
        Assert.DoesNotContain(Secret, run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal("/" + Secret, Assert.Single(web.Requests).Path);
    }

    [Fact]
    public async Task A_service_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        using var busy = ReceivingServer.Start(static count => count == 1 ? 503 : 200);
        using var refusing = ReceivingServer.Start(static _ => 403);
        var file = Configure(scene, $$"""
            [alarms.webhook.busy]
            url = "{{busy.Address}}/x"
            template = '{"text": "{summary}: \"{message}\"", "code": "{exit_code}"}'
            [alarms.webhook.refusing]
            url = "{{refusing.Address}}/x"
            """);

        var run = await Metis.RunAsync(["alarms", "test", "--config", file, "--json"]);

        Assert.Equal(16, run.ExitCode);
        Assert.Equal([true, false], run.Json.GetProperty("notifiers").EnumerateArray().Select(static one => one.GetProperty("told").GetBoolean()));
        Assert.Equal(2, busy.Requests.Count);
        Assert.Single(refusing.Requests);
        Assert.StartsWith("TEST: test of the alarms on ", JsonDocument.Parse(busy.Requests[1].Body).RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[alarms.webhook.x]\nurl_env = \"NOT_SET\"", "The address of webhook x is not there")]
    [InlineData("[alarms.command.x]\ncommand = [\"/bin/sh\", \"-c\", \"echo nein >&2; exit 7\"]", "The command x failed: nein.")]
    [InlineData("[alarms.email.x]\nhost = \"127.0.0.1\"\nport = 1\nfrom = \"a@b\"\nto = [\"a@b\"]\n[alarms]\nretries = 0", "The email x through 127.0.0.1:1 did not get through")]
    public async Task What_stands_in_the_way_is_said(string configuration, string words)
    {
        var folder = Directory.CreateTempSubdirectory("metis-alarm-");
        try
        {
            var file = Path.Combine(folder.FullName, "config.toml");
            await File.WriteAllTextAsync(file, configuration, TestContext.Current.CancellationToken);

            (await Metis.RunAsync("alarms", "test", "--config", file)).Failed(16, words);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_command_is_told_in_its_environment_and_may_call_us()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var told = Path.Combine(scene.Folder, "told");
        var file = Configure(scene, $"""
            [alarms.command.note]
            command = ["/bin/sh", "-c", "'{Metis.Executable}' list --store '{scene.Store}' >/dev/null && echo \"$METIS_BACKUP_RUN_EVENT $METIS_BACKUP_RUN_SERIES $METIS_BACKUP_RUN_EXIT_CODE\" > {told}"]
            """);
        (await scene.RunAsync("create", "x", "--database", Scene.Database)).Succeeded();

        (await Metis.RunAsync(scene.Complete("create", "x", "--database", "nowhere", "--config", file))).Failed(10);

        Assert.Equal("failure operational:nowhere 10\n", await File.ReadAllTextAsync(told, TestContext.Current.CancellationToken));
    }

    private static string Configure(Scene scene, string alarms)
    {
        var file = Path.Combine(scene.Folder, "config.toml");
        File.WriteAllText(file, $"[serve]\nhistory = \"{scene.Folder}/history.db\"\n{alarms}\n");
        return file;
    }

    private static IEnumerable<string> Lines(ReceivingServer web) => web.Requests.Select(static one => $"{one.Method} {one.Path}");

    private static string Unfolded(string mail) => mail.Replace("\r", "", StringComparison.Ordinal).Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal);

    [GeneratedRegex("did not get through")]
    private static partial Regex Reason();
}
