using System.Text;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.ArangodumpFormat;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.ArangodumpFormat;

public sealed class DumpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_of_the_earlier_tool_is_read_from_its_folder_and_from_its_archive(bool isPacked)
    {
        using var fixture = new StoreFixture();
        Place(fixture, LegacyFixture.Dump(), isPacked);

        await using var opened = await OpenAsync(fixture);

        var manifest = opened.Reader.Manifest;
        Assert.Equal(("arxiv", true), (manifest.Database, manifest.LeavesUnlistedSystemCollections));
        Assert.Equal([("cites", 3, 1L), ("papers", 2, 20L)], manifest.Collections.Select(static one => (one.Name, one.Type, one.Documents)));
        Assert.Equal("search", Assert.Single(manifest.Views).Name);
        Assert.Equal(LegacyFixture.Name, opened.Reader.Entry.Name);
        Assert.Contains("\"big\":1152921504606846976.0}\n", Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(opened.Reader, "papers")), StringComparison.Ordinal);
        using var structure = JsonDocument.Parse(await opened.Reader.ReadStructureAsync(manifest.Collections[1].Structure, StoreFixture.Token));
        Assert.Equal("idx_77", structure.RootElement.GetProperty("indexes")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{"parameters":{"name":"\ud800"},"indexes":[]}""", "has no name")]
    [InlineData("""{"parameters":{"\ud800":1,"name":"a"},"indexes":[]}""", "is no text")]
    public async Task Half_a_character_in_a_definition_is_damage(string definition, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("metis-dump-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.structure.json"), definition, StoreFixture.Token);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "dump.json"), """{"database":"\ud800"}""", StoreFixture.Token);

        var refused = await Assert.ThrowsAsync<FormatException>(() => DumpCatalogueReader.ReadAsync(new DumpFolder(folder.FullName), StoreFixture.Token));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Definitions_that_would_fill_the_memory_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("metis-dump-");
        foreach (var number in Enumerable.Range(0, 5))
        {
            await using var file = File.Create(Path.Combine(folder.FullName, $"c{number}.structure.json"));
            file.SetLength(60L << 20);
        }

        var refused = await Assert.ThrowsAsync<FormatException>(() => DumpCatalogueReader.ReadAsync(new DumpFolder(folder.FullName), StoreFixture.Token));

        Assert.Contains("definitions are larger than 256 MiB", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_copy_goes_with_the_run_and_the_snapshot_cannot_be_deleted_meanwhile()
    {
        using var fixture = new StoreFixture();
        Place(fixture, LegacyFixture.Dump(), isPacked: true);
        var before = Directory.GetFiles(fixture.Path, "*", SearchOption.AllDirectories).Order().ToList();

        await using (await OpenAsync(fixture))
        {
            Assert.Equal(ErrorCode.Locked, Assert.Throws<MetisException>(() => fixture.Store.Delete(fixture.Store.Find("metis_"), force: true)).Code);
            Assert.Single(fixture.Store.List(null));
        }

        Assert.Equal(before, Directory.GetFiles(fixture.Path, "*", SearchOption.AllDirectories).Where(static path => !path.Contains(".locks", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain(fixture.Folders(), static name => name.StartsWith('.'));
    }

    [Fact]
    public async Task Of_a_log_what_remains_is_taken()
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        var name = files.Keys.Single(static path => path.EndsWith(".data.json", StringComparison.Ordinal));
        files[name] = LegacyFixture.Lines(
        [
            """{"type":2301,"key":"a","rev":"1","data":{"_key":"a","_rev":"1","_from":"papers\/p1","_to":"papers\/p2","v":1}}""",
            """{"type":2300,"data":{"_key":"b","_rev":"2","_from":"papers/p1","_to":"papers/p2"}}""",
            """{"type":2302,"key":"b","rev":"3"}""",
            """{"data":{"_key":"a","_rev":"4","_from":"papers/p1","_to":"papers/p3","v":2},"type":2300}""",
            """{"type":2302,"data":{"_key":"never"}}""",
            """{"_key":"c","_rev":"5","type":2302,"data":{"_key":"b"},"_from":"papers/p1","_to":"papers/p3"}""",
            """{"type":2300,"data":{"_key":"d","_rev":"6","_from":"papers/p1","_to":"papers/p2"}}""",
            """{"type":2302,"data":{"_key":"d","_rev":"7"}}""",
            """{"type":2300,"data":{"_key":"d","_rev":"8","_from":"papers/p1","_to":"papers/p4"}}""",
        ]);
        Place(fixture, files, isPacked: false);

        await using var opened = await OpenAsync(fixture);

        Assert.Equal(
            """
            {"_key":"a","_rev":"4","_from":"papers/p1","_to":"papers/p3","v":2}
            {"_key":"c","_rev":"5","type":2302,"data":{"_key":"b"},"_from":"papers/p1","_to":"papers/p3"}
            {"_key":"d","_rev":"8","_from":"papers/p1","_to":"papers/p4"}

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(opened.Reader, "cites")));
        Assert.Equal(3, (await LegacySnapshot.VerifyAsync(fixture.Store.Find("metis_"), static (_, _, _) => { }, StoreFixture.Token)).Documents["cites"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Split_files_are_put_together(bool isPacked)
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        var name = files.Keys.Single(static path => path.EndsWith(".data.json", StringComparison.Ordinal))[..^".data.json".Length];
        files.Remove(name + ".data.json");
        foreach (var part in Enumerable.Range(0, 12))
        {
            files[$"{name}.{part}.data.json.gz"] = LegacyFixture.Pack(LegacyFixture.Lines(Enumerable.Range(0, 100).Select(n => $$"""{"_key":"c{{part}}_{{n}}","_from":"papers/p1","_to":"papers/p2"}""")));
        }

        Place(fixture, files, isPacked);

        await using var opened = await OpenAsync(fixture);

        Assert.Equal(1200, opened.Reader.Manifest.Collections[0].Documents);
    }

    [Fact]
    public async Task A_last_line_without_an_end_a_byte_order_mark_and_empty_lines_do_no_harm()
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        files[files.Keys.Single(static path => path.EndsWith(".data.json", StringComparison.Ordinal))] =
            [0xEF, 0xBB, 0xBF, .. "{\"_key\":\"c1\",\"_from\":\"papers/p1\",\"_to\":\"papers/p2\"}\r\n\r\n\n {\"_key\":\"c2\",\"_from\":\"papers/p1\",\"_to\":\"papers/p2\"}"u8];
        Place(fixture, files, isPacked: false);

        await using var opened = await OpenAsync(fixture);

        Assert.Equal(2, opened.Reader.Manifest.Collections[0].Documents);
    }

    [Theory]
    [InlineData("{\"_key\":\"c1\"", "line 2 is cut off")]
    [InlineData("{\"_key\":\"c1\",\"a\":}", "line 2 is not JSON")]
    [InlineData("[1]", "line 2 is cut off")]
    [InlineData("{\"a\":1}", "line 2 has no _key")]
    [InlineData("{\"type\":2300}", "line 2 is an entry of type 2300")]
    [InlineData("{\"type\":2302}", "line 2 removes a document without naming it")]
    [InlineData("{\"type\":2310,\"data\":{\"_key\":\"a\"}}", "line 2 is an entry of type 2310")]
    [InlineData("{\"type\":2300,\"data\":{\"a\":1}}", "line 2 holds a document that has no _key")]
    public async Task A_line_that_is_no_document_is_named(string line, string fault)
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        var name = files.Keys.Single(static path => path.EndsWith(".data.json", StringComparison.Ordinal));
        files[name] = [.. files[name], .. Encoding.UTF8.GetBytes(line + "\n")];
        Place(fixture, files, isPacked: false);

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));
        var verdict = await LegacySnapshot.VerifyAsync(fixture.Store.Find("metis_"), static (_, _, _) => { }, StoreFixture.Token);

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains(Path.GetFileName(name)[..10], error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, Assert.Single(verdict.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Folders(), static folder => folder.StartsWith('.'));
    }

    [Theory]
    [InlineData("ENCRYPTION", "aes-256-ctr", ErrorCode.Usage, "encrypted")]
    [InlineData("dump.json", "{\"database\":\"x\",\"useVPack\":true}", ErrorCode.Usage, "VelocyPack")]
    [InlineData("papers.data.vpack", "x", ErrorCode.Usage, "VelocyPack")]
    [InlineData("other.structure.json", "{\"parameters\":{\"name\":\"papers\"},\"indexes\":[]}", ErrorCode.VerificationFailed, "another collection")]
    [InlineData("other.structure.json", "{\"parameters\":{\"name\":\"../x\"},\"indexes\":[]}", ErrorCode.VerificationFailed, "no name")]
    [InlineData("other.structure.json", "{\"parameters\":", ErrorCode.VerificationFailed, "not JSON")]
    [InlineData("other.structure.json", "{\"indexes\":[]}", ErrorCode.VerificationFailed, "parameters")]
    [InlineData("papers.structure.json", "{\"parameters\":{\"name\":\"papers\"},\"indexes\":[]}", ErrorCode.VerificationFailed, "two structure files")]
    [InlineData("x.view.json", "{}", ErrorCode.VerificationFailed, "no name")]
    public async Task A_dump_that_cannot_be_read_is_refused_with_the_reason(string file, string content, ErrorCode code, string reason)
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        files["database/" + file] = Encoding.UTF8.GetBytes(content);
        Place(fixture, files, isPacked: false);

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));

        Assert.Equal(code, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bulk_files_beside_the_dump_are_counted_and_a_dump_among_them_is_not_taken()
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        files["experiments/run1/model.bin"] = new byte[1000];
        files["experiments/run1/dump/dump.json"] = "{}"u8.ToArray();
        Place(fixture, files, isPacked: false);
        File.CreateSymbolicLink(Path.Combine(fixture.Path, LegacyFixture.Name, "experiments", "latest"), "run1");

        var dump = await LegacySnapshot.DescribeAsync(fixture.Store.Find("metis_"), StoreFixture.Token);

        Assert.Equal("database", dump.Folder);
        Assert.Equal(new ForeignFolder("experiments", 3, 1002), Assert.Single(dump.Others));
    }

    [Fact]
    public async Task A_link_in_the_dump_is_refused()
    {
        using var fixture = new StoreFixture();
        Place(fixture, LegacyFixture.Dump(), isPacked: false);
        File.CreateSymbolicLink(Path.Combine(fixture.Path, LegacyFixture.Name, "database", "passwd.data.json"), "/etc/passwd");

        var error = await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture));

        Assert.Contains("passwd.data.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_without_its_database_needs_one_to_be_named()
    {
        using var fixture = new StoreFixture();
        var files = LegacyFixture.Dump();
        files.Remove("database/dump.json");
        Place(fixture, files, isPacked: false);

        Assert.Equal(ErrorCode.Usage, (await Assert.ThrowsAsync<MetisException>(() => OpenAsync(fixture))).Code);
        await using var opened = await LegacySnapshot.OpenAsync(fixture.Store, fixture.Store.Find("metis_"), "given", static (_, _, _) => { }, StoreFixture.Token);
        Assert.Equal("given", opened.Reader.Manifest.Database);
    }

    private static void Place(StoreFixture fixture, Dictionary<string, byte[]> files, bool isPacked)
    {
        if (isPacked)
        {
            LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, []);
            LegacyFixture.WriteArchive(fixture.Path, LegacyFixture.Name, files);
        }
        else
        {
            LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, files);
        }
    }

    private static Task<LegacySnapshot> OpenAsync(StoreFixture fixture) =>
        LegacySnapshot.OpenAsync(fixture.Store, fixture.Store.Find("metis_"), database: null, static (_, _, _) => { }, StoreFixture.Token);
}
