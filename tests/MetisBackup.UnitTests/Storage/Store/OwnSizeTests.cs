using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class OwnSizeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_link_points_to_is_not_counted(bool isWholeFolder)
    {
        using var fixture = new StoreFixture();
        var foreign = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(fixture.Path)!, "foreign")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(foreign, "large"), new byte[8_000_000], StoreFixture.Token);
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        var link = isWholeFolder ? Path.Combine(fixture.Path, "metis_20260101_000000_elsewhere") : Path.Combine(entry.Path, "segments", "elsewhere");
        Directory.CreateSymbolicLink(link, foreign);

        var listed = fixture.Store.List(database: null).Single(one => one.Name == (isWholeFolder ? Path.GetFileName(link) : entry.Name));

        Assert.InRange(fixture.Store.MeasureOwnBytes(listed) ?? -1, 0, 1_000_000);
        fixture.Store.Delete(listed, force: true);
        Assert.True(File.Exists(Path.Combine(foreign, "large")));
    }

    [Fact]
    public void A_store_that_cannot_be_made_is_told_with_a_way_out()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc");

        var error = Assert.Throws<MetisException>(static () => SnapshotStore.Open("/proc/metis-backup/store", TimeProvider.System, createIfMissing: true));

        Assert.Equal(ErrorCode.Denied, error.Code);
        Assert.NotNull(error.Hint);
    }
}
