using MetisBackup.EndToEndTests.Golden;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class RoundTripTests
{
    [Fact]
    public async Task A_snapshot_brings_everything_back_and_leaves_nothing_of_the_experiment()
    {
        await using var scene = await Scene.SetAsync();
        var before = await scene.PhotographAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        Assert.NotEqual(before, await scene.PhotographAsync());

        var restored = (await scene.RunAsync("restore", "latest", "--yes")).Succeeded();

        Assert.Equal(before, await scene.PhotographAsync());
        Assert.Contains(name, restored.Out, StringComparison.Ordinal);
        Assert.Equal(2, scene.Snapshots.Count); // the snapshot and the safety point
    }

    [Fact]
    public async Task The_safety_point_brings_the_state_before_the_restore_back()
    {
        await using var scene = await Scene.SetAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();
        var restored = (await scene.RunAsync("restore", name, "--yes", "--json")).Succeeded();

        (await scene.RunAsync("restore", restored.Json.GetProperty("safety_snapshot").GetString()!, "--yes")).Succeeded();

        Assert.Equal(changed, await scene.PhotographAsync());
    }

    [Fact]
    public async Task Restore_into_another_database_makes_it_and_leaves_the_first_alone()
    {
        await using var scene = await Scene.SetAsync();
        var before = await scene.PhotographAsync();
        await scene.CreateAsync();
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();

        (await scene.RunAsync("restore", "latest", "--into", "copy", "--yes")).Succeeded();

        Assert.Equal(before, await scene.PhotographAsync("copy"));
        Assert.Equal(changed, await scene.PhotographAsync());
    }

    [Fact]
    public async Task Restore_of_one_collection_leaves_the_others_alone()
    {
        await using var scene = await Scene.SetAsync();
        var goods = await scene.ReadAsync("goods");
        await scene.CreateAsync();
        await scene.ChangeAsync();

        (await scene.RunAsync("restore", "latest", "--collection", "goods", "--yes")).Succeeded();

        Assert.Equal(goods, await scene.ReadAsync("goods"));
        Assert.Equal("[]", await scene.ReadAsync("bought"));
        Assert.Contains("experiment", await scene.CollectionsAsync());
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_changes_nothing()
    {
        await using var scene = await Scene.SetAsync();
        await scene.CreateAsync();
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();

        var plan = (await scene.RunAsync("restore", "latest", "--dry-run")).Succeeded();

        Assert.Matches(@"remove\s+collection\s+experiment", plan.Out);
        Assert.Contains("Nothing was changed", plan.Out, StringComparison.Ordinal);
        Assert.Equal(changed, await scene.PhotographAsync());
        Assert.Single(scene.Snapshots);
    }

    [Fact]
    public async Task An_empty_database_comes_back_empty()
    {
        await using var scene = await Scene.SetAsync();
        await scene.Http.SendAsync(HttpMethod.Post, "/_api/database", new System.Text.Json.Nodes.JsonObject { ["name"] = "void" });
        var created = (await scene.RunAsync("create", "Nothing", "--database", "void", "--json")).Succeeded();
        await scene.Http.SendAsync(HttpMethod.Post, "/_db/void/_api/collection", new System.Text.Json.Nodes.JsonObject { ["name"] = "c" });

        (await scene.RunAsync("restore", "latest:void", "--yes")).Succeeded();

        Assert.Empty(await scene.CollectionsAsync("void"));
        Assert.Equal(0, created.Json.GetProperty("documents").GetInt64());
    }

    [Fact]
    public async Task The_documents_of_json_are_as_published()
    {
        await using var scene = await Scene.SetAsync();
        GoldenFile.Matches("create.json", (await scene.RunAsync("create", "Vor dem Versuch ü 🚀", "--database", Scene.Database, "--json")).Succeeded().Out);
        GoldenFile.Matches("list.json", (await scene.RunAsync("list", "--json")).Succeeded().Out);
        GoldenFile.Matches("show.json", (await scene.RunAsync("show", "latest", "--json")).Succeeded().Out);
        GoldenFile.Matches("verify.json", (await scene.RunAsync("verify", "latest", "--json")).Succeeded().Out);
        GoldenFile.Matches("pin.json", (await scene.RunAsync("pin", "latest", "--json")).Succeeded().Out);
        GoldenFile.Matches("unpin.json", (await scene.RunAsync("unpin", "latest", "--json")).Succeeded().Out);
        await scene.ChangeAsync();
        GoldenFile.Matches("diff.json", (await scene.RunAsync("diff", "latest", "--collection", "bought", "--collection", "experiment", "--keys", "--limit", "2", "--json")).Succeeded().Out);
        GoldenFile.Matches("diff-key.json", (await scene.RunAsync("diff", "latest", "--collection", "goods", "--key", "k000001", "--json")).Succeeded().Out);
        GoldenFile.Matches("restore-dry-run.json", (await scene.RunAsync("restore", "latest", "--dry-run", "--json")).Succeeded().Out);
        var restored = (await scene.RunAsync("restore", "latest", "--yes", "--json")).Succeeded();
        GoldenFile.Matches("restore.json", restored.Out);
        var safety = restored.Json.GetProperty("safety_snapshot").GetString()!;
        GoldenFile.Matches("delete.json", (await scene.RunAsync("delete", safety, "--yes", "--force", "--json")).Succeeded().Out);
    }

    [Fact]
    public async Task The_texts_for_people_are_as_published()
    {
        await using var scene = await Scene.SetAsync();
        var name = await scene.CreateAsync("Before phase 4");

        GoldenFile.Matches("show.txt", (await scene.RunAsync("show", name)).Succeeded().Out);
        GoldenFile.Matches("list.txt", (await scene.RunAsync("list")).Succeeded().Out);
        await scene.ChangeAsync();
        GoldenFile.Matches("diff.txt", (await scene.RunAsync("diff", name)).Succeeded().Out);
        GoldenFile.Matches("diff-key.txt", (await scene.RunAsync("diff", name, "--collection", "goods", "--key", "k000001")).Succeeded().Out);
        GoldenFile.Matches("plan.txt", (await scene.RunAsync("restore", name, "--dry-run")).Succeeded().Out);
    }

    [Fact]
    public async Task Two_snapshots_are_compared_without_a_server_and_keys_come_one_a_line()
    {
        await using var scene = await Scene.SetAsync();
        var (before, _) = (await scene.CreateAsync("one"), await scene.Http.SendAsync(HttpMethod.Put, $"/_db/{Scene.Database}/_api/collection/bought/truncate"));
        var after = await scene.CreateAsync("two");
        string[] nowhere = ["--endpoint", "http://127.0.0.1:1", "--password-file", "/nowhere", "--store", scene.Store];

        var few = (await Metis.RunAsync(["diff", before, after, "--keys", "--limit", "3", .. nowhere])).Succeeded();
        var all = (await Metis.RunAsync(["diff", before, after, "--keys", "--limit", "0", "--quiet", .. nowhere])).Succeeded();
        var back = (await Metis.RunAsync(["diff", after, before, "--json", .. nowhere])).Succeeded().Json;
        var same = (await Metis.RunAsync(["diff", after, after, "--json", .. nowhere])).Succeeded().Json;

        Assert.Equal(3, few.Out.Split('\n').Count(static line => line.StartsWith("- bought/k", StringComparison.Ordinal)));
        Assert.Contains("--limit 0 names all", few.Error, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 250).Select(static number => $"- bought/k{number:000000}"), all.Out.TrimEnd().Split('\n'));
        Assert.Equal(250, back.GetProperty("added").GetInt64());
        Assert.False(back.GetProperty("equal").GetBoolean());
        Assert.True(same.GetProperty("equal").GetBoolean());
    }

    [Fact]
    public async Task Quiet_says_only_the_result()
    {
        await using var scene = await Scene.SetAsync();

        var created = (await scene.RunAsync("create", "x", "--database", Scene.Database, "--quiet")).Succeeded();
        var listed = (await scene.RunAsync("list", "--quiet")).Succeeded();

        Assert.Empty(created.Error);
        Assert.Equal([created.Out.Trim()], scene.Snapshots);
        Assert.Equal(created.Out, listed.Out);
        Assert.Empty((await scene.RunAsync("verify", "--all", "--quiet")).Succeeded().Out);
    }

    [Fact]
    public async Task A_deleted_snapshot_is_gone_and_the_others_stay_sound()
    {
        await using var scene = await Scene.SetAsync();
        var first = await scene.CreateAsync("first");
        var second = await scene.CreateAsync("second");

        (await scene.RunAsync("delete", first, "--yes")).Succeeded();

        Assert.Equal([second], scene.Snapshots);
        Assert.Equal([second], Directory.EnumerateDirectories(scene.Store).Select(path => Path.GetFileName(path)).Where(one => !one.StartsWith(".lock", StringComparison.Ordinal)));
        (await scene.RunAsync("verify", "--all")).Succeeded();
    }

    [Fact]
    public async Task A_permanent_snapshot_is_only_deleted_by_force()
    {
        await using var scene = await Scene.SetAsync();
        var first = await scene.CreateAsync("first");
        await scene.CreateAsync("second");
        (await scene.RunAsync("pin", first)).Succeeded();

        (await scene.RunAsync("delete", first, "--yes")).Failed(15, first, "permanent", "--force");

        Assert.Contains(first, scene.Snapshots);
        (await scene.RunAsync("delete", first, "--yes", "--force")).Succeeded();
        Assert.DoesNotContain(first, scene.Snapshots);
    }

    [Fact]
    public async Task The_git_commit_of_the_folder_one_stands_in_is_recorded()
    {
        await using var scene = await Scene.SetAsync(10);
        var work = Directory.CreateDirectory(Path.Combine(scene.Folder, "work")).FullName;
        using var git = Metis.Start("sh", ["-c", $"cd '{work}' && git init -q -b study && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git rev-parse HEAD"], environment: null);
        var commit = (await Metis.EndAsync(git)).Succeeded().Out.Trim();
        using var create = Metis.Start("sh", ["-c", $"cd '{work}' && exec \"$@\"", "sh", Metis.Executable, .. scene.Complete("create", "x", "--database", Scene.Database)], environment: null);
        (await Metis.EndAsync(create)).Succeeded();

        var shown = (await scene.RunAsync("show", "latest", "--json")).Succeeded().Json;

        Assert.Equal(commit, shown.GetProperty("git_commit").GetString());
        Assert.Equal("study", shown.GetProperty("git_branch").GetString());
    }

    [Fact]
    public async Task Standard_tools_can_check_a_snapshot()
    {
        await using var scene = await Scene.SetAsync();
        var name = await scene.CreateAsync();

        using var check = Metis.Start("sh", ["-c", $"cd '{Path.Combine(scene.Store, name)}' && sha256sum --check --quiet SHA256SUMS"], environment: null);

        Assert.Equal(0, (await Metis.EndAsync(check)).ExitCode);
    }
}
