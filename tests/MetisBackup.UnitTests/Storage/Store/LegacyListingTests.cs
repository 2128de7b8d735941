using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class LegacyListingTests
{
    [Fact]
    public void A_snapshot_of_the_earlier_tool_is_listed_with_what_its_metadata_says()
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata.Replace("\"permanent\": false", "\"permanent\": true, \"unknown\": [1]", StringComparison.Ordinal), LegacyFixture.Dump());

        var entry = fixture.Store.Find("latest");

        Assert.Equal((SnapshotState.Legacy, null, true, "arxiv"), (entry.State, entry.Problem, entry.Permanent, entry.Database));
        Assert.Equal((2.0, 2_621_440, "Before CF validation Phase 4"), (entry.Metadata!.DatabaseSizeMb, entry.Metadata.StoredBytes, entry.Metadata.Description));
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => fixture.Store.OpenReader(entry)).Code);
        Assert.Equal(entry.Name, fixture.Store.Find("latest:arxiv").Name);
    }

    [Theory]
    [InlineData("2025-10-07T14:30:22.5", "2025-10-07T12:30:22.5Z")]
    [InlineData("2025-12-07T14:30:22", "2025-12-07T13:30:22Z")]
    [InlineData("2025-10-07T14:30:22+00:00", "2025-10-07T14:30:22Z")]
    [InlineData("2025-10-07T14:30:22Z", "2025-10-07T14:30:22Z")]
    [InlineData("2025-10-26T02:30:00", "2025-10-26T01:30:00Z")]
    [InlineData("2025-03-30T02:30:00", "2025-03-30T01:30:00Z")]
    [InlineData("yesterday", "2025-10-07T12:30:22Z")]
    [InlineData("", "2025-10-07T12:30:22Z")]
    public void Times_without_an_offset_are_those_of_the_host(string timestamp, string expected)
    {
        using var fixture = new StoreFixture();
        fixture.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata.Replace("2025-10-07T14:30:22.123456", timestamp, StringComparison.Ordinal), LegacyFixture.Dump());

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), fixture.Store.Find("metis_").CreatedAt);
    }

    [Theory]
    [InlineData("Europe/Berlin", "0001-01-01T00:00:00", "metis_20251007_143022_x", 1)]
    [InlineData("Europe/Berlin", "", "metis_00010101_000000_x", 1)]
    [InlineData("America/New_York", "9999-12-31T23:59:59", "metis_20251007_143022_x", 9999)]
    public void A_time_at_the_end_of_all_times_hides_nothing(string zone, string timestamp, string name, int year)
    {
        using var fixture = new StoreFixture();
        fixture.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
        LegacyFixture.Write(fixture.Path, name, LegacyFixture.Metadata.Replace("2025-10-07T14:30:22.123456", timestamp, StringComparison.Ordinal), LegacyFixture.Dump());
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, LegacyFixture.Dump());

        Assert.Equal(2, fixture.Store.List(null).Count);
        Assert.Equal(year, fixture.Store.Find(name).CreatedAt.Year);
    }

    [Theory]
    [InlineData("metadata.json", SnapshotState.Legacy, false)]
    [InlineData("pin.json", SnapshotState.Legacy, true)]
    public async Task A_pipe_in_the_place_of_a_file_is_not_waited_for(string file, SnapshotState state, bool permanent)
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, LegacyFixture.Dump());
        var path = Path.Combine(fixture.Path, LegacyFixture.Name, file);
        File.Delete(path);
        using (var process = System.Diagnostics.Process.Start("mkfifo", [path]))
        {
            await process.WaitForExitAsync(StoreFixture.Token);
        }

        var entry = Assert.Single(await Task.Run(() => fixture.Store.List(null), StoreFixture.Token).WaitAsync(TimeSpan.FromSeconds(20), StoreFixture.Token));

        Assert.Equal((state, permanent), (entry.State, entry.Permanent));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"snapshot_name":"x","description":"Gr\udcf6sse","collections":{"a":1}}""")]
    [InlineData("""{"collections":null,"permanent":null,"database_size_mb":null,"timestamp":5,"description":{}}""")]
    [InlineData("""{"collections":[1],"database_size_mb":"much","compression":false}""")]
    public void Odd_metadata_does_not_hide_a_snapshot(string metadata)
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, metadata, LegacyFixture.Dump());

        var entry = Assert.Single(fixture.Store.List(null));

        Assert.Equal((SnapshotState.Legacy, null, false), (entry.State, entry.Problem, entry.Permanent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"snapshot_name\":")]
    [InlineData("[]")]
    [InlineData("{\"database_size_mb\": NaN}")]
    public async Task Broken_metadata_is_told_and_the_dump_can_still_be_read(string metadata)
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, metadata, LegacyFixture.Dump());

        var entry = Assert.Single(fixture.Store.List(null));

        Assert.Equal((SnapshotState.Legacy, "metadata.json is damaged"), (entry.State, entry.Problem));
        Assert.Equal(2, (await LegacySnapshot.DescribeAsync(entry, StoreFixture.Token)).Collections.Count);
    }

    [Fact]
    public void Names_that_are_no_names_of_ours_are_listed_too()
    {
        using var fixture = new StoreFixture();
        var name = "metis_20251007_143022_Gr\u00f6\u00dfe:\n*_-_clean_bas";
        LegacyFixture.Write(fixture.Path, name, LegacyFixture.Metadata, LegacyFixture.Dump());

        Assert.Equal(name, fixture.Store.Find(name).Name);
    }

    [Fact]
    public async Task An_archive_without_its_folder_is_listed_read_and_deleted()
    {
        using var fixture = new StoreFixture();
        var archive = LegacyFixture.WriteArchive(fixture.Path, LegacyFixture.Name, LegacyFixture.Dump());

        var entry = fixture.Store.Find(LegacyFixture.Name);

        Assert.Equal((SnapshotState.Legacy, archive), (entry.State, entry.Archive));
        Assert.Contains("only the archive", entry.Problem, StringComparison.Ordinal);
        Assert.Equal(2025, entry.CreatedAt.Year);
        Assert.Equal(2, (await LegacySnapshot.DescribeAsync(entry, StoreFixture.Token)).Collections.Count);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => fixture.Store.SetPermanent(entry, permanent: true)).Code);
        Assert.Equal(ErrorCode.Refused, Assert.Throws<MetisException>(() => fixture.Store.Delete(entry, force: false)).Code);
        fixture.Store.Delete(entry, force: true);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Path));
    }

    [Fact]
    public async Task A_packed_snapshot_is_pinned_and_deleted_with_its_archive()
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata.Replace("\"compression\": null", "\"compression\": \"tar.gz\"", StringComparison.Ordinal), []);
        var archive = LegacyFixture.WriteArchive(fixture.Path, LegacyFixture.Name, LegacyFixture.Dump());
        var entry = fixture.Store.SetPermanent(Assert.Single(fixture.Store.List(null)), permanent: true);

        Assert.Equal(new FileInfo(archive).Length, entry.Metadata!.StoredBytes);
        Assert.True(fixture.Store.MeasureOwnBytes(entry) >= entry.Metadata.StoredBytes);
        Assert.Equal(ErrorCode.Refused, Assert.Throws<MetisException>(() => fixture.Store.Delete(fixture.Store.Find("metis_"), force: false)).Code);

        // killed between its first step and the next one: everything is still there
        File.Move(archive, Path.Combine(entry.Path, Path.GetFileName(archive)));
        entry = fixture.Store.Find("metis_");
        Assert.Equal((SnapshotState.Legacy, null), (entry.State, entry.Problem));
        Assert.Equal(2, (await LegacySnapshot.DescribeAsync(entry, StoreFixture.Token)).Collections.Count);
        fixture.Store.Delete(entry, force: true);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Path));
    }

    [Theory]
    [InlineData("null", "it holds no dump")]
    [InlineData("\"gzip\"", "its archive metis_20251007_143022_before_cf_validation_phase_4.tar.gz is missing")]
    public void Metadata_without_a_dump_is_damage(string compression, string problem)
    {
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata.Replace("\"compression\": null", "\"compression\": " + compression, StringComparison.Ordinal), []);

        var entry = Assert.Single(fixture.Store.List(null));

        Assert.Equal((SnapshotState.Damaged, problem), (entry.State, entry.Problem));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_named_and_never_the_latest()
    {
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("ours");
        LegacyFixture.Write(fixture.Path, "metis_20991007_143022_killed", metadata: null, LegacyFixture.Dump());

        Assert.Equal("ours", fixture.Store.Find("latest").Metadata!.Description);
        var entry = fixture.Store.Find("metis_2099");
        Assert.Equal(SnapshotState.Leftover, entry.State);
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => fixture.Store.OpenReader(entry)).Code);
        Assert.Equal(ErrorCode.Refused, Assert.Throws<MetisException>(() => fixture.Store.Delete(entry, force: false)).Code);
        fixture.Store.Delete(entry, force: true);
        Assert.Single(fixture.Store.List(null));
    }

    [Fact]
    public async Task Order_follows_the_sequence_of_ours_and_the_time_of_theirs()
    {
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("first");
        fixture.Clock.Step(TimeSpan.FromDays(1));
        await fixture.CreateAsync("second");
        LegacyFixture.Write(fixture.Path, "metis_20261123_140000_between", LegacyFixture.Metadata.Replace("2025-10-07T14:30:22.123456", "2026-11-23T14:00:00", StringComparison.Ordinal), LegacyFixture.Dump());
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, LegacyFixture.Dump());
        Directory.SetLastWriteTimeUtc(Path.Combine(fixture.Path, LegacyFixture.Name), DateTime.UtcNow.AddYears(1));

        Assert.Equal(
            ["metis_20261124_020000_second", "metis_20261123_140000_between", "metis_20261123_020000_first", LegacyFixture.Name],
            fixture.Store.List(null).Select(static entry => entry.Name));
    }
}
