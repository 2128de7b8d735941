using System.Text;
using System.Text.Json;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>Snapshots as released versions wrote them; every later version must read them. Never regenerate them.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_of_format_2_reads()
    {
        var store = OpenSample("format-2");
        var entries = store.List("travel");
        Assert.Equal(["metis_20261124_020000_after_phase_4", "metis_20261123_020000_before_phase_4"], entries.Select(entry => entry.Name));
        Assert.All(entries, entry => Assert.Equal(SnapshotState.Complete, entry.State));
        Assert.Equal([false, true], entries.Select(entry => entry.Permanent));

        using var before = store.OpenReader(entries[1]);
        Assert.Empty((await before.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        Assert.Equal(["airports", "flights", "_graphs"], before.Manifest.Collections.Select(collection => collection.Name));
        Assert.Equal("3.12.4", before.Manifest.Server!.Version);
        Assert.Equal(
            """{"_key":"e1","_id":"flights/e1","_rev":"_hKHP7GK---","_from":"airports/k1","_to":"airports/k2","distance":18446744073709551615,"x":1.0e-7}""" + "\n",
            Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(before, "flights")));
        Assert.Equal(
            """{"name":"v_airports","type":"arangosearch","links":{}}""",
            Encoding.UTF8.GetString(await before.ReadStructureAsync(before.Manifest.Views[0].Structure, StoreFixture.Token)));
        Assert.Equal(40, before.ReadRevisions(before.Manifest.Collections[0]).Count());
        Assert.Null(before.Manifest.Collections[2].Tree);
    }

    [Fact]
    public async Task The_sample_of_format_2_that_shares_segments_reads()
    {
        var store = OpenSample("format-2");
        using var after = store.OpenReader(store.Find("latest"));
        var report = await after.VerifyAsync(progress: null, StoreFixture.Token);
        Assert.Empty(report.Findings);
        Assert.Equal(39, report.Documents);
        var documents = Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(after, "airports")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 40).Except([3, 39]),
            documents.Select(document => JsonDocument.Parse(document).RootElement.GetProperty("n").GetInt32()));
    }

    private static SnapshotStore OpenSample(string format)
    {
        var path = Path.Combine(SharedData.RepositoryRoot, "tests", "MetisBackup.UnitTests", "Storage", "Samples", format);
        return SnapshotStore.Open(path, TimeProvider.System, createIfMissing: false);
    }
}
