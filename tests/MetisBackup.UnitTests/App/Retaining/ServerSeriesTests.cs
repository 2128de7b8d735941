using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Retaining;

/// <summary>Two servers that keep a database of the same name in one store.</summary>
public sealed class ServerSeriesTests : IDisposable
{
    private const string Old = "retired";
    private static readonly SnapshotServer Production = new() { Id = "11", Address = "metis1:8529" };
    private static readonly SnapshotServer Staging = new() { Id = "22", Address = "staging:8529" };

    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Each_server_keeps_its_own_number_by_its_own_rules_and_what_tells_none_stays_by_any()
    {
        for (var i = 0; i < 4; i++)
        {
            await CreateAsync($"{Old} {i}", server: null);
            await CreateAsync($"production {i}", Production);
            await CreateAsync($"staging {i}", Staging);
            _fixture.Clock.Step(TimeSpan.FromDays(1));
        }

        var own = new Dictionary<RetentionSubject, RetentionPolicy> { [new("db", Production.Address)] = new() { Last = 3 }, [new("db", Staging.Address)] = new() { Last = 1 } };
        var result = await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 2) with { Own = own } });

        Assert.Equal(
            [("an unknown server", "keep the last 3", 1), ("metis1:8529", "keep the last 3", 1), ("staging:8529", "keep the last 1", 3)],
            result.Series.Select(one => (one.Server!, one.Policy, one.Items.Count(item => item.Outcome == PruneOutcome.Removed))));
        Assert.Equal(
            ["staging 3", "production 3", "retired 3", "production 2", "retired 2", "production 1", "retired 1"],
            _fixture.Store.List("db").Select(static one => one.Metadata!.Description));
    }

    [Fact]
    public async Task After_a_snapshot_only_those_of_its_server_are_counted()
    {
        await CreateAsync("production 1", Production);
        await CreateAsync("production 2", Production);
        await CreateAsync("staging 1", Staging);
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        var made = await CreateAsync("staging 2", Staging);

        var result = await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 1), Witness = made.Name });

        Assert.Equal("staging:8529", Assert.Single(result.Series).Server);
        Assert.Equal(["staging 2", "production 2", "production 1"], _fixture.Store.List("db").Select(static one => one.Metadata!.Description));
    }

    [Fact]
    public async Task What_is_asked_for_one_server_leaves_the_other_alone_and_says_when_none_is_its_own()
    {
        await CreateAsync("production 1", Production);
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        await CreateAsync("production 2", Production);
        await CreateAsync("staging 1", Staging);
        var subject = new RetentionSubject("db", Production.Address);
        var request = new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 1) with { Own = new Dictionary<RetentionSubject, RetentionPolicy> { [subject] = new() { Last = 1 } } } };

        var stranger = await CleanUpAsync(request with { Subject = subject with { Address = "elsewhere:8529" } });
        var own = await CleanUpAsync(request with { Subject = subject });

        Assert.Empty(stranger.Series);
        Assert.Equal("None of the snapshots of db can be told to be of the server at elsewhere:8529, so nothing was looked at: they are of metis1:8529 and staging:8529.", Assert.Single(stranger.Warnings));
        Assert.Equal("metis1:8529", Assert.Single(own.Series).Server);
        Assert.Single(own.Removed);
    }

    [Fact]
    public async Task The_newest_of_each_server_is_not_deleted_unasked()
    {
        var production = await CreateAsync("production", Production);
        var earlier = await CreateAsync("staging 1", Staging);
        await CreateAsync("staging 2", Staging);

        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<MetisException>(() => DeleteAsync(production))).Code);
        await DeleteAsync(earlier);
        Assert.Equal(["staging 2", "production"], _fixture.Store.List("db").Select(static one => one.Metadata!.Description));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("latest:db")]
    public async Task The_latest_is_that_of_the_server_in_question_and_of_none_when_nobody_says_which(string reference)
    {
        var production = await CreateAsync("production", Production);
        Assert.Equal(production.Name, _fixture.Store.Find(reference, new LatestOf("anywhere:8529", [])).Name);
        var staging = await CreateAsync("staging", Staging);

        Assert.Equal(production.Name, _fixture.Store.Find(reference, new LatestOf(Production.Address, [])).Name);
        Assert.Equal(staging.Name, _fixture.Store.Find(reference, new LatestOf(Staging.Address, [])).Name);
        foreach (var address in (string?[])[null, "anywhere:8529"])
        {
            var failure = Assert.Throws<MetisException>(() => _fixture.Store.Find(reference, address is null ? null : new LatestOf(address, [])));
            Assert.Equal(ErrorCode.Usage, failure.Code);
            Assert.Equal($"The store holds snapshots of 2 servers, each with a latest one: {staging.Name}, {production.Name}.", failure.Message);
        }
    }

    [Fact]
    public async Task One_that_can_no_longer_tell_its_server_is_in_the_way_of_every_older_latest()
    {
        await CreateAsync("production", Production);
        await CreateAsync("staging", Staging);
        _fixture.Clock.Step(TimeSpan.FromHours(1));
        File.Delete(Path.Combine((await CreateAsync("broken", Staging)).Path, "metadata.json"));

        Assert.Equal(ErrorCode.VerificationFailed, Assert.Throws<MetisException>(() => _fixture.Store.Find("latest:db", new LatestOf(Production.Address, []))).Code);
    }

    [Fact]
    public async Task Status_tells_of_one_server_and_never_takes_the_snapshots_of_another_for_its_own()
    {
        var production = await CreateAsync("production", Production);

        Assert.Equal([production.Name], await PointsAsync("renamed:8529"));
        Assert.Empty(await PointsAsync(Staging.Address, Production.Address));
        var staging = await CreateAsync("staging", Staging);
        Assert.Equal([staging.Name], await PointsAsync(Staging.Address, Production.Address));
        Assert.Equal([production.Name], await PointsAsync(Production.Address, Staging.Address));
        var failure = await Assert.ThrowsAsync<MetisException>(() => PointsAsync("renamed:8529"));
        Assert.Equal($"No snapshot of db in '{_fixture.Path}' is known to be of the server at renamed:8529, and it cannot be told whether it was one of these before: staging:8529, metis1:8529.", failure.Message);
    }

    [Fact]
    public async Task A_server_that_was_never_captured_is_not_well_because_another_one_moved()
    {
        await CreateAsync("production", Production);

        foreach (var (own, other) in ((string, string)[])[("moved:8529", Staging.Address), (Staging.Address, "moved:8529")])
        {
            Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<MetisException>(() => PointsAsync(own, other))).Code);
            var result = await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 1) with { Own = Own((own, 1), (other, 1)) }, Subject = new RetentionSubject("db", own) });
            Assert.Empty(result.Series);
        }
    }

    [Fact]
    public async Task A_server_set_up_anew_does_not_take_the_rules_away_from_the_snapshots_of_the_old_one()
    {
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync($"old {i}", Production);
            _fixture.Clock.Step(TimeSpan.FromDays(1));
        }

        await CreateAsync("new", Production with { Id = "12" });

        var result = await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 1) with { Own = Own((Production.Address, 3)) } });
        Assert.Empty(result.Removed);
        var place = new StorePlace(_fixture.Path, "db", _fixture.Clock) { Server = Production.Address };
        var finding = Assert.Single(await new StoreExamination(place, new StatusLimits { FreeWarningPercent = 0, FreeCriticalPercent = 0 }, _fixture.Clock).RunAsync(fix: false, StoreFixture.Token));
        Assert.Equal(
            (FindingSeverity.Note, $"3 snapshots of database 'db' in '{_fixture.Path}' are of metis1:8529 (server 11), which is the server of no target: no schedule removes any of them."),
            (finding.Severity, finding.Text));
    }

    [Fact]
    public async Task A_server_set_up_anew_is_known_by_what_it_was_restored_from_until_it_is_captured()
    {
        var anew = Production with { Id = "12" };
        var old = await CreateAsync("old", Production);
        var before = await CreateAsync("before the restore", anew, safety: true);
        Assert.Equal([before.Name, old.Name], await PointsAsync(Production.Address));
        Assert.Equal(old.Name, _fixture.Store.Find("latest", new LatestOf(Production.Address, [])).Name);

        await CreateAsync("before a restore there", Staging, safety: true);
        Assert.Empty(await PointsAsync(Staging.Address, Production.Address));

        var first = await CreateAsync("new", anew);
        Assert.Equal([first.Name, before.Name], await PointsAsync(Production.Address));
    }

    [Fact]
    public async Task Snapshots_of_older_versions_do_not_join_the_first_of_several_servers_that_is_captured()
    {
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync($"{Old} {i}", server: null);
            _fixture.Clock.Step(TimeSpan.FromDays(1));
        }

        var rules = Rules(last: 1) with { Own = Own((Production.Address, 3), (Staging.Address, 1)) };
        var before = await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = rules, Subject = new RetentionSubject("db", Staging.Address) });
        Assert.Equal("None of the snapshots of db can be told to be of the server at staging:8529, so nothing was looked at: they are of an unknown server.", Assert.Single(before.Warnings));
        await Assert.ThrowsAsync<MetisException>(() => PointsAsync(Staging.Address, Production.Address));

        var made = await CreateAsync("staging", Staging);
        await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = rules, Witness = made.Name });
        Assert.Equal(["staging", "retired 2", "retired 1", "retired 0"], _fixture.Store.List("db").Select(static one => one.Metadata!.Description));
        Assert.Equal([made.Name], await PointsAsync(Staging.Address, Production.Address));
        await Assert.ThrowsAsync<MetisException>(() => PointsAsync(Production.Address, Staging.Address));
    }

    [Fact]
    public async Task A_copy_of_a_server_that_calls_itself_the_same_is_counted_by_itself_where_it_is_a_target()
    {
        var copy = Production with { Address = Staging.Address };
        var production = await CreateAsync("production", Production);
        Assert.Empty(await PointsAsync(copy.Address, Production.Address));
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        await CreateAsync("copy 1", copy);
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        var made = await CreateAsync("copy 2", copy);

        await CleanUpAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(last: 1) with { Own = Own((Production.Address, 1), (copy.Address, 1)) }, Witness = made.Name });

        Assert.Equal(["copy 2", "production"], _fixture.Store.List("db").Select(static one => one.Metadata!.Description));
        Assert.Equal([production.Name], await PointsAsync(Production.Address, copy.Address));
        Assert.Equal(production.Name, _fixture.Store.Find("latest", new LatestOf(Production.Address, [Production.Address, copy.Address])).Name);
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<MetisException>(() => DeleteAsync(production, Production.Address, copy.Address))).Code);
    }

    private static Dictionary<RetentionSubject, RetentionPolicy> Own(params (string Address, int Last)[] servers) =>
        servers.ToDictionary(static one => new RetentionSubject("db", one.Address), static one => new RetentionPolicy { Last = one.Last });

    private static RetentionChoice Rules(int last) => new() { Usual = new RetentionPolicy { Last = last }, Safety = RetentionPolicy.Safety };

    private async Task<IReadOnlyList<string>> PointsAsync(string server, params string[] others) =>
        [.. (await new StorePlace(_fixture.Path, "db", _fixture.Clock) { Server = server, OtherServers = others }.ReadPointsAsync(StoreFixture.Token)).Where(static one => !one.IsForeign).Select(static one => one.Name)];

    private Task<CleanUpSnapshotsResult> CleanUpAsync(CleanUpSnapshotsRequest request) => new CleanUpSnapshots(_fixture.Clock).RunAsync(request, StoreFixture.Token);

    private Task<DeleteSnapshotResult> DeleteAsync(SnapshotEntry entry, params string[] apart) => new DeleteSnapshot(_fixture.Clock).RunAsync(
        new DeleteSnapshotRequest { StorePath = _fixture.Path, Name = entry.Name, Apart = apart, Approve = static (_, _) => ValueTask.FromResult(true) }, StoreFixture.Token);

    private async Task<SnapshotEntry> CreateAsync(string description, SnapshotServer? server, bool safety = false)
    {
        await using var writer = _fixture.Store.Begin("db", description);
        return await writer.CommitAsync(new Manifest { Database = "db", Collections = [] }, new SnapshotMetadata { Server = server, Safety = safety }, StoreFixture.Token);
    }
}
