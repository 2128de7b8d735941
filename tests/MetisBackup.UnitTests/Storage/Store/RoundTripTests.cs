using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Documents_and_structures_come_back_byte_for_byte()
    {
        using var fixture = new StoreFixture();
        var (left, right) = (StoreFixture.Lines(0, 5_000, new string('x', 700)), StoreFixture.Lines(10_000, 3));
        var entry = await fixture.CreateAsync("Before CF validation", ("left", left), ("right", right), ("empty", []));

        using var reader = fixture.Store.OpenReader(entry);
        Assert.Equal(left, await StoreFixture.ReadAllAsync(reader, "left"));
        Assert.Equal(right, await StoreFixture.ReadAllAsync(reader, "right"));
        Assert.Empty(await StoreFixture.ReadAllAsync(reader, "empty"));
        Assert.Empty(reader.Manifest.Collections[2].Segments);
        Assert.Equal(StoreFixture.Structure("left"), await reader.ReadStructureAsync(reader.Manifest.Collections[0].Structure, StoreFixture.Token));
        Assert.Equal(
            Enumerable.Range(0, 5_000).Select(number => (StoreFixture.Revision(number), $"k{number}")),
            reader.ReadRevisions(reader.Manifest.Collections[0]).Select(revision => (revision.Revision, revision.Key)));
        var report = await reader.VerifyAsync(progress: null, StoreFixture.Token);
        Assert.Empty(report.Findings);
        Assert.Equal(5_003, report.Documents);
    }

    [Fact]
    public async Task The_metadata_says_what_the_earlier_tool_said_and_more()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("Before CF validation Phase 4", ("a", StoreFixture.Lines(0, 5)), ("b", StoreFixture.Lines(0, 2)));
        var metadata = entry.Metadata!;
        Assert.Equal("metis_20261123_020000_before_cf_validation_phase_4", entry.Name);
        Assert.Equal(entry.Name, metadata.SnapshotName);
        Assert.Equal(("Before CF validation Phase 4", "db", 2, "zstd"), (metadata.Description, metadata.Database, metadata.Schema, metadata.Compression));
        Assert.Equal("2026-11-23T02:00:00.000Z", metadata.Timestamp);
        Assert.Equal([("a", 5L), ("b", 2L)], metadata.Collections.Select(pair => (pair.Key, pair.Value)).Order());
        Assert.Equal(SnapshotState.Complete, entry.State);
        Assert.True(metadata.StoredBytes > 0);
        var json = File.ReadAllText(Path.Combine(entry.Path, "metadata.json"));
        Assert.All(
            ["snapshot_name", "timestamp", "description", "git_commit", "git_branch", "permanent", "collections", "bulk_store_size_mb", "database_size_mb", "compression"],
            name => Assert.Contains($"\"{name}\":", json, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_is_private_and_what_is_done_is_read_only()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x", ("a", StoreFixture.Lines(0, 5)));
        var files = Directory.GetFiles(entry.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(6, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file)));
        Assert.All(
            Directory.GetDirectories(fixture.Path, "*", SearchOption.AllDirectories).Append(fixture.Path),
            folder => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(64 * 1024 * 1024)]
    public async Task A_single_large_document_passes(int size)
    {
        using var fixture = new StoreFixture();
        var lines = StoreFixture.Lines([StoreFixture.Document(1), StoreFixture.Document(2, padding: new string('y', size)), StoreFixture.Document(3)]);
        var entry = await fixture.CreateAsync("large", ("c", lines), ("last", lines[..^(StoreFixture.Document(3).Length + 2)]));
        using var reader = fixture.Store.OpenReader(entry);
        var read = await StoreFixture.ReadAllAsync(reader, "c");
        Assert.True(read.AsSpan().SequenceEqual(lines));
        Assert.Equal(2, reader.Manifest.Collections[1].Documents);
        Assert.Equal(lines.Length - StoreFixture.Document(3).Length - 1, (await StoreFixture.ReadAllAsync(reader, "last")).Length);
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
    }

    [Theory]
    [InlineData(CollectionWriter.FrameBytes, -3)]
    [InlineData(CollectionWriter.FrameBytes, -2)]
    [InlineData(CollectionWriter.FrameBytes, -1)]
    [InlineData(CollectionWriter.FrameBytes, 0)]
    [InlineData(CollectionWriter.FrameBytes, 1)]
    [InlineData(CollectionWriter.LargeLineBytes, -2)]
    [InlineData(CollectionWriter.LargeLineBytes, -1)]
    [InlineData(CollectionWriter.LargeLineBytes, 0)]
    public async Task Lines_around_the_size_of_a_frame_and_of_a_large_line_pass(int size, int difference)
    {
        using var fixture = new StoreFixture();
        var padding = new string('z', size - StoreFixture.Document(1).Length + difference);
        var line = Encoding.UTF8.GetBytes(StoreFixture.Document(1, padding: padding));
        var entry = await fixture.CreateAsync("edge", ("bare", line), ("ended", [.. line, (byte)'\n']), ("twice", [.. line, (byte)'\n', .. StoreFixture.Lines(2, 1)]));
        using var reader = fixture.Store.OpenReader(entry);
        Assert.True((await StoreFixture.ReadAllAsync(reader, "bare")).AsSpan().SequenceEqual([.. line, (byte)'\n']));
        Assert.True((await StoreFixture.ReadAllAsync(reader, "ended")).AsSpan().SequenceEqual([.. line, (byte)'\n']));
        Assert.Equal(2, reader.ReadRevisions(reader.Manifest.Collections[2]).Count());
    }

    [Fact]
    public async Task Documents_of_very_different_sizes_are_read_in_the_order_in_which_they_came()
    {
        using var fixture = new StoreFixture();
        var lines = StoreFixture.Lines(Enumerable.Range(1, 60).Select(static number => StoreFixture.Document(number, padding: new string('y', number % 7 * number % 5 * 150_000))));

        var entry = await fixture.CreateAsync("mixed", ("c", lines));

        using var reader = fixture.Store.OpenReader(entry);
        Assert.True((await StoreFixture.ReadAllAsync(reader, "c")).AsSpan().SequenceEqual(lines));
    }

    [Fact]
    public async Task Documents_may_come_in_any_order_and_batches_and_the_revisions_are_sorted_all_the_same()
    {
        using var fixture = new StoreFixture();
        var numbers = Enumerable.Range(0, 200_000).ToArray();
        new Random(7).Shuffle(numbers);
        await using var writer = fixture.Store.Begin("db", "unsorted");
        var record = await StoreFixture.WriteAsync(
            writer, "c", [.. numbers.Chunk(30_000).Select(chunk => StoreFixture.Lines(chunk.Select(number => StoreFixture.Document(number))))]);
        var entry = await writer.CommitAsync(new Manifest { Database = "db", Collections = [record] }, new SnapshotMetadata(), StoreFixture.Token);

        using var reader = fixture.Store.OpenReader(entry);
        Assert.Equal(2, record.Segments.Count);
        Assert.Equal(131_072, record.Segments[0].Count);
        var revisions = reader.ReadRevisions(record).ToList();
        Assert.Equal(Enumerable.Range(0, 200_000).Select(StoreFixture.Revision), revisions.Select(revision => revision.Revision));
        Assert.All(revisions, revision => Assert.Equal(revision.Revision, StoreFixture.Revision(int.Parse(revision.Key[1..]))));
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
    }

    [Fact]
    public async Task Key_and_revision_are_found_wherever_they_stand()
    {
        using var fixture = new StoreFixture();
        string[] documents =
        [
            """{"a":{"_key":"no","_rev":"_no"},"_rev":"_hKHP7Fq---","b":[{"_key":"no"}],"_key":"nested"}""",
            """{ "\u005fkey" : "esc\u00e4ped\"\\", "\u005frev" : "_hKHP7Fq--_" }""",
            """{"_key":"decimal","_rev":"12345"}""",
            """{"_key":"none"}""",
            """{"_key":"deep","x":""" + new string('[', 500) + new string(']', 500) + ""","_rev":"_hKHP7Fq--A"}""",
        ];
        var lines = Encoding.UTF8.GetBytes(documents[0] + "\n\n \r\n" + string.Join('\n', documents[1..]));
        var entry = await fixture.CreateAsync("scan", ("c", lines));
        using var reader = fixture.Store.OpenReader(entry);
        var collection = reader.Manifest.Collections[0];
        Assert.Equal(
            [("none", 0UL), ("decimal", 12345UL), ("nested", 1786843968436174848UL), ("esc\u00e4ped\"\\", 1786843968436174849UL), ("deep", 1786843968436174850UL)],
            reader.ReadRevisions(collection).Select(revision => (revision.Key, revision.Revision.Value)));
        Assert.Equal(string.Join('\n', documents) + "\n", Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(reader, "c")));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"_key":1}""")]
    [InlineData("""{"_key":""}""")]
    [InlineData("""{"_key":"a","_rev":1}""")]
    [InlineData("""{"_key":"a","_rev":"_hKHP7Fq---","x":"cut""")]
    [InlineData("""{"x":tru,"_key":"a"}""")]
    [InlineData("""{"_key":"\ud800"}""")]
    public async Task A_line_that_is_no_document_is_refused_and_nothing_stays(string line)
    {
        using var fixture = new StoreFixture();
        var error = await Assert.ThrowsAsync<MetisException>(() => fixture.CreateAsync("x", ("c", Encoding.UTF8.GetBytes(StoreFixture.Document(1) + "\n" + line))));
        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("Line 2", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Folders());
    }

    [Fact]
    public async Task A_collection_that_is_not_what_its_tree_states_is_never_committed()
    {
        using var fixture = new StoreFixture();
        await using (var writer = fixture.Store.Begin("db", "x"))
        {
            var record = await StoreFixture.WriteAsync(writer, "c", StoreFixture.Lines(0, 10));
            record = record with { Tree = TreeRoot.Of(new RevisionSummary(10, 1)) };
            var manifest = new Manifest { Database = "db", Collections = [record] };
            var error = await Assert.ThrowsAsync<MetisException>(() => writer.CommitAsync(manifest, new SnapshotMetadata(), StoreFixture.Token));
            Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        }

        Assert.Empty(fixture.Folders());
        Assert.Empty(fixture.Store.List(null));
    }

    [Fact]
    public async Task Names_that_differ_in_case_or_are_long_or_foreign_keep_apart()
    {
        using var fixture = new StoreFixture();
        string[] names = ["Data", "data", new string('\u00e4', 128), "\U0001F480 skull", "a:b", "..", "x\\y"];
        var entry = await fixture.CreateAsync("names", [.. names.Select((name, number) => (name, StoreFixture.Lines(number * 10, 3)))]);
        using var reader = fixture.Store.OpenReader(entry);
        foreach (var (number, name) in names.Index())
        {
            Assert.Equal(StoreFixture.Lines(number * 10, 3), await StoreFixture.ReadAllAsync(reader, name));
        }

        Assert.All(Directory.GetFiles(entry.Path, "*", SearchOption.AllDirectories), file => Assert.Matches("^[A-Za-z0-9_.-]+$", Path.GetFileName(file)));
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
    }
}
