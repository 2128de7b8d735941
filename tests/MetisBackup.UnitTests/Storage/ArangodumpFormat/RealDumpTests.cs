using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetisBackup.Storage.ArangodumpFormat;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.ArangodumpFormat;

/// <summary>Dumps that people's stock tools wrote over ten years, against what was counted in them by other means.</summary>
public sealed class RealDumpTests
{
    public static TheoryData<string> Dumps =>
        ["3.2-knows-graph", "3.2-mmfiles-raw", "3.5-structure-only", "3.10-geo-envelope-gz", "3.10-mixed-raw", "3.10-schema-gz", "damaged-hand-edited"];

    [Theory]
    [MemberData(nameof(Dumps))]
    public async Task Every_collection_is_found_with_its_documents(string name)
    {
        var files = new DumpFolder(SharedData.Find("dumps/" + name));
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Find($"dumps/expected/{name}.json")));

        var verdict = await DumpCheck.RunAsync(files, static (_, _, _) => { }, StoreFixture.Token);

        Assert.Empty(verdict.Faults);
        var wanted = expected.RootElement.GetProperty("collections").EnumerateObject().ToList();
        Assert.Equal(wanted.Select(static one => one.Name).Order(StringComparer.Ordinal), verdict.Dump!.Collections.Select(static one => one.Name));
        foreach (var collection in wanted)
        {
            var found = verdict.Dump.Collections.Single(one => one.Name == collection.Name);
            Assert.Equal(collection.Value.GetProperty("type").GetInt32() == 3, found.IsEdge);
            Assert.Equal(collection.Value.GetProperty("indexes").GetArrayLength(), found.Indexes);
            Assert.Equal(collection.Value.GetProperty("dataFiles").GetArrayLength(), found.DataFiles.Count);
            Assert.Equal(collection.Value.GetProperty("dataFiles").EnumerateArray().Sum(static one => one.GetProperty("netDocuments").GetInt64()), verdict.Documents[collection.Name]);
        }

        Assert.Equal(name == "damaged-hand-edited", verdict.Dump.Remarks.Any(static one => one.Contains("dump.json", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Dumps))]
    public async Task A_copy_holds_exactly_the_documents_that_remain(string name)
    {
        var source = new DumpFolder(SharedData.Find("dumps/" + name));
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Find($"dumps/expected/{name}.json")));
        using var fixture = new StoreFixture();
        LegacyFixture.Write(fixture.Path, LegacyFixture.Name, LegacyFixture.Metadata, Directory.GetFiles(source.Place).Select(static path => KeyValuePair.Create("dump/" + Path.GetFileName(path), File.ReadAllBytes(path))));

        await using var opened = await MetisBackup.Storage.Store.LegacySnapshot.OpenAsync(fixture.Store, fixture.Store.Find("metis_"), database: null, static (_, _, _) => { }, StoreFixture.Token);

        Assert.Empty((await opened.Reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        foreach (var record in opened.Reader.Manifest.Collections)
        {
            var lines = Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(opened.Reader, record.Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var keys = lines.Select(static line => Key(line)).Order(StringComparer.Ordinal);
            var file = expected.RootElement.GetProperty("collections").GetProperty(record.Name).GetProperty("dataFiles").EnumerateArray().FirstOrDefault();
            Assert.Equal(
                file.ValueKind == JsonValueKind.Undefined ? Convert.ToHexStringLower(SHA256.HashData([])) : file.GetProperty("sortedKeysSha256").GetString(),
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', keys)))));
        }
    }

    private static string Key(string line)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return document.RootElement.GetProperty("_key").GetString()!;
    }
}
