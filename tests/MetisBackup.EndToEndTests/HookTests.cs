using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class HookTests
{
    [Fact]
    public async Task Hooks_run_around_their_operations_and_know_the_facts()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var file = Configure(
            scene,
            Hook(scene, "a", "before", "create"),
            Hook(scene, "b", "after", "create"),
            Hook(scene, "c", "after-success", "create"),
            Hook(scene, "d", "after-failure", "create"),
            Hook(scene, "e", "before", "verify"));

        var run = await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--config", file));
        run.Succeeded();
        (await Metis.RunAsync(scene.Complete("create", "x", "--database", "nowhere", "--config", file))).Failed(10);

        Assert.Equal(
            ["a create operational shop   ", $"b create operational shop 0 {scene.Snapshots[0]} ", $"c create operational shop 0 {scene.Snapshots[0]} ", "a create operational nowhere   ", "b create operational nowhere 10  yes", "d create operational nowhere 10  yes"],
            await File.ReadAllLinesAsync(Path.Combine(scene.Folder, "told"), TestContext.Current.CancellationToken));
        Assert.Contains("hook a: hello from a", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before", "abort", 16, "so the create was not begun")]
    [InlineData("before", "warn", 3, "warning: The hook x failed: kaputt.")]
    [InlineData("before", "ignore", 0, "The hook x failed: kaputt.")]
    [InlineData("after", "abort", 3, "warning: The hook x failed: kaputt.")]
    [InlineData("after-success", "warn", 3, "warning: The hook x failed: kaputt.")]
    public async Task The_failure_of_a_hook_does_what_its_policy_says(string when, string policy, int code, string words)
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var file = Configure(scene, $"[hook.x]\nwhen = \"{when}\"\non_failure = \"{policy}\"\ncommand = [\"/bin/sh\", \"-c\", \"echo kaputt >&2; exit 1\"]", Hook(scene, "z", "after", "create"));

        var run = await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--config", file));

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Equal(code == 16 ? 0 : 1, scene.Snapshots.Count);
        Assert.StartsWith("z create operational shop " + (code == 16 ? "16" : "0"), await File.ReadAllTextAsync(Path.Combine(scene.Folder, "told"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_takes_too_long_is_killed_with_all_it_started()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var ids = Path.Combine(scene.Folder, "ids");
        var file = Configure(scene, $"[hook.x]\nwhen = \"after\"\ntimeout = \"2s\"\ncommand = [\"/bin/sh\", \"-c\", \"sleep 600 & echo $! $$ > {ids}; wait\"]");

        var run = await Metis.RunAsync(scene.Complete("create", "x", "--database", Scene.Database, "--config", file));

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("did not end within 2 seconds and was killed", run.Error, StringComparison.Ordinal);
        Assert.All((await File.ReadAllTextAsync(ids, TestContext.Current.CancellationToken)).Split(' '), static id => Assert.False(IsAlive(id.Trim())));
    }

    /// <summary>Whether a process runs; one that is dead and was not yet fetched by its parent does not.</summary>
    private static bool IsAlive(string id) => File.Exists($"/proc/{id}/stat") && File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].TrimStart()[0] != 'Z';

    private static string Hook(Scene scene, string name, string when, string operation) =>
        $"""
        [hook.{name}]
        when = "{when}"
        operations = ["{operation}"]
        command = ["/bin/sh", "-c", "echo hello from {name}; echo \"{name} $METIS_BACKUP_RUN_OPERATION $METIS_BACKUP_RUN_TIER $METIS_BACKUP_RUN_SUBJECT $METIS_BACKUP_RUN_EXIT_CODE $METIS_BACKUP_RUN_POINT $(test -n \"$METIS_BACKUP_RUN_MESSAGE\" && echo yes)\" >> {scene.Folder}/told"]
        """;

    private static string Configure(Scene scene, params string[] hooks)
    {
        var file = Path.Combine(scene.Folder, "config.toml");
        File.WriteAllText(file, string.Join('\n', hooks) + "\n");
        return file;
    }
}
