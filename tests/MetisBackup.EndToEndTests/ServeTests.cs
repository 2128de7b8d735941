using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MetisBackup.DevServer.Faults;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>The service as a process.</summary>
public sealed class ServeTests
{
    private const string Yearly = """
        [schedule.shop]
        target = "operational"
        cron = "0 0 1 1 *"
        description = "By the service"
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_begins_jobs_and_tells_of_them()
    {
        await using var scene = await Scene.SetAsync();
        await using var service = await ServeProcess.StartAsync(await ConfigureAsync(scene));

        var job = Assert.Single((await service.GetAsync("/api/schedule")).GetProperty("jobs").EnumerateArray());
        Assert.Equal(("shop", "create", "operational:shop"), (Text(job, "name"), Text(job, "action"), Text(job, "series")));
        Assert.Equal(202, await service.BeginAsync("shop"));
        var run = await service.EndedAsync(1);

        Assert.Equal((0, "command", "create"), (run.GetProperty("exit_code").GetInt32(), Text(run, "cause"), Text(run, "operation")));
        var snapshot = Assert.Single((await service.GetAsync("/api/snapshots?database=shop")).GetProperty("snapshots").EnumerateArray());
        Assert.Equal((Text(run, "point"), "By the service"), (Text(snapshot, "name"), Text(snapshot, "description")));
        Assert.Equal(scene.Snapshots, [Text(run, "point")!]);
        Assert.Equal(404, await service.BeginAsync("other"));
        var status = await service.GetAsync("/api/status");
        Assert.Contains(status.GetProperty("series").EnumerateArray(), static one => Text(one, "series") == "operational:shop");
        var metrics = await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        Assert.Contains("\nmetis_backup_last_success_timestamp_seconds{", metrics, StringComparison.Ordinal);
        Assert.Contains("series=\"operational:shop\"", metrics, StringComparison.Ordinal);

        var (code, log) = await service.StopAsync();
        Assert.Equal(0, code);
        Assert.Contains($"shop: create {Text(run, "point")} ended with 0", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_of_the_token_and_no_page_of_another_site_is_answered()
    {
        await using var scene = await Scene.SetAsync(10);
        await using var service = await ServeProcess.StartAsync(await ConfigureAsync(scene));
        var http = service.Http;
        var bearer = "Bearer " + service.Token;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/healthz", ("Authorization", null)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/readyz", ("Authorization", null)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, "/api/schedule", ("Authorization", null)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/api/schedule", ("Authorization", "Bearer " + new string('0', 64))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/api/schedule", ("Authorization", bearer)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/healthz", ("Host", "backup.example:8530")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/healthz", ("Host", "localhost:1")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/api/schedule", ("Authorization", bearer), ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/api/schedule", ("Authorization", bearer), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/api/schedule", ("Authorization", bearer), ("Origin", http.BaseAddress!.GetLeftPart(UriPartial.Authority))));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/api/nothing", ("Authorization", bearer)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(scene.Folder, "state", "serve.token")));
    }

    [Fact]
    public async Task What_cannot_be_done_is_answered_in_the_form_of_errors()
    {
        await using var scene = await Scene.SetAsync(10);
        await using var service = await ServeProcess.StartAsync(await ConfigureAsync(scene));

        foreach (var (address, code, kind) in ((string, HttpStatusCode, string)[])[("/api/runs?limit=0", HttpStatusCode.BadRequest, "usage"), ("/api/snapshots?target=x", HttpStatusCode.NotFound, "not_found"), ("/x", HttpStatusCode.NotFound, "not_found")])
        {
            using var answer = await service.Http.GetAsync(new Uri(address, UriKind.Relative), Token);
            Assert.Equal(code, answer.StatusCode);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            Assert.Equal(kind, Text(document.RootElement.GetProperty("error"), "kind"));
        }

        using var form = new StringContent("job=shop");
        using var refused = await service.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), form, Token);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Empty(scene.Snapshots);
    }

    [Fact]
    public async Task A_second_service_is_refused()
    {
        await using var scene = await Scene.SetAsync(10);
        var configuration = await ConfigureAsync(scene);
        await using var service = await ServeProcess.StartAsync(configuration);

        (await Metis.RunAsync("serve", "--config", configuration)).Failed(11, "runs already");
    }

    [Fact]
    public async Task A_taken_address_is_an_error()
    {
        await using var scene = await Scene.SetAsync(10);

        (await Metis.RunAsync("serve", "--config", await ConfigureAsync(scene), "--listen", new Uri(scene.Http.Endpoint).Authority)).Failed(16, "cannot listen", "something else does");
        (await Metis.RunAsync("serve", "--config", await ConfigureAsync(scene), "--listen", "0.0.0.0:8530")).Failed(2, "loopback");
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_backup_finishes_it()
    {
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        await using var service = await ServeProcess.StartAsync(await ConfigureAsync(scene));
        var begun = SlowDump(faults, TimeSpan.FromSeconds(1));

        await service.BeginAsync("shop");
        await begun;
        Assert.Equal(409, await service.BeginAsync("shop"));
        Signals.Send(service.Process, "TERM");
        var (code, log) = await service.ExitAsync();

        Assert.Equal(0, code);
        Assert.Contains("shop: is waited for", log, StringComparison.Ordinal);
        Assert.Single(scene.Snapshots);
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    [Fact]
    public async Task A_stop_that_must_not_wait_abandons_the_backup_and_leaves_nothing_visible()
    {
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        var configuration = await ConfigureAsync(scene, "stop_timeout = \"1s\"");
        await using (var service = await ServeProcess.StartAsync(configuration))
        {
            var begun = SlowDump(faults, TimeSpan.FromSeconds(30));
            await service.BeginAsync("shop");
            await begun;
            var (code, log) = await service.StopAsync();

            Assert.Equal(0, code);
            Assert.Contains("shop: abandoned", log, StringComparison.Ordinal);
            Assert.Empty(scene.Snapshots);
        }

        await using var again = await ServeProcess.StartAsync(configuration);
        var run = await again.EndedAsync(1);
        Assert.Equal(130, run.GetProperty("exit_code").GetInt32());
        await again.BeginAsync("shop");
        Assert.Equal(0, (await again.EndedAsync(2)).GetProperty("exit_code").GetInt32());
        Assert.Single(scene.Snapshots);
    }

    [Fact]
    public async Task A_killed_service_tells_of_the_dead_run_and_makes_up_for_what_it_missed()
    {
        var faults = new FaultPlan();
        await using var scene = await Scene.SetWithFaultsAsync(faults);
        var configuration = await ConfigureAsync(scene);
        await using (var service = await ServeProcess.StartAsync(configuration))
        {
            // a job is known from the first look at it on
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            while ((await service.GetAsync("/api/schedule")).GetProperty("jobs")[0].GetProperty("last_due").ValueKind == JsonValueKind.Null)
            {
                await Task.Delay(20, patience.Token);
            }

            var begun = SlowDump(faults, TimeSpan.FromSeconds(30));
            await service.BeginAsync("shop");
            await begun;
            service.Process.Kill();
            await service.ExitAsync();
        }

        Assert.Empty(scene.Snapshots);
        await MissAsync(Path.Combine(scene.Folder, "state", "history.db"));
        await using var again = await ServeProcess.StartAsync(configuration);
        var run = await again.EndedAsync(2);

        Assert.Equal(("catch_up", 0), (Text(run, "cause"), run.GetProperty("exit_code").GetInt32()));
        var dead = (await again.GetAsync("/api/runs")).GetProperty("runs")[1];
        Assert.Contains("died", Text(dead, "message"), StringComparison.Ordinal);
        Assert.Single(scene.Snapshots);
    }

    [Fact]
    public async Task Systemd_hears_how_the_service_stands()
    {
        await using var scene = await Scene.SetAsync(10);
        var configuration = await ConfigureAsync(scene);
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(scene.Folder, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        await using var service = await ServeProcess.StartAsync(configuration, new Dictionary<string, string?>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "900000" });

        Assert.StartsWith("READY=1\nSTATUS=1 job, next shop at ", await HearAsync(systemd), StringComparison.Ordinal);
        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"], [await HearAsync(systemd), await HearAsync(systemd), await HearAsync(systemd)]);

        await File.AppendAllTextAsync(configuration, "\n[schedule.two]\ntarget = \"operational\"\ncron = \"0 0 1 1 *\"\n", Token);
        Signals.Send(service.Process, "HUP");
        Assert.Contains("STATUS=2 jobs", await HearAsync(systemd, "READY=1"), StringComparison.Ordinal);
        await File.AppendAllTextAsync(configuration, "\n[schedule.three]\ncorn = 1\n", Token);
        Signals.Send(service.Process, "HUP");
        Assert.Contains("STATUS=2 jobs", await HearAsync(systemd, "READY=1"), StringComparison.Ordinal);

        Signals.Send(service.Process, "TERM");
        Assert.Contains("EXTEND_TIMEOUT_USEC=", await HearAsync(systemd, "STOPPING=1"), StringComparison.Ordinal);
        var (code, log) = await service.ExitAsync();
        Assert.Equal(0, code);
        Assert.Contains("the former one holds", log, StringComparison.Ordinal);
        Assert.Contains("corn", log, StringComparison.Ordinal);
    }

    private static async Task<string> ConfigureAsync(Scene scene, string serve = "")
    {
        var path = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(path, $"""
            [server]
            endpoint = "{scene.Http.Endpoint}"
            [operational]
            database = "{Scene.Database}"
            store = "{scene.Store}"
            [serve]
            listen = "127.0.0.1:0"
            history = "{Path.Combine(scene.Folder, "state", "history.db")}"
            {serve}
            {Yearly}

            """, Token);
        return path;
    }

    /// <summary>Makes the second request for documents take its time; ends when the first has come.</summary>
    private static Task SlowDump(FaultPlan faults, TimeSpan delay)
    {
        var begun = new TaskCompletionSource();
        faults.Add(new FaultRule { Path = "dump", Before = begun.SetResult }).Add(new FaultRule { Path = "dump", Delay = delay });
        return begun.Task;
    }

    /// <summary>As if the last due time of the job were long ago.</summary>
    private static async Task MissAsync(string history)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={history};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE jobs SET due = 1700000000000";
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
    }

    private static async Task<string> HearAsync(Socket systemd)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, patience.Token));
    }

    private static async Task<string> HearAsync(Socket systemd, string beginning)
    {
        while (true)
        {
            if (await HearAsync(systemd) is var said && said.StartsWith(beginning, StringComparison.Ordinal))
            {
                return said;
            }
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string address, params (string Name, string? Value)[] headers)
    {
        using var bare = new HttpClient { BaseAddress = http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            }
        }

        using var answer = await bare.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();
}
