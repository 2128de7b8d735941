using System.Diagnostics;
using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>Files beside the database, from the command line.</summary>
public sealed class BulkFilesTests
{
    [Fact]
    public async Task Database_and_files_go_back_to_the_same_moment()
    {
        await using var scene = await Scene.SetAsync(50);
        var files = Prepare(scene);
        var database = await scene.PhotographAsync();
        var created = (await scene.RunAsync("create", "Before phase 4", "--database", Scene.Database, "--include-bulk", "--bulk-path", files, "--json")).Succeeded().Json;
        Assert.Equal((2, 10), (created.GetProperty("files").GetProperty("files").GetInt64(), created.GetProperty("files").GetProperty("bytes").GetInt64()));
        await scene.ChangeAsync();
        await File.WriteAllTextAsync(Path.Combine(files, "run-1", "result"), "worse result", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(files, "later"), "x", TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(files, "model"));

        var plan = (await scene.RunAsync("restore", "latest", "--include-bulk", "--bulk-path", files, "--dry-run")).Succeeded();
        Assert.Contains("files: 1 kept, 1 made, 1 replaced, 1 removed", plan.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(files, "later")));
        var restored = (await scene.RunAsync("restore", "latest", "--include-bulk", "--bulk-path", files, "--yes", "--json")).Succeeded().Json;

        Assert.Equal(database, await scene.PhotographAsync());
        Assert.Equal("good", await File.ReadAllTextAsync(Path.Combine(files, "run-1", "result"), TestContext.Current.CancellationToken));
        Assert.Equal(["model", "run-1"], Directory.EnumerateFileSystemEntries(files).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var trash = restored.GetProperty("files").GetProperty("trash").GetString()!;
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(trash, "files", "later"), TestContext.Current.CancellationToken));
        Assert.Equal("worse result", await File.ReadAllTextAsync(Path.Combine(trash, "files", "run-1", "result"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_restore_that_is_not_asked_for_files_leaves_them_and_says_so()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Prepare(scene);
        (await scene.RunAsync("create", "With files", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(files, "model"), "newer", TestContext.Current.CancellationToken);

        var restored = (await scene.RunAsync("restore", "latest", "--yes")).Succeeded();

        Assert.Equal("newer", await File.ReadAllTextAsync(Path.Combine(files, "model"), TestContext.Current.CancellationToken));
        Assert.Contains("2 files of the snapshot were left as they are", restored.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_directory_of_the_snapshot_is_never_taken_for_the_target()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Prepare(scene);
        (await scene.RunAsync("create", "With files", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();

        (await scene.RunAsync("restore", "latest", "--only-bulk", "--yes")).Failed(2, "holds the files of", "--bulk-path");
        (await scene.RunAsync("restore", "latest", "--only-bulk", "--collection", "goods", "--bulk-path", files, "--yes")).Failed(2, "--only-bulk");
        (await scene.RunAsync("create", "x", "--include-bulk", "--no-bulk")).Failed(2, "contradict");
        (await Metis.RunAsync(scene.Complete(["restore", "latest", "--include-bulk", "--into", "copy", "--yes"]), new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_BULK_PATH"] = files })).Failed(2, "--bulk-path");
        var copy = Path.Combine(scene.Folder, "copy");
        (await scene.RunAsync("restore", "latest", "--include-bulk", "--into", "copy", "--bulk-path", copy, "--yes")).Succeeded();
        Assert.Equal("good", await File.ReadAllTextAsync(Path.Combine(copy, "run-1", "result"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_restore_put_aside_goes_when_it_was_kept_long_enough()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Prepare(scene);
        (await scene.RunAsync("create", "With files", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();
        async Task<string> PutAsideAsync(string began)
        {
            await File.WriteAllTextAsync(Path.Combine(files, "model"), "newer " + began, TestContext.Current.CancellationToken);
            var restored = (await scene.RunAsync("restore", "latest", "--only-bulk", "--bulk-path", files, "--yes", "--json")).Succeeded().Json;
            var folder = restored.GetProperty("files").GetProperty("trash").GetString()!;
            var text = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "restore.json"), TestContext.Current.CancellationToken))!;
            (text["began_at"], text["completed_at"]) = (began, began);
            await File.WriteAllTextAsync(Path.Combine(folder, "restore.json"), text.ToJsonString(), TestContext.Current.CancellationToken);
            return folder;
        }

        var (first, second) = (await PutAsideAsync("2020-01-01T00:00:00+00:00"), await PutAsideAsync("2999-01-01T00:00:00+00:00"));
        Assert.False(Directory.Exists(first), "the next restore empties the trash too");
        var third = await PutAsideAsync("2021-02-03T00:00:00+00:00");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_BULK_PATH"] = files };

        var found = await Metis.RunAsync(scene.Complete(["doctor", "--only", "files"]), environment);
        Assert.Equal(3, found.ExitCode);
        Assert.Contains("put aside on 2021-02-03", found.Out, StringComparison.Ordinal);
        Assert.Equal(third, (await Metis.RunAsync(scene.Complete(["cleanup", "--dry-run", "--json"]), environment)).Succeeded().Json.GetProperty("trash")[0].GetString());
        Assert.True(Directory.Exists(third));
        Assert.Contains($"removed {third}", (await Metis.RunAsync(scene.Complete(["cleanup"]), environment)).Succeeded().Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(third));
        Assert.True(Directory.Exists(second));

        var fourth = await PutAsideAsync("2021-02-03T00:00:00+00:00");
        Assert.StartsWith("mended ", (await Metis.RunAsync(scene.Complete(["doctor", "--only", "files", "--fix"]), environment)).Succeeded().Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fourth));
        Assert.Equal("Nothing needs attention.\n", (await Metis.RunAsync(scene.Complete(["doctor", "--only", "files"]), environment)).Succeeded().Out);
    }

    [Fact]
    public async Task The_doctor_tells_of_files_between_two_states_and_of_a_missing_directory()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Prepare(scene);
        (await scene.RunAsync("create", "With files", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(files, "model"), "newer", TestContext.Current.CancellationToken);
        var trash = (await scene.RunAsync("restore", "latest", "--only-bulk", "--bulk-path", files, "--yes", "--json")).Succeeded().Json.GetProperty("files").GetProperty("trash").GetString()!;
        var text = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(trash, "restore.json"), TestContext.Current.CancellationToken))!;
        text["completed_at"] = null;
        await File.WriteAllTextAsync(Path.Combine(trash, "restore.json"), text.ToJsonString(), TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_BULK_PATH"] = files, ["METIS_BACKUP_BULK_INCLUDE"] = "true" };

        var found = await Metis.RunAsync(scene.Complete(["doctor", "--only", "files"]), environment);
        Assert.Equal(3, found.ExitCode);
        Assert.Contains("between two states", found.Out, StringComparison.Ordinal);
        var mend = found.Out.Split('\n')[1].Trim();
        Assert.EndsWith("--only-bulk", mend, StringComparison.Ordinal);
        (await Metis.RunAsync(scene.Complete([.. mend.Split(' ')[1..], "--yes"]), environment)).Succeeded();
        Assert.Equal(0, (await Metis.RunAsync(scene.Complete(["doctor", "--only", "files"]), environment)).ExitCode);

        Directory.Delete(files, recursive: true);
        Assert.Contains("There is no directory", (await Metis.RunAsync(scene.Complete(["doctor", "--only", "files"]), environment)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_names_files_that_changed_between_two_snapshots()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Prepare(scene);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_BULK_PATH"] = files };
        var token = TestContext.Current.CancellationToken;
        Task<RunResult> RunAsync(params string[] arguments) => Metis.RunAsync(scene.Complete(arguments), environment);
        (await RunAsync("create", "first", "--database", Scene.Database, "--include-bulk")).Succeeded();
        File.Delete(Path.Combine(files, "model"));
        await File.WriteAllTextAsync(Path.Combine(files, "run-1", "result"), "worse result", token);
        File.CreateSymbolicLink(Path.Combine(files, "shortcut"), "run-1");
        (await RunAsync("create", "second", "--database", Scene.Database, "--include-bulk")).Succeeded();
        (await RunAsync("create", "third", "--database", Scene.Database)).Succeeded();
        var (first, second, third) = (Name("_first"), Name("_second"), Name("_third"));

        var text = (await RunAsync("diff", first, second)).Succeeded().Out;
        Assert.Contains("Files: 1 added, 1 changed, 1 removed\n- file model\n~ file run-1/result: content differs\n+ link shortcut\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing differs", text, StringComparison.Ordinal);
        var json = (await RunAsync("diff", first, second, "--limit", "1", "--json")).Succeeded().Json;
        Assert.False(json.GetProperty("equal").GetBoolean());
        Assert.Equal((1, 1, 1, "model"), (
            json.GetProperty("files").GetProperty("added").GetInt64(),
            json.GetProperty("files").GetProperty("changed").GetInt64(),
            json.GetProperty("files").GetProperty("entries").GetArrayLength(),
            json.GetProperty("files").GetProperty("entries")[0].GetProperty("path").GetString()));
        Assert.Contains("  and 2 more", (await RunAsync("diff", first, second, "--limit", "1")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains($"{third} holds none", (await RunAsync("diff", first, third)).Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("--only-bulk --dry-run", (await RunAsync("diff", first)).Succeeded().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("iles", (await RunAsync("diff", first, third, "--collection", "goods")).Succeeded().Error, StringComparison.Ordinal);

        string Name(string ending) => scene.Snapshots.Single(name => name.EndsWith(ending, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_directory_stops_the_snapshot()
    {
        await using var scene = await Scene.SetAsync(10);
        (await scene.RunAsync("create", "x", "--database", Scene.Database, "--include-bulk", "--bulk-path", Path.Combine(scene.Folder, "missing"))).Failed(10, "There is no directory");

        Assert.Empty(scene.Snapshots);
    }

    [Fact]
    public async Task A_killed_restore_of_files_is_finished_by_the_next_one()
    {
        await using var scene = await Scene.SetAsync(10);
        var files = Directory.CreateDirectory(Path.Combine(scene.Folder, "experiments")).FullName;
        for (var number = 0; number < 1000; number++)
        {
            await File.WriteAllTextAsync(Path.Combine(files, $"f{number}"), $"before {number}", TestContext.Current.CancellationToken);
        }

        (await scene.RunAsync("create", "Many", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();
        for (var number = 0; number < 1000; number++)
        {
            await File.WriteAllTextAsync(Path.Combine(files, $"f{number}"), $"after {number}!", TestContext.Current.CancellationToken);
        }

        var trash = Path.Combine(scene.Folder, ".experiments.metis-trash");
        using (var process = Metis.Start(scene.Complete("restore", "latest", "--only-bulk", "--bulk-path", files, "--yes")))
        {
            var deadline = Stopwatch.StartNew();
            while (!process.HasExited && Moved(trash) < 100 && deadline.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var between = Directory.EnumerateFiles(files).Count(path => File.ReadAllText(path).StartsWith("before", StringComparison.Ordinal));
        Assert.Equal(1000, Directory.EnumerateFiles(files).Count());
        Assert.All(Directory.EnumerateFiles(files), static path => Assert.Matches("^(before [0-9]+|after [0-9]+!)$", File.ReadAllText(path)));
        if (between < 1000)
        {
            (await scene.RunAsync("create", "x", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Failed(15, "between two states");
        }

        (await scene.RunAsync("restore", "latest", "--only-bulk", "--bulk-path", files, "--yes")).Succeeded();

        Assert.All(Directory.EnumerateFiles(files), static path => Assert.StartsWith("before", File.ReadAllText(path), StringComparison.Ordinal));
        (await scene.RunAsync("create", "x", "--database", Scene.Database, "--include-bulk", "--bulk-path", files)).Succeeded();
    }

    private static int Moved(string trash) => Directory.Exists(trash)
        ? Directory.EnumerateDirectories(trash).Select(static folder => Path.Combine(folder, "files")).Where(Directory.Exists).Sum(static folder => Directory.EnumerateFiles(folder).Count())
        : 0;

    private static string Prepare(Scene scene)
    {
        var files = Path.Combine(scene.Folder, "experiments");
        Directory.CreateDirectory(Path.Combine(files, "run-1"));
        File.WriteAllText(Path.Combine(files, "run-1", "result"), "good");
        File.WriteAllText(Path.Combine(files, "model"), "weight");
        return files;
    }
}
