using MetisBackup.EndToEndTests.Running;
using Microsoft.Data.Sqlite;

namespace MetisBackup.EndToEndTests;

public sealed class SupervisionTests
{
    [Fact]
    public async Task Each_run_that_changes_or_proves_something_is_in_the_history()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["STATE_DIRECTORY"] = Path.Combine(scene.Folder, "state") };
        foreach (var arguments in (string[][])
            [["create", "a", "--database", Scene.Database], ["verify", "latest"], ["verify", "--all"], ["restore", "latest", "--dry-run"], ["restore", "latest", "--yes"], ["list"]])
        {
            (await Metis.RunAsync(scene.Complete(arguments), environment)).Succeeded();
        }

        (await Metis.RunAsync(scene.Complete("create", "b", "--database", "nowhere"), environment)).Failed(10);

        Assert.Equal(
            ["operational:shop create 0", "operational:shop verify 0", "operational:* verify 0", "operational:shop restore 0", "operational:nowhere create 10"],
            ReadHistory(Path.Combine(scene.Folder, "state", "history.db")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(scene.Folder, "state", "history.db")));
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_told_of_and_the_snapshot_stands()
    {
        await using var scene = await Scene.SetAsync(documents: 10);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["STATE_DIRECTORY"] = "/proc/nowhere" };

        var run = await Metis.RunAsync(scene.Complete("create", "a", "--database", Scene.Database, "--json"), environment);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("The run is not in the history", run.Json.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Single(scene.Snapshots);
        Assert.Contains("warning: The run is not in the history", (await Metis.RunAsync(scene.Complete("verify", "latest"), environment)).Error, StringComparison.Ordinal);
    }

    private static List<string> ReadHistory(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series || ' ' || operation || ' ' || exit_code FROM runs ORDER BY id";
        using var reader = command.ExecuteReader();
        var runs = new List<string>();
        while (reader.Read())
        {
            runs.Add(reader.GetString(0));
        }

        return runs;
    }
}
