using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class ListingTests
{
    [Fact]
    public async Task The_newest_comes_first_even_when_the_clock_went_back()
    {
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("one");
        fixture.Clock.Step(TimeSpan.FromHours(-5));
        await fixture.CreateAsync("two");
        fixture.Clock.Step(TimeSpan.FromHours(1));
        await fixture.CreateAsync("three");
        Assert.Equal(["three", "two", "one"], fixture.Store.List(null).Select(entry => entry.Metadata!.Description));
        Assert.Equal([3L, 2L, 1L], fixture.Store.List(null).Select(entry => entry.Sequence));
        Assert.Equal("three", fixture.Store.Find("latest").Metadata!.Description);
    }

    [Fact]
    public async Task Two_snapshots_of_the_same_second_and_description_get_names_of_their_own()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("Same");
        var second = await fixture.CreateAsync("Same");
        Assert.Equal("metis_20261123_020000_same", first.Name);
        Assert.Equal("metis_20261123_020000_same_2", second.Name);
    }

    [Fact]
    public async Task Runs_for_two_databases_that_want_the_same_name_both_succeed()
    {
        using var fixture = new StoreFixture();
        await using var left = fixture.Store.Begin("left", "Same");
        await using var right = fixture.Store.Begin("right", "Same");
        Assert.Equal(left.Name, right.Name);
        var first = await left.CommitAsync(new Manifest { Database = "left" }, new SnapshotMetadata(), StoreFixture.Token);
        var second = await right.CommitAsync(new Manifest { Database = "right" }, new SnapshotMetadata(), StoreFixture.Token);
        Assert.Equal(second.Name, second.Metadata!.SnapshotName);
        Assert.NotEqual(first.Name, second.Name);
        using var reader = fixture.Store.OpenReader(second);
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        Assert.Equal([second.Name], fixture.Store.List("right").Select(entry => entry.Name));
        Assert.Equal(first.Name, fixture.Store.Find("latest:left").Name);
    }

    [Fact]
    public async Task A_name_a_unique_beginning_and_latest_are_found()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("alpha");
        fixture.Clock.Step(TimeSpan.FromDays(1));
        var second = await fixture.CreateAsync("alpha beta");
        Assert.Equal(first, fixture.Store.Find(first.Name), ByName.Instance);
        Assert.Equal(second, fixture.Store.Find("metis_20261124"), ByName.Instance);
        Assert.Equal(second, fixture.Store.Find("latest"), ByName.Instance);
        Assert.Equal(second, fixture.Store.Find("latest:db"), ByName.Instance);
        var error = Assert.Throws<MetisException>(() => fixture.Store.Find("metis_202611"));
        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Contains(first.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(second.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_name_wins_over_being_a_beginning()
    {
        using var fixture = new StoreFixture();
        var first = await fixture.CreateAsync("same");
        await fixture.CreateAsync("same");
        Assert.Equal(first.Name, fixture.Store.Find(first.Name).Name);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("metis_2026\nx")]
    [InlineData("\U0001F480")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("latest:nope")]
    [InlineData("latest:../x")]
    [InlineData("*")]
    public async Task A_hostile_or_unknown_name_is_not_found_and_the_message_stays_on_one_line(string reference)
    {
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("x");
        var error = Assert.Throws<MetisException>(() => fixture.Store.Find(reference));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_very_long_name_is_cut_in_the_message()
    {
        using var fixture = new StoreFixture();
        var error = Assert.Throws<MetisException>(() => fixture.Store.Find(new string('a', 300)));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.True(error.Message.Length < 150, error.Message);
    }

    [Fact]
    public async Task Broken_snapshots_are_listed_as_damaged_and_never_taken_for_the_latest_in_silence()
    {
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("good");
        fixture.Clock.Step(TimeSpan.FromHours(1));
        var broken = await fixture.CreateAsync("broken");
        File.Delete(Path.Combine(broken.Path, "metadata.json"));
        Directory.CreateDirectory(Path.Combine(fixture.Path, "lost+found"));
        Directory.CreateDirectory(Path.Combine(fixture.Path, "metis_20200101_000000_nothing_in_it"));

        var entries = fixture.Store.List("db");
        Assert.Equal(
            [("metis_20261123_030000_broken", SnapshotState.Damaged), ("metis_20261123_020000_good", SnapshotState.Complete), ("metis_20200101_000000_nothing_in_it", SnapshotState.Leftover)],
            entries.Select(entry => (entry.Name, entry.State)));
        var error = Assert.Throws<MetisException>(() => fixture.Store.Find("latest"));
        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("metis_20261123_030000_broken", error.Message, StringComparison.Ordinal);
        fixture.Store.Delete(entries[0], force: false);
        Assert.Equal("good", fixture.Store.Find("latest").Metadata!.Description);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("SHA256SUMS")]
    public async Task A_snapshot_without_one_of_its_small_files_is_damaged(string file)
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x");
        File.Delete(Path.Combine(entry.Path, file));
        var listed = Assert.Single(fixture.Store.List(null));
        Assert.Equal(SnapshotState.Damaged, listed.State);
        Assert.Contains(file, listed.Problem, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.VerificationFailed, Assert.Throws<MetisException>(() => fixture.Store.OpenReader(listed)).Code);
    }

    [Fact]
    public async Task A_snapshot_whose_metadata_is_of_a_newer_schema_is_listed_but_not_read()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x");
        var file = Path.Combine(entry.Path, "metadata.json");
        var json = File.ReadAllText(file).Replace("\"schema\": 2", "\"schema\": 9", StringComparison.Ordinal);
        File.Delete(file);
        File.WriteAllText(file, json);
        var listed = fixture.Store.Find(entry.Name);
        Assert.Equal(SnapshotState.Newer, listed.State);
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => fixture.Store.OpenReader(listed)).Code);
    }

    [Fact]
    public async Task Permanent_can_be_changed_later_and_protects_from_deletion()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x");
        Assert.False(entry.Permanent);
        fixture.Store.SetPermanent(entry, permanent: true);
        entry = fixture.Store.Find(entry.Name);
        Assert.True(entry.Permanent);
        using (var reader = fixture.Store.OpenReader(entry))
        {
            Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        }

        Assert.Equal(ErrorCode.Refused, Assert.Throws<MetisException>(() => fixture.Store.Delete(entry, force: false)).Code);
        fixture.Store.SetPermanent(entry, permanent: false);
        fixture.Store.Delete(fixture.Store.Find(entry.Name), force: false);
        Assert.Empty(fixture.Folders());
    }

    [Fact]
    public async Task A_thousand_snapshots_are_listed_at_once()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x", ("c", StoreFixture.Lines(0, 3)));
        for (var number = 2; number <= 1_000; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"metis_20261124_020000_x_{number}");
            var folder = Directory.CreateDirectory(Path.Combine(fixture.Path, name)).FullName;
            var metadata = entry.Metadata! with { SnapshotName = name, Sequence = number };
            File.WriteAllBytes(Path.Combine(folder, "metadata.json"), JsonSerializer.SerializeToUtf8Bytes(metadata, SnapshotJson.Default.SnapshotMetadata));
            File.WriteAllText(Path.Combine(folder, "manifest.json"), "{}");
            File.WriteAllText(Path.Combine(folder, "SHA256SUMS"), string.Empty);
        }

        fixture.Store.List(null);
        var watch = Stopwatch.StartNew();
        var entries = fixture.Store.List("db");
        TestContext.Current.SendDiagnosticMessage($"listing of 1,000 took {watch.Elapsed.TotalMilliseconds:F1} ms");
        Assert.Equal(1_000, entries.Count);
        Assert.Equal(1_000, entries[0].Sequence);
        Assert.InRange(watch.Elapsed.TotalMilliseconds, 0, 1_000);
    }

    [Fact]
    public void A_store_that_is_not_there_is_not_found_unless_it_is_to_be_made()
    {
        var path = Path.Combine(Path.GetTempPath(), "metis-none-" + Path.GetRandomFileName());
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => SnapshotStore.Open(path, TimeProvider.System, createIfMissing: false)).Code);
        Assert.Empty(SnapshotStore.Open(path, TimeProvider.System, createIfMissing: true).List(null));
        Directory.Delete(path);
    }

    private sealed class ByName : IEqualityComparer<SnapshotEntry>
    {
        public static readonly ByName Instance = new();

        public bool Equals(SnapshotEntry? x, SnapshotEntry? y) => x?.Name == y?.Name;

        public int GetHashCode(SnapshotEntry obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
