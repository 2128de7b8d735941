using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Retention;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Retaining;

public sealed class LegacyRetentionTests
{
    [Fact]
    public async Task Snapshots_of_the_earlier_tool_go_by_the_rules_and_what_is_not_whole_stays()
    {
        using var fixture = new StoreFixture();
        for (var day = 1; day <= 4; day++)
        {
            Leave(fixture, $"metis_2025100{day}_143022_plain", day, packed: false);
            Leave(fixture, $"metis_2025100{day}_143022_packed", day, packed: true);
        }

        LegacyFixture.WriteArchive(fixture.Path, "metis_20250901_143022_orphan", LegacyFixture.Dump());
        LegacyFixture.Write(fixture.Path, "metis_20250902_143022_killed", metadata: null, LegacyFixture.Dump());
        LegacyFixture.Write(fixture.Path, "metis_20250903_143022_broken", "{", LegacyFixture.Dump());
        LegacyFixture.Write(fixture.Path, "metis_20250904_143022_golden", LegacyFixture.Metadata.Replace("\"permanent\": false", "\"permanent\": true", StringComparison.Ordinal), LegacyFixture.Dump());
        var rules = new RetentionChoice { Usual = new RetentionPolicy { Last = 2 }, Safety = new RetentionPolicy { Last = 2 } };

        var result = await new CleanUpSnapshots(fixture.Clock).RunAsync(new CleanUpSnapshotsRequest { StorePath = fixture.Path, Rules = rules }, StoreFixture.Token);

        Assert.Empty(result.Obstacles);
        Assert.Equal(
            [
                "metis_20250901_143022_orphan.tar.gz", "metis_20250902_143022_killed", "metis_20250903_143022_broken", "metis_20250904_143022_golden",
                "metis_20251003_143022_packed", "metis_20251003_143022_packed.tar.gz", "metis_20251003_143022_plain",
                "metis_20251004_143022_packed", "metis_20251004_143022_packed.tar.gz", "metis_20251004_143022_plain",
            ],
            Directory.GetFileSystemEntries(fixture.Path).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    private static void Leave(StoreFixture fixture, string name, int day, bool packed)
    {
        var metadata = LegacyFixture.Metadata.Replace("2025-10-07T", $"2025-10-0{day}T", StringComparison.Ordinal);
        LegacyFixture.Write(fixture.Path, name, packed ? metadata.Replace("\"compression\": null", "\"compression\": \"tar.gz\"", StringComparison.Ordinal) : metadata, packed ? [] : LegacyFixture.Dump());
        if (packed)
        {
            LegacyFixture.WriteArchive(fixture.Path, name, LegacyFixture.Dump());
        }
    }
}
