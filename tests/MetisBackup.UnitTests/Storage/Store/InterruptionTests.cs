using System.Diagnostics;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class InterruptionTests
{
    [Fact]
    public async Task A_writer_that_is_given_up_leaves_nothing()
    {
        using var fixture = new StoreFixture();
        await using (var writer = fixture.Store.Begin("db", "x"))
        {
            var collection = writer.OpenCollection("c");
            await collection.WriteAsync(StoreFixture.Lines(0, 20_000, new string('x', 500)), StoreFixture.Token);
            Assert.Single(fixture.Folders(), name => name.StartsWith(".incoming-", StringComparison.Ordinal));
            Assert.Empty(fixture.Store.List(null));
        }

        Assert.Empty(fixture.Folders());
    }

    [Fact]
    public async Task Cancelling_while_the_compressors_are_busy_ends_at_once_and_leaves_nothing()
    {
        using var fixture = new StoreFixture();
        using var source = new CancellationTokenSource();
        await using (var writer = fixture.Store.Begin("db", "x"))
        {
            var collection = writer.OpenCollection("c");
            await collection.WriteAsync(StoreFixture.Lines(0, 2_000, new string('x', 500)), source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await collection.WriteAsync(StoreFixture.Lines(2_000, 4_000, new string('x', 500)), source.Token));
        }

        Assert.Empty(fixture.Folders());
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_is_recognised_and_removed_by_the_next()
    {
        using var fixture = new StoreFixture();
        await LeaveBehindAsync(fixture, "db", "other");
        Directory.CreateDirectory(Path.Combine(fixture.Path, ".incoming-"));
        Directory.CreateDirectory(Path.Combine(fixture.Path, ".trash-metis_20200101_000000_x.abc", "segments"));
        Assert.Empty(fixture.Store.List(null));
        Assert.Equal(4, fixture.Store.FindLeftovers().Count);

        var entry = await fixture.CreateAsync("again", ("c", StoreFixture.Lines(0, 5)));
        Assert.Equal([entry.Name], fixture.Folders());
        Assert.Empty(fixture.Store.FindLeftovers());
    }

    [Fact]
    public async Task The_folder_of_a_living_run_is_never_taken_for_a_leftover()
    {
        using var fixture = new StoreFixture();
        await using var living = fixture.Store.Begin("other", "x");
        await LeaveBehindAsync(fixture, "db");
        Assert.Single(fixture.Store.FindLeftovers());
        await fixture.CreateAsync("again");
        Assert.Empty(fixture.Store.RemoveLeftovers());
        var entry = await living.CommitAsync(new Manifest { Database = "other" }, new SnapshotMetadata(), StoreFixture.Token);
        Assert.Equal(SnapshotState.Complete, fixture.Store.Find(entry.Name).State);
    }

    [Fact]
    public async Task A_second_run_for_the_same_database_is_told_who_has_the_lock()
    {
        using var fixture = new StoreFixture();
        await using (fixture.Store.Begin("db", "x"))
        {
            var second = SnapshotStore.Open(fixture.Path, fixture.Clock, createIfMissing: false);
            var error = Assert.Throws<MetisException>(() => second.Begin("db", "y"));
            Assert.Equal(ErrorCode.Locked, error.Code);
            Assert.Contains($"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName}, since 2026-11-23T02:00:00Z", error.Message, StringComparison.Ordinal);
            await using var other = second.Begin("other", "y");
        }

        await using var next = fixture.Store.Begin("db", "z");
        Assert.NotNull(next.Name);
    }

    [Fact]
    public async Task The_lock_of_another_process_counts_and_ends_with_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock of util-linux");
        using var fixture = new StoreFixture();
        await fixture.CreateAsync("first");
        var file = Directory.GetFiles(Path.Combine(fixture.Path, ".locks"), "*.lock").Single();
        using var holder = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["-x", file, "-c", "echo locked; exec cat"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
        Assert.Equal("locked", await holder.StandardOutput.ReadLineAsync(StoreFixture.Token));
        Assert.Equal(ErrorCode.Locked, Assert.Throws<MetisException>(() => fixture.Store.Begin("db", "y")).Code);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(StoreFixture.Token);
        await using var writer = fixture.Store.Begin("db", "y");
        Assert.NotNull(writer.Name);
    }

    [Fact]
    public async Task A_snapshot_cannot_be_deleted_while_it_is_read()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("x", ("c", StoreFixture.Lines(0, 5)));
        using (fixture.Store.OpenReader(entry))
        {
            using var another = fixture.Store.OpenReader(entry);
            Assert.Equal(ErrorCode.Locked, Assert.Throws<MetisException>(() => fixture.Store.Delete(entry, force: true)).Code);
        }

        fixture.Store.Delete(entry, force: false);
        Assert.Empty(fixture.Folders());
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => fixture.Store.OpenReader(entry)).Code);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => fixture.Store.Delete(entry, force: false)).Code);
    }

    [Fact]
    public async Task A_full_disk_is_said_to_be_full_and_leaves_nothing_visible()
    {
        using var mount = await TemporaryMount.CreateAsync("size=2m");
        using var fixture = new StoreFixture(Path.Combine(mount.Path, "store"));
        var small = await fixture.CreateAsync("small", ("c", StoreFixture.Lines(0, 5)));
        var random = new Random(3);
        var large = StoreFixture.Lines(Enumerable.Range(0, 60).Select(number =>
            StoreFixture.Document(number, padding: Convert.ToBase64String(Enumerable.Range(0, 90_000).Select(_ => (byte)random.Next()).ToArray()))));
        var error = await Assert.ThrowsAsync<MetisException>(() => fixture.CreateAsync("large", ("c", large), ("d", large)));
        Assert.Equal(ErrorCode.NoSpace, error.Code);
        Assert.Contains(fixture.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal([small.Name], fixture.Folders());
        var again = await fixture.CreateAsync("again", ("c", StoreFixture.Lines(0, 5)));
        Assert.Equal(SnapshotState.Complete, again.State);
    }

    [Fact]
    public async Task A_read_only_store_is_read_but_not_written()
    {
        using var mount = await TemporaryMount.CreateAsync("size=2m");
        using var fixture = new StoreFixture(Path.Combine(mount.Path, "store"));
        var entry = await fixture.CreateAsync("x", ("c", StoreFixture.Lines(0, 5)));
        await mount.MakeReadOnlyAsync();
        var store = SnapshotStore.Open(fixture.Path, fixture.Clock, createIfMissing: true);
        using (var reader = store.OpenReader(store.Find("latest")))
        {
            Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);
        }

        var begin = Assert.Throws<MetisException>(() => store.Begin("db", "y"));
        Assert.Equal(ErrorCode.Denied, begin.Code);
        Assert.Contains(fixture.Path, begin.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Denied, Assert.Throws<MetisException>(() => store.Delete(entry, force: false)).Code);
        Assert.Equal(ErrorCode.Denied, Assert.Throws<MetisException>(() => store.SetPermanent(entry, permanent: true)).Code);
        await mount.MakeWritableAsync();
    }

    /// <summary>As a kill leaves it: the folder is there and nobody holds the lock.</summary>
    private static async Task LeaveBehindAsync(StoreFixture fixture, params string[] databases)
    {
        var moved = new List<(string Folder, string Copy)>();
        foreach (var database in databases)
        {
            await using var writer = fixture.Store.Begin(database, "killed");
            await StoreFixture.WriteAsync(writer, "c", StoreFixture.Lines(0, 50));
            var folder = Directory.GetDirectories(fixture.Path, ".incoming-*").Single(path => path.EndsWith(writer.Id, StringComparison.Ordinal));
            moved.Add((folder, Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
            Directory.Move(folder, moved[^1].Copy);
        }

        moved.ForEach(pair => Directory.Move(pair.Copy, pair.Folder));
    }
}
