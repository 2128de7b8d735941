using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>A server whose data lies on a data set, kept by a small service script, and the product beside it.</summary>
internal sealed class DrScene : IAsyncDisposable
{
    private readonly string _script;
    private int _documents;

    private DrScene(string dataset, string mountPoint)
    {
        (Dataset, MountPoint) = (dataset, mountPoint);
        Folder = Directory.CreateTempSubdirectory("metis-dr-").FullName;
        _script = Path.Combine(Folder, "service");
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}");
        Http = new ServerHttp(Endpoint);
    }

    public string Dataset { get; }

    public string MountPoint { get; }

    public string Folder { get; }

    public string Endpoint { get; }

    public ServerHttp Http { get; }

    /// <summary>Directory of locks and journals.</summary>
    public string State => Path.Combine(Folder, "state");

    /// <summary>While this file exists the service does not start.</summary>
    public string Broken => Path.Combine(Folder, "broken");

    /// <summary>What the server wrote since it was started last.</summary>
    public string ServerLog => File.ReadAllText(Path.Combine(Folder, "server.log"));

    /// <summary>Seconds that the server may take.</summary>
    public string Patience { get; set; } = "30";

    /// <summary>While this file exists the service does not stop.</summary>
    public string Stubborn => Path.Combine(Folder, "stubborn");

    public string Journal => Directory.Exists(Path.Combine(State, "dr")) ? Directory.EnumerateFiles(Path.Combine(State, "dr"), "*.rollback.json").SingleOrDefault() ?? "" : "";

    /// <summary>The options that every command of the group takes.</summary>
    public string[] Place => ["--dataset", Dataset, "--state", State, "--log", Path.Combine(Folder, "dr.log")];

    /// <summary>The options of rollback and undo.</summary>
    public string[] Service => ServiceAt(Endpoint);

    /// <summary>The same with a server that answers elsewhere.</summary>
    public string[] ServiceAt(string endpoint) =>
    [
        "--service", "test-server", "--endpoint", endpoint, "--server-timeout", Patience,
        "--start-command", List(_script, "start"), "--stop-command", List(_script, "stop"), "--status-command", List(_script, "status"),
    ];

    /// <summary>The option of drill.</summary>
    public static string[] DrillCommand => ["--drill-command", List(Metis.Executable, "devserver", "--data", "{data}", "--listen", "{endpoint}"), "--server-timeout", "30"];

    /// <summary>A data set with a running server that has a database and a collection.</summary>
    public static async Task<DrScene> SetAsync(ZfsPool pool)
    {
        var dataset = pool.Require();
        var scene = new DrScene(dataset, Path.Combine(pool.MountPoint, dataset[(ZfsPool.Name.Length + 1)..]));
        scene.WriteScript();
        scene.Control("start");
        await scene.AnswersAsync();
        await scene.Http.SendAsync(HttpMethod.Post, "/_api/database", new JsonObject { ["name"] = "shop" });
        await scene.Http.SendAsync(HttpMethod.Post, "/_db/shop/_api/collection", new JsonObject { ["name"] = "goods" });
        return scene;
    }

    /// <summary>Runs a command of the group.</summary>
    public Task<RunResult> RunAsync(string command, params string[] arguments) => Metis.RunAsync(["dr", command, .. arguments, .. Place]);

    /// <summary>Takes a snapshot and returns its full name.</summary>
    public async Task<string> CreateAsync(params string[] arguments) =>
        (await RunAsync("create", [.. arguments, "--endpoint", Endpoint, "--data-path", MountPoint, "--server-config", "/nonexistent", "--quiet"])).Succeeded().Out.Trim();

    /// <summary>Goes back.</summary>
    public Task<RunResult> RollBackAsync(string name, params string[] arguments) => RunAsync("rollback", [name, "--yes", .. Service, .. arguments]);

    /// <summary>Takes it back.</summary>
    public Task<RunResult> UndoAsync(params string[] arguments) => RunAsync("undo", ["--yes", .. Service, .. arguments]);

    /// <summary>Names of the snapshots, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync() => (await RunAsync("list", "--quiet")).Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes so many documents, one acknowledged after the other.</summary>
    public async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Http.SendAsync(HttpMethod.Post, "/_db/shop/_api/document/goods", new JsonObject { ["_key"] = Key(_documents++) });
        }
    }

    /// <summary>Keys of all documents that the server has.</summary>
    public async Task<IReadOnlySet<string>> KeysAsync()
    {
        var answer = await Http.SendAsync(HttpMethod.Post, "/_db/shop/_api/cursor", new JsonObject { ["query"] = "FOR d IN goods RETURN d._key", ["batchSize"] = 1_000_000 });
        return answer!["result"]!.AsArray().Select(static one => (string)one!).ToHashSet(StringComparer.Ordinal);
    }

    public async Task<int> CountAsync() => (await KeysAsync()).Count;

    /// <summary>Whether the server answers now.</summary>
    public async Task<bool> IsUpAsync()
    {
        try
        {
            await Http.SendAsync(HttpMethod.Get, "/_api/version");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>As if the power of the server went.</summary>
    public void KillServer()
    {
        using var server = Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(Folder, "pid")), CultureInfo.InvariantCulture));
        server.Kill();
        server.WaitForExit();
    }

    /// <summary>Runs the service script.</summary>
    public void Control(string verb) => ZfsPool.Run(_script, verb);

    public static string Key(int number) => $"k{number:000000}";

    public static string List(params string[] words) => JsonSerializer.Serialize(words);

    public async Task AnswersAsync()
    {
        for (var patience = Stopwatch.StartNew(); !await IsUpAsync(); await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "the server does not answer");
        }
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        File.Delete(Stubborn);
        ZfsPool.Try(_script, "stop");
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void WriteScript()
    {
        var text = $$"""
            #!/bin/sh
            pid='{{Folder}}/pid'
            runs() { { tr '\0' ' ' <"/proc/$(cat "$pid")/cmdline"; } 2>/dev/null | grep -qF -- '--data {{MountPoint}} '; }
            case "$1" in
            start)
              [ ! -e '{{Broken}}' ] || { echo "the server is broken" >&2; exit 1; }
              runs || { setsid '{{Metis.Executable}}' devserver --data '{{MountPoint}}' --listen '{{Endpoint}}' >'{{Folder}}/server.log' 2>&1 </dev/null & echo $! >"$pid"; } ;;
            stop)
              [ ! -e '{{Stubborn}}' ] || { echo "the server does not want to stop" >&2; exit 1; }
              runs || exit 0
              kill -TERM "$(cat "$pid")"
              for _ in $(seq 200); do runs || { rm -f "$pid"; exit 0; }; sleep 0.05; done
              exit 1 ;;
            status) runs || exit 3 ;;
            esac
            """;
        ProgramFile.Write(_script, text);
    }
}
