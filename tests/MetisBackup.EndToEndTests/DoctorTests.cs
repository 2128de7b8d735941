using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>The doctor on a real server and store.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Findings_have_an_area_a_severity_and_a_mend_and_end_with_3_until_they_are_mended()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();
        Directory.CreateDirectory(Path.Combine(scene.Store, ".trash-metis_x.abc"));

        var found = await DoctorAsync(scene, "--only", "store", "--json");
        Assert.Equal(3, found.ExitCode);
        var finding = found.Json.GetProperty("findings").EnumerateArray().Single();
        Assert.Equal(("store", "warning", "metis-backup doctor --fix", false), (finding.GetProperty("area").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("mend").GetString(), finding.GetProperty("fixed").GetBoolean()));

        var text = await DoctorAsync(scene, "--only", "store");
        Assert.StartsWith("warning  store     .trash-metis_x.abc in ", text.Out, StringComparison.Ordinal);

        Assert.StartsWith("mended   store     .trash-metis_x.abc in ", (await DoctorAsync(scene, "--only", "store", "--fix")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("Nothing needs attention.\n", (await DoctorAsync(scene, "--only", "store")).Succeeded().Out);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_does_not_keep_the_rest_from_being_examined()
    {
        await using var scene = await Scene.SetAsync(10);
        await scene.CreateAsync();

        var result = await Metis.RunAsync(["doctor", "--json", "--only", "server", "--only", "store", "--store", scene.Store, "--endpoint", "http://127.0.0.1:1"], Environment());

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["server"], result.Json.GetProperty("findings").EnumerateArray().Select(static one => one.GetProperty("area").GetString()));
    }

    [Fact]
    public async Task Damage_is_told_beside_a_zfs_that_is_not_there_and_is_not_removed()
    {
        await using var scene = await Scene.SetAsync(10);
        var name = await scene.CreateAsync();
        File.Delete(Path.Combine(scene.Store, name, "manifest.json"));
        var environment = Environment();
        environment["METIS_BACKUP_STATUS_IGNORE"] = "[]";

        var found = await Metis.RunAsync(
            scene.Complete(["doctor", "--fix", "--only", "store", "--only", "dataset", "--zfs", "/nonexistent/zfs", "--state", Path.Combine(scene.Folder, "state")]), environment);

        Assert.Equal(3, found.ExitCode);
        Assert.Contains($"{name}' is damaged: manifest.json is missing", found.Out, StringComparison.Ordinal);
        Assert.Contains("no program", found.Out, StringComparison.OrdinalIgnoreCase);
        Assert.True(Directory.Exists(Path.Combine(scene.Store, name)));
    }

    [Fact]
    public async Task A_program_without_its_sqlite_says_where_that_belongs()
    {
        await using var scene = await Scene.SetAsync(10);
        var program = CopyWithoutSqlite(scene);
        var place = Path.GetDirectoryName(program)!;
        var history = Path.Combine(scene.Folder, "history.db");
        await File.WriteAllTextAsync(history, "", TestContext.Current.CancellationToken);
        var environment = Environment();
        environment["METIS_BACKUP_SERVE_HISTORY"] = history;
        using var process = Metis.Start(program, ["doctor", "--only", "history"], environment);

        var result = await Metis.EndAsync(process);

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("problem  history   SQLite cannot be used: ", result.Out, StringComparison.Ordinal);
        Assert.Contains($"libe_sqlite3.so of the same release beside the program, into '{place}", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_its_sqlite_makes_snapshots_all_the_same()
    {
        await using var scene = await Scene.SetAsync(10);
        using var process = Metis.Start(CopyWithoutSqlite(scene), scene.Complete(["create", "x", "--database", Scene.Database]), Environment());

        var result = await Metis.EndAsync(process);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("warning: The run is not in the history: SQLite cannot be used", result.Error, StringComparison.Ordinal);
        Assert.Single(scene.Snapshots);
    }

    [Fact]
    public async Task An_unknown_area_is_refused() => (await Metis.RunAsync("doctor", "--only", "teeth")).Failed(2, "teeth");

    private static string CopyWithoutSqlite(Scene scene)
    {
        var place = Directory.CreateDirectory(Path.Combine(scene.Folder, "program")).FullName;
        var from = Path.GetDirectoryName(Metis.Executable)!;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(static one => Path.GetFileName(one) != "libe_sqlite3.so" && Path.GetExtension(one) is "" or ".dll" or ".json"))
        {
            var copy = Path.Combine(place, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Path.Combine(place, Path.GetFileName(Metis.Executable));
    }

    private static Task<RunResult> DoctorAsync(Scene scene, params string[] arguments) => Metis.RunAsync(scene.Complete(["doctor", .. arguments]), Environment());

    private static Dictionary<string, string?> Environment() => new(StringComparer.Ordinal)
    {
        ["METIS_BACKUP_OPERATIONAL_DATABASE"] = Scene.Database,
        ["METIS_BACKUP_STATUS_IGNORE"] = "[\"dr\"]",
        ["METIS_BACKUP_STATUS_FREE_WARNING"] = "0",
        ["METIS_BACKUP_STATUS_FREE_CRITICAL"] = "0",
    };
}
