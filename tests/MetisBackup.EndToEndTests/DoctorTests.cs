using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What the doctor finds in a store, on a machine without the DR tier.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Leftovers_and_damage_in_the_store_are_found_and_the_former_removed()
    {
        await using var scene = await Scene.SetAsync(10);
        var name = await scene.CreateAsync();
        var leftover = Path.Combine(scene.Store, ".trash-metis_20260101_000000_old.abc");
        Directory.CreateDirectory(leftover);
        File.Delete(Path.Combine(scene.Store, name, "manifest.json"));
        string[] command = ["doctor", "--zfs", "/nonexistent/zfs", "--state", Path.Combine(scene.Folder, "state")];

        var found = await scene.RunAsync(command);

        // what cannot be looked at never passes for well, and hides nothing else
        Assert.True(found.ExitCode == 16, found.Error);
        Assert.Contains(Path.GetFileName(leftover), found.Out, StringComparison.Ordinal);
        Assert.Contains($"{name}' is damaged: manifest.json is missing", found.Out, StringComparison.Ordinal);
        Assert.Contains("no program", found.Out, StringComparison.OrdinalIgnoreCase);
        Assert.True(Directory.Exists(leftover));

        Assert.Contains("mended: '.trash-", (await scene.RunAsync([.. command, "--fix"])).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(leftover));
        Assert.True(Directory.Exists(Path.Combine(scene.Store, name)));
    }
}
