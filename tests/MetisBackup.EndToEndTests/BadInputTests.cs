using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class BadInputTests
{
    [Fact]
    public async Task An_unknown_database_is_named()
    {
        await using var scene = await Scene.SetAsync();

        (await scene.RunAsync("create", "x", "--database", "nowhere")).Failed(10, "nowhere", "hint:");

        Assert.Empty(scene.Snapshots);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("restore", "--yes")]
    [InlineData("delete", "--yes")]
    [InlineData("pin")]
    [InlineData("unpin")]
    public async Task An_unknown_snapshot_is_named(string command, params string[] options)
    {
        await using var scene = await Scene.SetAsync();
        await scene.CreateAsync();
        var before = await scene.PhotographAsync();

        (await scene.RunAsync([command, "metis_19990101", .. options])).Failed(10, "metis_19990101", "hint:");

        Assert.Single(scene.Snapshots);
        Assert.Equal(before, await scene.PhotographAsync());
    }

    [Fact]
    public async Task Latest_of_an_empty_store_is_not_found()
    {
        await using var scene = await Scene.SetAsync();

        (await scene.RunAsync("restore", "latest", "--yes")).Failed(10);
        (await scene.RunAsync("show", "latest")).Failed(10);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("restore", "--yes")]
    [InlineData("delete", "--yes")]
    public async Task An_ambiguous_prefix_lists_the_candidates(string command, params string[] options)
    {
        await using var scene = await Scene.SetAsync();
        var first = await scene.CreateAsync("first");
        var second = await scene.CreateAsync("second");
        var before = await scene.PhotographAsync();

        (await scene.RunAsync([command, "metis_2", .. options])).Failed(2, first, second);

        Assert.Equal(2, scene.Snapshots.Count);
        Assert.Equal(before, await scene.PhotographAsync());
    }

    [Fact]
    public async Task A_wrong_password_is_12_and_appears_nowhere()
    {
        await using var scene = await Scene.SetWithPasswordAsync("right-horse");
        var wrong = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ARANGO_PASSWORD"] = "wrong-battery" };

        var result = (await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--verbose"), wrong)).Failed(12, "hint:", "password");

        Assert.DoesNotContain("wrong-battery", result.Error + result.Out, StringComparison.Ordinal);
        Assert.Empty(scene.Snapshots);
    }

    [Fact]
    public async Task The_right_password_works_from_a_file_and_from_the_environment_and_is_stored_nowhere()
    {
        await using var scene = await Scene.SetWithPasswordAsync("right-horse");
        var right = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ARANGO_PASSWORD"] = "right-horse" };

        (await scene.RunAsync("create", "x", "--database", Scene.Database, "--password-file", Path.Combine(scene.Folder, "password"))).Succeeded();
        (await Metis.RunAsync(scene.Complete("restore", "latest", "--yes"), right)).Succeeded();

        foreach (var file in Directory.EnumerateFiles(scene.Store, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("right-horse", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_is_down_is_16()
    {
        await using var scene = await Scene.SetAsync();
        await scene.CreateAsync();
        await scene.Server.KillAsync();

        (await scene.RunAsync("create", "x", "--database", Scene.Database)).Failed(16, scene.Http.Endpoint, "hint:");
        (await scene.RunAsync("restore", "latest", "--yes")).Failed(16, scene.Http.Endpoint);

        Assert.Single(scene.Snapshots);
        (await scene.RunAsync("list")).Succeeded();
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    [Fact]
    public async Task A_collection_that_the_account_may_not_read_is_a_coverage_gap()
    {
        await using var scene = await Scene.SetWithPasswordAsync("right-horse");
        await scene.Http.SendAsync(HttpMethod.Post, "/_api/user", new JsonObject { ["user"] = "backup", ["passwd"] = "b" });
        await scene.Http.SendAsync(HttpMethod.Put, $"/_api/user/backup/database/{Scene.Database}", new JsonObject { ["grant"] = "rw" });
        await scene.Http.SendAsync(HttpMethod.Put, $"/_api/user/backup/database/{Scene.Database}/goods", new JsonObject { ["grant"] = "none" });
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ARANGO_PASSWORD"] = "b" };

        (await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--user", "backup"), environment)).Failed(14, "goods", "hint:");

        Assert.Empty(scene.Snapshots);
    }

    [Fact]
    public async Task A_read_only_server_can_be_saved_but_not_restored_into()
    {
        await using var scene = await Scene.SetAsync();
        await scene.CreateAsync("writable");
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();
        await scene.Http.SendAsync(HttpMethod.Put, "/_admin/server/mode", new JsonObject { ["mode"] = "readonly" });

        (await scene.RunAsync("restore", "writable", "--yes")).Failed(10);
        (await scene.RunAsync("restore", "latest", "--yes")).Failed(16, "read-only");

        Assert.Equal(changed, await scene.PhotographAsync());
        await scene.CreateAsync("frozen");
        await scene.Http.SendAsync(HttpMethod.Put, "/_admin/server/mode", new JsonObject { ["mode"] = "default" });
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    [Fact]
    public async Task A_store_that_is_not_writable_is_12()
    {
        await using var scene = await Scene.SetAsync();
        var store = Directory.CreateTempSubdirectory("metis-e2e-ro-").FullName;
        try
        {
            using var process = StartUnprivileged(store, ["create", "x", "--database", Scene.Database, "--endpoint", scene.Http.Endpoint, "--store", store]);
            (await Metis.EndAsync(process)).Failed(12, store, "hint:");
            Assert.Empty(Directory.EnumerateFileSystemEntries(store));
        }
        finally
        {
            File.SetUnixFileMode(store, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(store, recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_not_for_this_account_is_12()
    {
        if (File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start").Trim() is "0" or "1")
        {
            Assert.Skip("this machine gives every port to every account");
        }

        var folder = Directory.CreateTempSubdirectory("metis-e2e-port-").FullName;
        try
        {
            var configuration = Path.Combine(folder, "config.toml");
            await File.WriteAllTextAsync(configuration, $"[serve]\nlisten = \"127.0.0.1:1\"\nhistory = \"{folder}/state/history.db\"\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(folder, "state")).FullName, (UnixFileMode)0x1FF);

            using var process = StartUnprivileged(folder, ["serve", "--config", configuration]);
            (await Metis.EndAsync(process)).Failed(12, "may not listen on 127.0.0.1:1", "above 1023");
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_segment_is_found_and_never_restored()
    {
        await using var scene = await Scene.SetAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();
        var segment = Directory.EnumerateFiles(Path.Combine(scene.Store, name, "segments"), "*.zst", SearchOption.AllDirectories).OrderByDescending(file => new FileInfo(file).Length).First();
        Damage(segment);

        var verified = (await scene.RunAsync("verify", name)).Failed(13, "damaged");
        Assert.Contains(Path.GetFileName(segment), verified.Out, StringComparison.Ordinal);
        (await scene.RunAsync("restore", name, "--yes")).Failed(13, name, "damaged", "nothing was changed");

        Assert.Equal(changed, await scene.PhotographAsync());
        Assert.False((await scene.RunAsync("verify", "--all", "--json")).Json.GetProperty("sound").GetBoolean());
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("metadata.json")]
    public async Task A_snapshot_of_a_newer_schema_is_refused_and_left_alone(string file)
    {
        await using var scene = await Scene.SetAsync(10);
        var name = await scene.CreateAsync();
        var before = await scene.PhotographAsync();
        var path = Path.Combine(scene.Store, name, file);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        json["schema"] = 99;
        Rewrite(path, json.ToJsonString());

        (await scene.RunAsync("restore", name, "--yes")).Failed(2, name, "schema", "hint:", "newer version");

        Assert.Equal(before, await scene.PhotographAsync());
        (await scene.RunAsync("list")).Succeeded();
        Assert.Single(scene.Snapshots);
    }

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0x10;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(file, bytes);
    }

    private static void Rewrite(string file, string text)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, text);
    }

    /// <summary>Root may write everywhere, so the command runs as nobody then.</summary>
    private static System.Diagnostics.Process StartUnprivileged(string store, string[] arguments)
    {
        File.SetUnixFileMode(store, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        if (Environment.UserName != "root")
        {
            return Metis.Start(arguments);
        }

        if (!File.Exists("/usr/bin/setpriv"))
        {
            Assert.Skip("setpriv is not installed, and root may write everywhere");
        }

        return Metis.Start("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "--", Metis.Executable, .. arguments], environment: null);
    }
}
