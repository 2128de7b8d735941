using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>Other hosts are played by what they leave in a shared store.</summary>
public sealed class LockHeartbeatTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private string Owner => Path.Combine(_fixture.Path, ".locks", CollectionFolder.NameOf("db") + ".owner");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_living_run_of_another_host_has_the_lock_until_it_gave_no_sign_for_long()
    {
        await LeaveFolderAsync();
        LeaveOwner("elsewhere");
        var refused = Assert.Throws<MetisException>(() => _fixture.Store.Begin("db", "x"));
        Assert.Equal(ErrorCode.Locked, refused.Code);
        Assert.Contains("process 7 of root on elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Store.FindLeftovers()); // what it writes is not touched

        File.SetLastWriteTimeUtc(Owner, TimeProvider.System.GetUtcNow().UtcDateTime - LockHeartbeat.StaleAfter - TimeSpan.FromSeconds(5));

        Assert.Single(_fixture.Store.FindLeftovers());
        await using var writer = _fixture.Store.Begin("db", "x");
        Assert.Equal("Took over the lock of a run that died: process 7 of root on elsewhere, since 2026-01-01T00:00:00Z", writer.TakenOver);
    }

    [Fact]
    public async Task A_dead_run_of_this_host_is_taken_over_at_once()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Owner)!);
        LeaveOwner(Environment.MachineName);

        await using var writer = _fixture.Store.Begin("db", "x");

        Assert.Contains("process 7", writer.TakenOver, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_was_given_back_leaves_nobody_to_take_over_from()
    {
        await using (_fixture.Store.Begin("db", "x"))
        {
            Assert.True(File.Exists(Owner));
        }

        Assert.False(File.Exists(Owner));
        await using var writer = _fixture.Store.Begin("db", "x");
        Assert.Null(writer.TakenOver);
        Assert.Equal([".lock", ".owner"], Directory.GetFiles(Path.GetDirectoryName(Owner)!).Select(Path.GetExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sign_is_given_again_and_again()
    {
        var clock = new BeatingClock();
        var store = SnapshotStore.Open(_fixture.Path, clock, createIfMissing: true);
        await using var writer = store.Begin("db", "x");
        var old = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        File.SetLastWriteTimeUtc(Owner, old);
        var content = await File.ReadAllTextAsync(Owner, TestContext.Current.CancellationToken);

        Assert.Equal(LockHeartbeat.Interval, clock.Period);
        clock.Beat!();

        Assert.True(File.GetLastWriteTimeUtc(Owner) > old.AddMinutes(50));
        Assert.Equal(content, await File.ReadAllTextAsync(Owner, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_that_stood_still_while_another_host_took_its_lock_commits_nothing()
    {
        await using (var writer = _fixture.Store.Begin("db", "x"))
        {
            File.Delete(Owner);
            LeaveOwner("elsewhere");

            var lost = await Assert.ThrowsAsync<MetisException>(() => writer.CommitAsync(new Manifest { Database = "db" }, new SnapshotMetadata(), StoreFixture.Token));

            Assert.Equal(ErrorCode.Locked, lost.Code);
        }

        Assert.Empty(_fixture.Folders());
        Assert.True(File.Exists(Owner)); // the other one's
    }

    [Fact]
    public async Task Of_many_who_find_the_same_run_dead_one_takes_over()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Owner)!);
        LeaveOwner("elsewhere");
        File.SetLastWriteTimeUtc(Owner, DateTime.UnixEpoch);

        // each one holds a lock of its own, as hosts do that the operating system's does not connect
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(host => Task.Run(() =>
        {
            using var own = new FileStream($"{Owner}.lock{host}", FileMode.OpenOrCreate);
            return LockHeartbeat.TryTake(Owner, own, TimeProvider.System);
        }, TestContext.Current.CancellationToken)));

        var living = taken.Where(one => one is not null && IsOwner(one)).ToList();
        Assert.Single(living);
        Array.ForEach(taken, static one => one?.Dispose());
    }

    private static bool IsOwner(LockHeartbeat heartbeat)
    {
        try
        {
            heartbeat.Require();
            return true;
        }
        catch (MetisException)
        {
            return false;
        }
    }

    private async Task LeaveFolderAsync()
    {
        var writer = _fixture.Store.Begin("db", "x");
        var folder = Directory.GetDirectories(_fixture.Path).Single(static one => Path.GetFileName(one).StartsWith('.') && !one.EndsWith(".locks", StringComparison.Ordinal));
        await writer.DisposeAsync();
        Directory.CreateDirectory(folder);
    }

    private void LeaveOwner(string host) =>
        File.WriteAllText(Owner, JsonSerializer.Serialize(new LockOwner("root", host, 7, "2026-01-01T00:00:00Z") { Id = "other" }, LockJson.Default.LockOwner));

    /// <summary>A clock whose timer beats when it is told to.</summary>
    private sealed class BeatingClock : TimeProvider
    {
        public Action? Beat { get; private set; }

        public TimeSpan Period { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Beat, Period) = (() => callback(state), period);
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // nothing runs
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
