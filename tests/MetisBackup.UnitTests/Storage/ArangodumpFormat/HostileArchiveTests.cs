using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.ArangodumpFormat;

public sealed class HostileArchiveTests
{
    [Theory]
    [InlineData("absolute", "leaves its folder")]
    [InlineData("parent", "leaves its folder")]
    [InlineData("hidden parent", "leaves its folder")]
    [InlineData("symbolic link", "link")]
    [InlineData("hard link", "link")]
    [InlineData("pipe", "neither a file nor a folder")]
    [InlineData("device", "neither a file nor a folder")]
    [InlineData("twice", "twice")]
    [InlineData("bomb", "500 times")]
    [InlineData("bomb in a member", "500 times")]
    public async Task A_hostile_member_is_refused_and_writes_nothing(string kind, string reason)
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        var place = $"{LegacyFixture.Name}/database/";
        if (kind == "bomb in a member")
        {
            files["database/cites.data.json.gz"] = Bomb();
            files.Remove(files.Keys.Single(static path => path.EndsWith(".data.json", StringComparison.Ordinal)));
        }

        LegacyFixture.WriteArchive(fixture.Path, LegacyFixture.Name, files, tar =>
        {
            switch (kind)
            {
                case "absolute":
                    tar.WriteEntry(File("/tmp/metis-hostile"));
                    break;
                case "parent":
                    tar.WriteEntry(File("../../metis-hostile"));
                    break;
                case "hidden parent":
                    tar.WriteEntry(File(place + "x/../../../../metis-hostile"));
                    break;
                case "symbolic link":
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, place + "x.data.json") { LinkName = "/etc/passwd" });
                    break;
                case "hard link":
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, place + "x.data.json") { LinkName = "/etc/passwd" });
                    break;
                case "pipe":
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, place + "x"));
                    break;
                case "device":
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.BlockDevice, place + "x") { DeviceMajor = 8, DeviceMinor = 0 });
                    break;
                case "twice":
                    tar.WriteEntry(File(place + "dump.json"));
                    break;
                case "bomb":
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, place + "zeros") { DataStream = Zeros(fixture) });
                    break;
            }
        });
        var before = Tree(fixture.Path);

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));
        var verdict = await LegacySnapshot.VerifyAsync(fixture.Store.Find("metis_"), static (_, _, _) => { }, StoreFixture.Token);

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(verdict.Faults), StringComparison.Ordinal);
        Assert.Equal(before, Tree(fixture.Path));
        Assert.False(Path.Exists("/tmp/metis-hostile"));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public async Task An_archive_that_was_cut_off_is_damaged(double part)
    {
        using var fixture = new StoreFixture();
        var path = LegacyFixture.WriteArchive(fixture.Path, LegacyFixture.Name, LegacyFixture.Dump());
        var content = await System.IO.File.ReadAllBytesAsync(path, StoreFixture.Token);
        await System.IO.File.WriteAllBytesAsync(path, content[..(int)(content.Length * part)], StoreFixture.Token);

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Single((await LegacySnapshot.VerifyAsync(fixture.Store.Find("metis_"), static (_, _, _) => { }, StoreFixture.Token)).Faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_packed_data_file_that_was_cut_off_or_changed_is_damaged(bool isCut)
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        var name = files.Keys.Single(static path => path.EndsWith(".gz", StringComparison.Ordinal));
        files[name] = isCut ? files[name][..^1] : [.. files[name][..^6], (byte)(files[name][^6] ^ 1), .. files[name][^5..]];
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, files);

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));

        Assert.Contains(Path.GetFileName(name)[..10], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(108)]
    [InlineData(124)]
    [InlineData(136)]
    public async Task A_number_that_no_number_can_be_is_damage(int offset)
    {
        const int SumOffset = 148;
        using var fixture = new StoreFixture();
        var header = new byte[1024];
        Encoding.ASCII.GetBytes(LegacyFixture.Name + "/database/dump.json").CopyTo(header, 0);
        "ustar\u000000"u8.CopyTo(header.AsSpan(257));
        header[156] = (byte)'0';
        header.AsSpan(offset, offset == 108 ? 8 : 12).Fill(0xff);
        header[offset] = 0x80;
        header.AsSpan(SumOffset, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(static one => one), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, SumOffset);
        await using (var packed = new GZipStream(System.IO.File.Create(Path.Combine(fixture.Path, LegacyFixture.Name + ".tar.gz")), CompressionLevel.Fastest))
        {
            await packed.WriteAsync(header, StoreFixture.Token);
        }

        var verdict = await LegacySnapshot.VerifyAsync(fixture.Store.Find("metis_"), static (_, _, _) => { }, StoreFixture.Token);

        Assert.Contains("not a sound tar archive", Assert.Single(verdict.Faults), StringComparison.Ordinal);
    }

    private static PaxTarEntry File(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("hostile"u8.ToArray()) };

    private static Task<LegacySnapshot> OpenAsync(StoreFixture fixture) =>
        LegacySnapshot.OpenAsync(fixture.Store, fixture.Store.Find("metis_"), database: null, static (_, _, _) => { }, StoreFixture.Token);

    private static List<string> Tree(string store) =>
        [.. Directory.GetFileSystemEntries(store, "*", SearchOption.AllDirectories).Where(static path => !path.Contains(".locks", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A few hundred kilobytes of the same document.</summary>
    private static byte[] Bomb()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            var line = Encoding.UTF8.GetBytes($$"""{"_key":"c1","x":"{{new string('x', 1_000_000)}}"}""" + "\n");
            for (var count = 0; count < 200; count++)
            {
                gzip.Write(line);
            }
        }

        return packed.ToArray();
    }

    /// <summary>Half a gigabyte of nothing, which takes no room.</summary>
    private static FileStream Zeros(StoreFixture fixture)
    {
        var file = new FileStream(Path.Combine(Path.GetDirectoryName(fixture.Path)!, "zeros"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        file.SetLength(512L * 1024 * 1024);
        return file;
    }
}
