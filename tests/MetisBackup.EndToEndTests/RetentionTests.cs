using MetisBackup.EndToEndTests.Golden;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>Which snapshots stay, as somebody at a terminal sees it.</summary>
public sealed class RetentionTests
{
    private const string LastTwo = "[retention.operational]\nlast = 2\nweekly = 0\n\n[target.shop]\ndatabase = \"shop\"\n\n[schedule.nightly]\ntarget = \"shop\"\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n";

    [Fact]
    public async Task Create_removes_what_no_rule_keeps_and_the_first_of_the_burst_stays()
    {
        await using var scene = await Scene.SetAsync(10);
        var configuration = await WriteAsync(scene, LastTwo);
        var names = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            names.Add((await scene.RunAsync("create", $"number {i}", "--database", Scene.Database, "--quiet", "--config", configuration)).Succeeded().Out.Trim());
        }

        // an hour may end in between: then its last ones are the first of the next
        Assert.InRange(scene.Snapshots.Count, 3, 4);
        Assert.Contains(names[0], scene.Snapshots);
        Assert.Contains(names[^1], scene.Snapshots);
        Assert.Contains(names[^2], scene.Snapshots);
        (await scene.RunAsync("verify", "--all")).Succeeded();

        await scene.RunAsync("pin", names[0], "--reason", "the baseline", "--until", "30d");
        var kept = (await scene.RunAsync("cleanup", "--dry-run", "--explain", "--config", configuration)).Succeeded();
        Assert.Contains(": the baseline", kept.Out, StringComparison.Ordinal);
        Assert.Contains("one of the last 2", kept.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_create_cannot_remove_is_exit_code_3_and_the_new_snapshot_is_there()
    {
        await using var scene = await Scene.SetAsync(10);
        var names = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            names.Add(await scene.CreateAsync($"number {i}"));
        }

        // a reader holds every old one
        var readers = names.ConvertAll(name => new FileStream(Path.Combine(scene.Store, name, "SHA256SUMS"), FileMode.Open, FileAccess.Read, FileShare.Read));
        var configuration = await WriteAsync(scene, "[retention.operational]\nlast = 1\nweekly = 0\n");

        var result = await scene.RunAsync("create", "the new one", "--database", Scene.Database, "--json", "--config", configuration);

        Assert.True(result.ExitCode == 3, result.Error);
        Assert.True(result.Json.GetProperty("incomplete").GetBoolean());
        Assert.Contains("being read by another run", string.Join('\n', result.Json.GetProperty("warnings").EnumerateArray()), StringComparison.Ordinal);
        Assert.Equal(5, scene.Snapshots.Count);
        (await scene.RunAsync("verify", result.Json.GetProperty("name").GetString()!)).Succeeded();

        readers.ForEach(reader => reader.Dispose());
        (await scene.RunAsync("cleanup", "--config", configuration)).Succeeded();
        Assert.InRange(scene.Snapshots.Count, 1, 2); // the newest, and the first of its hour
    }

    [Fact]
    public async Task A_broken_store_never_takes_the_new_snapshot_away()
    {
        await using var scene = await Scene.SetAsync(10);
        var first = await scene.CreateAsync("first");
        await File.WriteAllTextAsync(Path.Combine(scene.Store, first, "metadata.json"), "{", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(scene.Store, "metis_20990101_000000_from_the_future"));

        var name = await scene.CreateAsync("second");

        Assert.Contains(name, scene.Snapshots);
        Assert.Contains(first, scene.Snapshots);
        Assert.Contains("damaged or incomplete", (await scene.RunAsync("cleanup", "--explain")).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documents_are_as_they_were_published()
    {
        await using var scene = await Scene.SetAsync(10);
        var configuration = await WriteAsync(scene, $"[operational]\nstore = \"{scene.Store}\"\n\n{LastTwo}");
        await scene.CreateAsync("first");
        await scene.CreateAsync("second");

        GoldenFile.Matches("cleanup-dry-run.json", (await scene.RunAsync("cleanup", "--dry-run", "--json", "--config", configuration)).Succeeded().Out);
        var ahead = (await scene.RunAsync("cleanup", "--until", "3d", "--json", "--config", configuration)).Succeeded().Json.GetProperty("series")[0].GetProperty("forecast");

        Assert.Equal(3, ahead.GetProperty("arrivals").GetInt32());
        Assert.Equal(2, ahead.GetProperty("remaining").GetArrayLength());
        Assert.Equal(3, ahead.GetProperty("removals").GetArrayLength());
        Assert.Equal(2, scene.Snapshots.Count);
        Assert.Contains("3 to come", (await scene.RunAsync("cleanup", "--until", "3d", "--config", configuration)).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_targets_that_disagree_about_a_database_are_refused()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync("first");
        var configuration = await WriteAsync(scene, $"[operational]\nstore = \"{scene.Store}\"\n[target.a]\ndatabase = \"shop\"\n[target.b]\ndatabase = \"shop\"\nretention = {{ last = 1 }}\n");

        (await scene.RunAsync("cleanup", "--config", configuration)).Failed(2, "targets a and b", "shop");
        (await scene.RunAsync("cleanup", "--config", configuration, "--target", "b")).Failed(2, "targets a and b");
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2020-01-01")]
    [InlineData("0d")]
    [InlineData("9999999w")]
    [InlineData("9999-12-31")]
    public async Task A_moment_that_is_none_to_come_is_refused(string moment)
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync("first");

        (await scene.RunAsync("cleanup", "--until", moment)).Failed(2, "--until");
        (await scene.RunAsync("pin", "latest", "--until", moment)).Failed(2, "--until");
    }

    private static async Task<string> WriteAsync(Scene scene, string text)
    {
        var path = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
