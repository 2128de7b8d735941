using System.Text.Json;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>What the doctor finds about a data set on a real pool.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class DrDoctorTests(ZfsPool pool)
{
    [Fact]
    public async Task A_data_set_is_examined_as_a_whole()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        var environment = Environment(scene);
        Assert.DoesNotContain(await ExamineAsync(scene, environment), static one => one.IsOpen);

        environment["METIS_BACKUP_DR_DATA_PATHS"] = JsonSerializer.Serialize((string[])[scene.MountPoint, scene.Folder]);
        var gap = Assert.Single(await ExamineAsync(scene, environment), static one => one.IsOpen);
        Assert.Equal("problem", gap.Severity);
        Assert.Contains($"path {scene.Folder} (on ", gap.Text, StringComparison.Ordinal);
        environment = Environment(scene);

        ZfsPool.Run("zfs", "set", "metis-backup:taken=2099-01-01T00:00:00.000Z", name);
        Assert.Equal($"Snapshot {name} is dated in the future: a clock is or was wrong.", Assert.Single(await ExamineAsync(scene, environment), static one => one.IsOpen).Text);
        ZfsPool.Run("zfs", "destroy", name);

        environment["METIS_BACKUP_STATUS_FREE_WARNING"] = "100";
        Assert.Equal("metis-backup dr prune --dry-run", Assert.Single(await ExamineAsync(scene, environment), static one => one.IsOpen).Mend);
    }

    [Fact]
    public async Task While_another_run_works_the_rest_is_examined()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.CreateAsync();
        await using var other = new FileStream(Directory.GetFiles(Path.Combine(scene.State, "dr"), "*.lock").Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var found = await ExamineAsync(scene, Environment(scene));

        Assert.Contains("What killed runs left behind was not looked for.", Assert.Single(found, static one => one.Text.StartsWith("Another run works", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(found, static one => one.IsOpen);
    }

    [Fact]
    public async Task A_rollback_that_did_not_end_is_a_problem_with_the_way_out()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(2);
        var name = await scene.CreateAsync();
        await File.WriteAllTextAsync(scene.Broken, "", TestContext.Current.CancellationToken);
        Assert.NotEqual(0, (await scene.RollBackAsync(name)).ExitCode);
        Assert.NotEqual("", scene.Journal);

        var found = Assert.Single(await ExamineAsync(scene, Environment(scene)), static one => one.IsOpen);

        Assert.Equal(("problem", "metis-backup dr rollback --resume, or metis-backup dr undo"), (found.Severity, found.Mend));
        File.Delete(scene.Broken);
        (await scene.RunAsync("rollback", ["--resume", "--yes", .. scene.Service])).Succeeded();
        Assert.DoesNotContain(await ExamineAsync(scene, Environment(scene)), static one => one.IsOpen);
    }

    private static Dictionary<string, string?> Environment(DrScene scene) => new(StringComparer.Ordinal)
    {
        ["METIS_BACKUP_DR_DATA_PATHS"] = JsonSerializer.Serialize((string[])[scene.MountPoint]),
        ["METIS_BACKUP_DR_SERVER_CONFIG"] = "/nonexistent",
        ["METIS_BACKUP_STATUS_FREE_WARNING"] = "0",
        ["METIS_BACKUP_STATUS_FREE_CRITICAL"] = "0",
    };

    private static async Task<IReadOnlyList<Found>> ExamineAsync(DrScene scene, Dictionary<string, string?> environment)
    {
        var result = await Metis.RunAsync(["doctor", "--json", "--only", "dataset", "--endpoint", scene.Endpoint, .. scene.Place], environment);
        IReadOnlyList<Found> found = [.. result.Json.GetProperty("findings").EnumerateArray().Select(static one => new Found(one.GetProperty("severity").GetString()!, one.GetProperty("text").GetString()!, one.GetProperty("mend").GetString()))];
        Assert.Equal(found.Any(static one => one.IsOpen) ? 3 : 0, result.ExitCode);
        return found;
    }

    private sealed record Found(string Severity, string Text, string? Mend)
    {
        public bool IsOpen => Severity != "note";
    }
}
