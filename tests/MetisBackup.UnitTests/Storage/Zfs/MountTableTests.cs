using MetisBackup.Storage.Zfs;

namespace MetisBackup.UnitTests.Storage.Zfs;

public sealed class MountTableTests
{
    private const string Table =
        """
        27 1 254:0 / / rw - ext4 /dev/vda rw
        65 27 0:41 / /data/my\040server rw,relatime shared:1 - zfs dbpool/arangodb rw,xattr
        66 65 0:42 / /data/my\040server/wal rw - tmpfs tmpfs rw
        70 27 0:50 / /data/my\040server/other rw - zfs dbpool/old rw
        71 70 0:51 / /data/my\040server/other rw - zfs dbpool/new rw

        """;

    [Theory]
    [InlineData("/data/my server", "dbpool/arangodb")]
    [InlineData("/data/my server/engine-rocksdb", "dbpool/arangodb")]
    [InlineData("/data/my server2", "/dev/vda")]
    [InlineData("/data/my server/wal/journals", "tmpfs")]
    [InlineData("/data/my server/other/x", "dbpool/new")]
    [InlineData("/", "/dev/vda")]
    public void A_path_lies_on_the_last_mount_above_it(string path, string source) => Assert.Equal(source, MountTable.Parse(Table).SourceOf(path));

    [Fact]
    public void A_data_set_tells_where_it_is_mounted()
    {
        Assert.Equal("/data/my server", MountTable.Parse(Table).PointOf("dbpool/arangodb"));
        Assert.Null(MountTable.Parse(Table).PointOf("dbpool"));
    }

    [Theory]
    [InlineData("/dev/sdb1 /data ext4 defaults 0 2", "/data/store", "/data")]
    [InlineData("/dev/sdb1\t/data/my\\040server/new/\text4\tnoauto 0 2", "/data/my server/new", "/data/my server/new")]
    [InlineData("/dev/sdb1 /data/my\\040server ext4 defaults 0 2", "/data/my server/store", null)]
    [InlineData("#/dev/sdb1 /data ext4 defaults 0 2", "/data/store", null)]
    [InlineData("/dev/sdb1 /database ext4 defaults 0 2", "/data/store", null)]
    [InlineData("/dev/vda / ext4 defaults 0 1\nUUID=1 none swap sw 0 0\n\n/broken", "/data/store", null)]
    public void A_promised_file_system_that_is_missing_is_found(string promises, string path, string? missing) => Assert.Equal(missing, MountTable.Parse(Table).MissingPoint(path, promises));

    [Fact]
    public void Links_on_the_way_are_followed_and_what_is_missing_stays()
    {
        var folder = Directory.CreateTempSubdirectory("metis-links-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "real"));
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "absolute"), Path.Combine(folder.FullName, "real"));
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "relative"), "absolute");
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "loop"), "loop");

            Assert.Equal(Path.Combine(folder.FullName, "real", "missing", "x"), MountTable.WithoutLinks(Path.Combine(folder.FullName, "relative", "missing", "x")));
            Assert.Equal(Path.Combine(folder.FullName, "loop"), MountTable.WithoutLinks(Path.Combine(folder.FullName, "loop")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
