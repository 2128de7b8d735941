using System.Formats.Tar;
using System.IO.Compression;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What a user of the earlier tool finds in the store, at the command line.</summary>
public sealed class LegacyTests
{
    private const string Plain = "metis_20251007_143022_plain";
    private const string Packed = "metis_20251008_143022_packed";
    private const string Orphan = "metis_20251009_143022_orphan";
    private const string Killed = "metis_20251010_143022_killed";

    private static readonly Dictionary<string, string?> Berlin = new(StringComparer.Ordinal) { ["TZ"] = "Europe/Berlin" };

    [Fact]
    public async Task Everything_is_listed_with_what_is_odd_about_it()
    {
        await using var scene = await Scene.SetAsync(10);
        Leave(scene.Store);

        var list = (await scene.RunAsync("list")).Succeeded();
        Assert.Matches($"{Plain} +shop +\\? .*earlier tool", list.Out);
        Assert.Matches($"{Packed} .*earlier tool", list.Out);
        Assert.Matches($"{Orphan} .*only the archive is left", list.Out);
        Assert.Matches($"{Killed} .*left behind", list.Out);
        var there = (await Metis.RunAsync(scene.Complete("list"), Berlin)).Succeeded();
        Assert.Contains("2025-10-07T14:30:22+02:00", there.Out, StringComparison.Ordinal);

        var json = (await scene.RunAsync("list", "--json")).Succeeded().Json.GetProperty("snapshots");
        Assert.Equal([(Plain, true, false), (Packed, true, false), (Orphan, true, false), (Killed, false, true)], json.EnumerateArray().Select(static one => (one.GetProperty("name").GetString()!, one.GetProperty("legacy").GetBoolean(), one.GetProperty("leftover").GetBoolean())));

        var verify = (await scene.RunAsync("verify", "--all")).Succeeded();
        Assert.Contains($"readable {Plain}", verify.Out, StringComparison.Ordinal);
        Assert.Contains($"readable {Orphan}", verify.Out, StringComparison.Ordinal);
        Assert.Contains(Killed, verify.Error, StringComparison.Ordinal);
        var shown = (await scene.RunAsync("show", Packed)).Succeeded();
        Assert.Matches("archive +.*packed.tar.gz", shown.Out);
        Assert.Matches("beside it +bulk \\(1 file", shown.Out);
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Packed)]
    [InlineData(Orphan)]
    public async Task Each_is_restored_and_deleted(string name)
    {
        await using var scene = await Scene.SetAsync(10);
        Leave(scene.Store);

        (await scene.RunAsync("restore", name, "--dry-run", "--into", "copy")).Succeeded();
        Assert.Contains("earlier tool", (await scene.RunAsync("restore", name, "--yes", "--into", "copy")).Succeeded().Error, StringComparison.Ordinal);

        Assert.Equal(["goods"], await scene.CollectionsAsync("copy"));
        Assert.Contains("\"k1\"", await scene.ReadAsync("goods", "copy"), StringComparison.Ordinal);
        (await scene.RunAsync("delete", name, "--yes", "--force")).Succeeded();
        Assert.Empty(Directory.GetFileSystemEntries(scene.Store, name + "*"));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_neither_restored_nor_removed_in_passing()
    {
        await using var scene = await Scene.SetAsync(10);
        Leave(scene.Store);

        (await scene.RunAsync("restore", Killed, "--yes", "--into", "copy")).Failed(2, Killed, "hint:");
        (await scene.RunAsync("delete", Killed, "--yes")).Failed(15, Killed, "--force");
        await scene.CreateAsync();

        Assert.True(Directory.Exists(Path.Combine(scene.Store, Killed)));
    }

    private static void Leave(string store)
    {
        LeaveFolder(store, Plain);
        LeaveFolder(store, Packed);
        Pack(store, Packed);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(store, Packed)).FullName, "metadata.json"), Metadata(Packed, "\"tar.gz\""));
        LeaveFolder(store, Orphan);
        Pack(store, Orphan);
        LeaveFolder(store, Killed);
        File.Delete(Path.Combine(store, Killed, "metadata.json"));
    }

    private static void LeaveFolder(string store, string name)
    {
        var dump = Directory.CreateDirectory(Path.Combine(store, name, "database")).FullName;
        File.WriteAllText(Path.Combine(dump, "dump.json"), """{"database":"shop"}""");
        File.WriteAllText(Path.Combine(dump, "goods.structure.json"), """{"parameters":{"name":"goods","type":2},"indexes":[]}""");
        File.WriteAllText(Path.Combine(dump, "goods.data.json"), """{"_key":"k1","name":"one"}""" + "\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(store, name, "bulk")).FullName, "model.bin"), "x");
        File.WriteAllText(Path.Combine(store, name, "metadata.json"), Metadata(name, "null"));
    }

    private static string Metadata(string name, string compression) =>
        $$"""{"snapshot_name":"{{name}}","timestamp":"{{name[6..10]}}-{{name[10..12]}}-{{name[12..14]}}T14:30:22.123456","description":"By the earlier tool","collections":{"goods":0},"permanent":false,"compression":{{compression}}}""";

    private static void Pack(string store, string name)
    {
        var folder = Path.Combine(store, name);
        using (var packed = new GZipStream(File.Create(folder + ".tar.gz"), CompressionLevel.Fastest))
        {
            TarFile.CreateFromDirectory(folder, packed, includeBaseDirectory: true);
        }

        Directory.Delete(folder, recursive: true);
    }
}
