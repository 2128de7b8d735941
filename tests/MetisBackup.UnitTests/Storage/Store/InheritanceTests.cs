using System.Globalization;
using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class InheritanceTests
{
    [Fact]
    public async Task A_segment_is_shared_until_more_than_half_of_it_is_obsolete()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 1_000)));
        var half = await InheritAsync(fixture, first, [.. Enumerable.Range(0, 500)], []);
        var more = await InheritAsync(fixture, half, [500], []);
        var none = await InheritAsync(fixture, more, [.. Enumerable.Range(501, 499)], []);

        Assert.Equal([500L], Excluded(fixture, half));
        Assert.Equal([null], Excluded(fixture, more));
        Assert.Empty(Excluded(fixture, none));
        Assert.Equal(Enumerable.Range(500, 500), await NumbersAsync(fixture, half));
        Assert.Equal(Enumerable.Range(501, 499), await NumbersAsync(fixture, more));
        Assert.Empty(await NumbersAsync(fixture, none));
        Assert.True(half.Metadata!.NewBytes < half.Metadata.StoredBytes);
    }

    [Fact]
    public async Task A_long_chain_of_small_changes_does_not_become_a_heap_of_files()
    {
        using var fixture = new StoreFixture();
        var snapshot = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10_000)));
        var most = 0;
        for (var step = 0; step < 80; step++)
        {
            snapshot = await InheritAsync(fixture, snapshot, [step], [10_000 + step]);
            most = Math.Max(most, Excluded(fixture, snapshot).Count);
        }

        Assert.InRange(most, 30, 34);
        Assert.Equal(Enumerable.Range(80, 10_000), await NumbersAsync(fixture, snapshot));
    }

    [Fact]
    public async Task Only_what_no_other_snapshot_has_counts_as_its_own()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 20_000)));
        var alone = fixture.Store.MeasureOwnBytes(first)!.Value;
        var second = await InheritAsync(fixture, first, [3], []);

        Assert.True(alone >= first.Metadata!.StoredBytes);
        Assert.InRange(fixture.Store.MeasureOwnBytes(first)!.Value, 1, alone / 2);
        Assert.InRange(fixture.Store.MeasureOwnBytes(second)!.Value, 1, alone / 2);
        fixture.Store.Delete(first, force: false);
        Assert.InRange(fixture.Store.MeasureOwnBytes(second)!.Value, alone, alone + 20_000);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".excl", true)]
    [InlineData(".zst", true)]
    [InlineData(".revs", true)]
    public async Task Where_no_link_is_possible_files_are_copied_and_checked(string damaged, bool isDamaged)
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 1_000)));
        var second = await InheritAsync(fixture, first, [1], []);
        if (isDamaged)
        {
            var file = Directory.GetFiles(second.Path, "*" + damaged, SearchOption.AllDirectories).Single();
            var content = await File.ReadAllBytesAsync(file, StoreFixture.Token);
            content[content.Length / 2] ^= 1;
            File.Delete(file);
            await File.WriteAllBytesAsync(file, content, StoreFixture.Token);
        }

        // Links do not cross mounts, not even those of the same file system.
        using var mount = await TemporaryMount.BindAsync(second.Path);
        if (isDamaged)
        {
            var error = await Assert.ThrowsAsync<MetisException>(() => InheritAsync(fixture, second, [2], []));
            Assert.Equal(ErrorCode.VerificationFailed, error.Code);
            return;
        }

        var third = await InheritAsync(fixture, second, [2], [2_000]);

        Assert.Equal(third.Metadata!.StoredBytes, third.Metadata.NewBytes);
        Assert.Equal([0, .. Enumerable.Range(3, 997), 2_000], await NumbersAsync(fixture, third));
        Assert.All(Directory.GetFiles(third.Path, "*", SearchOption.AllDirectories), static file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task What_was_given_up_leaves_nothing_and_can_be_begun_again()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 1_000)));
        await using var writer = fixture.Store.Begin("db", "next");
        using var reader = fixture.Store.OpenReader(first);
        var collection = writer.OpenCollection("c");
        await collection.WriteAsync(StoreFixture.Lines(5_000, 3_000, new string('x', 900)), StoreFixture.Token);
        await collection.InheritAsync(reader, reader.Manifest.Collections[0], [Removed([1])], verifyContent: true, StoreFixture.Token);
        await writer.DiscardCollectionAsync("c");

        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Path, fixture.Folders().Single(static name => name.StartsWith(".incoming", StringComparison.Ordinal))), "*", SearchOption.AllDirectories));
        var record = await StoreFixture.WriteAsync(writer, "c", StoreFixture.Lines(0, 10));
        var entry = await writer.CommitAsync(new Manifest { Database = "db", Collections = [record] }, new SnapshotMetadata(), StoreFixture.Token);
        Assert.Equal(Enumerable.Range(0, 10), await NumbersAsync(fixture, entry));
    }

    /// <summary>METIS_PROPERTY_STEPS makes it longer.</summary>
    [Fact]
    public async Task Snapshots_stay_what_they_were_whatever_is_created_and_deleted()
    {
        var steps = int.TryParse(Environment.GetEnvironmentVariable("METIS_PROPERTY_STEPS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 200;
        using var fixture = new StoreFixture();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var live = Enumerable.Range(0, 300).ToHashSet();
        var next = 300;
        var snapshots = new List<(SnapshotEntry Entry, HashSet<int> Numbers)>();
        for (var step = 0; step < steps; step++)
        {
            if (snapshots.Count > 8 || (snapshots.Count > 1 && random.Next(3) == 0))
            {
                var gone = random.Next(snapshots.Count);
                fixture.Store.Delete(snapshots[gone].Entry, force: false);
                snapshots.RemoveAt(gone);
            }
            else
            {
                var share = random.NextDouble();
                live.RemoveWhere(_ => random.NextDouble() < share * share);
                live.UnionWith(Enumerable.Range(next, random.Next(60)));
                next += 60;
                live.UnionWith(snapshots.Count > 0 && random.Next(5) == 0 ? snapshots[random.Next(snapshots.Count)].Numbers : []);
                snapshots.Add((await CaptureAsync(fixture, snapshots, live, random), [.. live]));
            }

            foreach (var (entry, numbers) in snapshots)
            {
                Assert.True(numbers.Order().SequenceEqual(await NumbersAsync(fixture, entry)), $"seed {seed}, step {step}, {entry.Name}");
            }
        }
    }

    private static Task<SnapshotEntry> CaptureAsync(StoreFixture fixture, List<(SnapshotEntry Entry, HashSet<int> Numbers)> snapshots, HashSet<int> live, Random random)
    {
        fixture.Clock.Step(TimeSpan.FromSeconds(random.Next(-3, 5)));
        if (snapshots.Count == 0 || random.Next(6) == 0)
        {
            return fixture.CreateAsync("step", ("c", StoreFixture.Lines(live.Order().Select(static number => StoreFixture.Document(number)))));
        }

        var (parent, numbers) = snapshots[random.Next(snapshots.Count)];
        return InheritAsync(fixture, parent, [.. numbers.Except(live).Order()], [.. live.Except(numbers).Order()]);
    }

    private static async Task<SnapshotEntry> InheritAsync(StoreFixture fixture, SnapshotEntry parent, int[] removed, int[] added)
    {
        using var reader = fixture.Store.OpenReader(parent);
        await using var writer = fixture.Store.Begin("db", "next");
        var stored = reader.Manifest.Collections[0];
        var gone = new CompactRevisions?[stored.Segments.Count];
        var ids = removed.Select(static number => StoreFixture.Revision(number)).ToHashSet();
        foreach (var entry in reader.ReadRevisions(stored).Where(entry => ids.Contains(entry.Revision)))
        {
            (gone[entry.Segment] ??= new CompactRevisions()).Add(entry.Revision.Value);
        }

        var collection = writer.OpenCollection("c");
        await collection.WriteAsync(StoreFixture.Lines(added.Select(static number => StoreFixture.Document(number))), StoreFixture.Token);
        await collection.InheritAsync(reader, stored, gone, verifyContent: false, StoreFixture.Token);
        var data = await collection.CompleteAsync(StoreFixture.Token);
        var expected = stored.Summary();
        expected = removed.Aggregate(expected, static (sum, number) => sum.Without(StoreFixture.Revision(number)));
        expected = added.Aggregate(expected, static (sum, number) => sum.With(StoreFixture.Revision(number)));
        var record = stored with
        {
            Structure = await writer.WriteStructureAsync(StructureKind.Collection, "c", StoreFixture.Structure("c"), StoreFixture.Token),
            Tree = TreeRoot.Of(expected),
            Documents = data.Documents,
            RevisionHash = TreeRoot.Of(data.Summary).Hash,
            Segments = data.Segments,
        };
        return await writer.CommitAsync(new Manifest { Database = "db", Collections = [record] }, new SnapshotMetadata(), StoreFixture.Token);
    }

    private static CompactRevisions Removed(int[] numbers)
    {
        var removed = new CompactRevisions();
        numbers.ToList().ForEach(number => removed.Add(StoreFixture.Revision(number).Value));
        return removed;
    }

    private static List<long?> Excluded(StoreFixture fixture, SnapshotEntry entry)
    {
        using var reader = fixture.Store.OpenReader(entry);
        return [.. reader.Manifest.Collections[0].Segments.Select(static segment => segment.Excluded?.Count)];
    }

    /// <summary>The documents of a snapshot by number; it is verified on the way.</summary>
    private static async Task<List<int>> NumbersAsync(StoreFixture fixture, SnapshotEntry entry)
    {
        using var reader = fixture.Store.OpenReader(entry);
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        var lines = Encoding.UTF8.GetString(await StoreFixture.ReadAllAsync(reader, "c")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var numbers = lines.Select(static line => int.Parse(line[10..line.IndexOf('"', 10)], CultureInfo.InvariantCulture)).Order().ToList();
        Assert.Equal(numbers.Select(StoreFixture.Revision), reader.ReadRevisions(reader.Manifest.Collections[0]).Select(static one => one.Revision));
        return numbers;
    }
}
