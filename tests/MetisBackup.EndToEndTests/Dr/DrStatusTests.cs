using System.Text.Json;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>The status of a data set on a real pool.</summary>
[Collection(ZfsPoolTests.Name)]
public sealed class DrStatusTests(ZfsPool pool)
{
    [Fact]
    public async Task Snapshots_of_the_data_set_are_told_with_their_last_drill()
    {
        await using var scene = await DrScene.SetAsync(pool);
        await scene.WriteAsync(5);
        Assert.Equal("no_point", Concerns(await ReadAsync(scene)).First());

        var name = await scene.CreateAsync();
        var fresh = await ReadAsync(scene);
        Assert.Equal(("ok", name, 1), (fresh.GetProperty("health").GetString(), fresh.GetProperty("last_point").GetString(), fresh.GetProperty("points").GetProperty("unproven").GetInt32()));
        Assert.InRange(fresh.GetProperty("space").GetProperty("free_percent").GetDouble(), 1, 100);

        (await scene.RunAsync("drill", [name, .. DrScene.DrillCommand])).Succeeded();
        var drilled = await ReadAsync(scene);
        Assert.Equal((true, 0), (drilled.GetProperty("proof").GetProperty("passed").GetBoolean(), drilled.GetProperty("points").GetProperty("unproven").GetInt32()));
    }

    private static IEnumerable<string?> Concerns(JsonElement series) => series.GetProperty("concerns").EnumerateArray().Select(static one => one.GetProperty("kind").GetString());

    private static async Task<JsonElement> ReadAsync(DrScene scene)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["METIS_BACKUP_DR_DATASET"] = scene.Dataset,
            ["METIS_BACKUP_DR_STATE"] = scene.State,
            ["METIS_BACKUP_SERVE_HISTORY"] = Path.Combine(scene.Folder, "history.db"),
        };
        var result = (await Metis.RunAsync(["status", "--json", "--target", "dr"], environment)).Succeeded();
        return result.Json.GetProperty("series")[0].Clone();
    }
}
