using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class HostileNameTests
{
    private static readonly string[] Hostile = ["../x", "/etc/passwd", "a\nb", new string('a', 300), "🚀", "..", "a/../../b", "-rf"];

    public static TheoryData<string> HostileNames => [.. Hostile];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_snapshot_name_touches_nothing(string name)
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        var files = Files(scene.Folder);
        foreach (var command in new[] { "show", "verify", "restore", "delete", "pin" })
        {
            string[] yes = command is "restore" or "delete" ? ["--yes"] : [];
            var result = await scene.RunAsync([command, .. yes, "--", name]);

            Assert.True(result.ExitCode is 2 or 10, $"{command}: {result.ExitCode} {result.Error}");
            Assert.DoesNotContain(result.Error, character => char.IsControl(character) && character != '\n');
        }

        Assert.Equal(files, Files(scene.Folder));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_database_name_touches_nothing(string name)
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();

        var create = await scene.RunAsync("create", "x", "--database=" + name);

        Assert.True(create.ExitCode is 2 or 10, $"{create.ExitCode} {create.Error}");
        Assert.Single(scene.Snapshots);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    public async Task A_hostile_target_is_refused_before_anything_is_written(string name)
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        var before = await scene.Http.SendAsync(HttpMethod.Get, "/_api/database");

        var restore = await scene.RunAsync("restore", "latest", "--yes", "--into=" + name);

        Assert.True(restore.ExitCode == 2, $"{restore.ExitCode} {restore.Error}");
        Assert.Equal(before!.ToJsonString(), (await scene.Http.SendAsync(HttpMethod.Get, "/_api/database"))!.ToJsonString());
    }

    [Fact]
    public async Task An_unknown_collection_is_named()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        var before = await scene.PhotographAsync();

        (await scene.RunAsync("restore", "latest", "--yes", "--collection", "../goods")).Failed(10, "../goods");

        Assert.Equal(before, await scene.PhotographAsync());
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_description_is_kept_as_it_is_and_stays_inside_the_store(string description)
    {
        await using var scene = await Scene.SetAsync(10);

        (await scene.RunAsync("create", "--database", Scene.Database, "--", description)).Succeeded();

        var name = Assert.Single(scene.Snapshots);
        Assert.Matches(@"^metis_\d{8}_\d{6}(_[a-z0-9_]{1,80})?$", name);
        var listed = (await scene.RunAsync("list", "--json")).Succeeded();
        Assert.Equal(description, listed.Json.GetProperty("snapshots")[0].GetProperty("description").GetString());
        Assert.DoesNotContain("\u001b", (await scene.RunAsync("list", "--verbose")).Succeeded().Out, StringComparison.Ordinal);
        (await scene.RunAsync("verify", name)).Succeeded();
    }

    [Fact]
    public async Task Control_characters_of_a_description_do_not_reach_the_screen()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync("\u001b[2Jgone\a");

        var shown = (await scene.RunAsync("show", "latest")).Succeeded().Out + (await scene.RunAsync("list", "--verbose")).Succeeded().Out;

        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\a', shown);
    }

    private static IReadOnlyList<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/server/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
