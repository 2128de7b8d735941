using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>The examples of the manual do what they say.</summary>
public sealed class ManualTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "manual"), "*.md").Select(path => Path.GetFileName(path)).Where(page => page is not ("README.md" or "dr.md" or "alarms.md" or "hooks.md"))]; // these need a pool, receivers and programs

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_example_of_a_page_succeeds(string page)
    {
        var examples = Examples(await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "manual", page), TestContext.Current.CancellationToken));
        Assert.NotEmpty(examples);
        await using var scene = await Scene.SetAsync(10);
        await scene.Http.SendAsync(HttpMethod.Post, "/_api/database", new JsonObject { ["name"] = "arxiv_datastore" });
        await scene.Http.SendAsync(HttpMethod.Post, "/_db/arxiv_datastore/_api/collection", new JsonObject { ["name"] = "papers" });
        await scene.Http.SendAsync(HttpMethod.Post, "/_db/arxiv_datastore/_api/document/papers", new JsonObject { ["_key"] = "1706.03762" });

        LeaveLegacySnapshot(scene.Store);
        var experiments = Directory.CreateDirectory(Path.Combine(scene.Folder, "experiments")).FullName;
        await File.WriteAllTextAsync(Path.Combine(experiments, "run-1.txt"), "0.93", TestContext.Current.CancellationToken);

        foreach (var example in examples)
        {
            // the shell takes the line apart as it would the user's; the name and the settings are the only things put in
            var line = example.Replace("metis-backup ", $"'{Metis.Executable}' ", StringComparison.Ordinal).Replace("/tmp/metis-backup-manual", scene.Folder, StringComparison.Ordinal) + $" --endpoint {scene.Http.Endpoint} --store {scene.Store}";
            using var process = Metis.Start("sh", ["-c", line], new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_BULK_PATH"] = experiments });
            var result = await Metis.EndAsync(process);
            Assert.True(result.ExitCode == 0, $"{page}: {example}\n{result.Error}{result.Out}");
        }
    }

    [Fact]
    public async Task Every_piece_of_a_configuration_in_the_manual_has_no_fault()
    {
        var folder = Directory.CreateTempSubdirectory("metis-manual-").FullName;
        try
        {
            var pieces = 0;
            foreach (var page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "manual"), "*.md"))
            {
                foreach (var block in (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).Split("```toml\n")[1..])
                {
                    var file = Path.Combine(folder, "config.toml");
                    await File.WriteAllTextAsync(file, block.Split("```")[0], TestContext.Current.CancellationToken);
                    var result = await Metis.RunAsync("config", "check", "--config", file);
                    Assert.True(result.ExitCode == 0, $"{page}\n{result.Error}{block.Split("```")[0]}");
                    pieces++;
                }
            }

            Assert.True(pieces >= 8, $"{pieces} pieces were found");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Every_exit_code_is_explained()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "exit-codes.md"), TestContext.Current.CancellationToken);

        Assert.All(Enum.GetValues<MetisBackup.Core.Errors.ErrorCode>(), code => Assert.Contains($"| {(int)code} |", page, StringComparison.Ordinal));
    }

    /// <summary>What the earlier tool left in the store, from before the first snapshot of ours.</summary>
    private static void LeaveLegacySnapshot(string store)
    {
        const string name = "metis_20251007_143022_before_phase_3";
        var dump = Directory.CreateDirectory(Path.Combine(store, name, "database")).FullName;
        File.WriteAllText(Path.Combine(dump, "dump.json"), """{"database":"arxiv_datastore"}""");
        File.WriteAllText(Path.Combine(dump, "papers.structure.json"), """{"parameters":{"name":"papers","type":2},"indexes":[]}""");
        File.WriteAllText(Path.Combine(dump, "papers.data.json"), """{"_key":"1706.03762","title":"Attention"}""" + "\n");
        File.WriteAllText(Path.Combine(store, name, "metadata.json"), $$"""{"snapshot_name":"{{name}}","timestamp":"2025-10-07T14:30:22.123456","description":"Before phase 3","collections":{"papers":0},"permanent":false}""");
    }

    /// <summary>What a reader of a page would type.</summary>
    internal static List<string> Examples(string[] lines)
    {
        var examples = new List<string>();
        var inside = false;
        foreach (var line in lines)
        {
            inside = line.StartsWith("```", StringComparison.Ordinal) ? line == "```console" : inside;
            if (inside && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                examples.Add(line[2..]);
            }
        }

        return examples;
    }
}
