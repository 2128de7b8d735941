using System.Text;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class SharingTests
{
    private const string Name = "metis_20261124_020000_next";

    [Fact]
    public async Task Excluded_revisions_are_neither_read_nor_listed_nor_counted()
    {
        using var fixture = new StoreFixture();
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 3_000, new string('x', 900))));
        var entry = SharingFixture.Share(fixture, parent, Name, 0, 17, 1_500, 2_999);
        using var reader = fixture.Store.OpenReader(entry);

        var expected = Enumerable.Range(0, 3_000).Except([0, 17, 1_500, 2_999]).ToList();
        var lines = Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(reader, "c"));
        Assert.Equal(string.Concat(expected.Select(number => StoreFixture.Document(number, padding: new string('x', 900)) + "\n")), lines);
        Assert.Equal(expected.Select(StoreFixture.Revision), reader.ReadRevisions(reader.Manifest.Collections[0]).Select(revision => revision.Revision));
        var report = await reader.VerifyAsync(progress: null, StoreFixture.Token);
        Assert.Empty(report.Findings);
        Assert.Equal(2_996, report.Documents);
    }

    [Fact]
    public async Task Deleting_one_snapshot_leaves_the_other_whole()
    {
        using var fixture = new StoreFixture();
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 100)));
        var entry = SharingFixture.Share(fixture, parent, Name, 5);
        fixture.Store.Delete(parent, force: false);
        using var reader = fixture.Store.OpenReader(entry);
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
    }

    [Fact]
    public async Task An_exclusion_of_something_that_is_not_there_is_found()
    {
        using var fixture = new StoreFixture();
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 100)));
        var entry = SharingFixture.Share(fixture, parent, Name, 5, 100);
        using var reader = fixture.Store.OpenReader(entry);
        var report = await reader.VerifyAsync(progress: null, StoreFixture.Token);
        Assert.Contains(report.Findings, finding => finding.Message.Contains(".excl", StringComparison.Ordinal));
    }
}
