using System.Text;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.History;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class ReadStatusTests : IDisposable
{
    private readonly StoreFixture _fixture = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-status-").FullName;

    private string HistoryPath => Path.Combine(_folder, "history.db");

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_store_with_a_fresh_snapshot_is_ok_and_no_history_is_made()
    {
        var entry = await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));

        var status = Assert.Single((await ReadAsync(Store())).Series);

        Assert.Equal((Health.Ok, entry.Name), (status.Health, status.Newest!.Name));
        Assert.InRange(status.Space!.FreePercent, 0.0001, 100);
        Assert.False(File.Exists(HistoryPath));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_unknown()
    {
        var report = await ReadAsync(new StorePlace(Path.Combine(_folder, "none"), "db", _fixture.Clock));

        Assert.Equal(Health.Unknown, report.Health);
        Assert.Contains("There is no snapshot store", Assert.Single(report.Series[0].Concerns).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_on_a_file_system_that_is_not_mounted_is_unknown_even_if_snapshots_lie_there()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        var promises = Path.Combine(_folder, "fstab");
        await File.WriteAllTextAsync(promises, $"# comment\n/dev/sdz1 {Path.GetDirectoryName(_fixture.Path)} ext4 defaults 0 2\n", TestContext.Current.CancellationToken);

        var report = await ReadAsync(new StorePlace(_fixture.Path, "db", _fixture.Clock) { PromisesPath = promises });

        Assert.Equal(Health.Unknown, report.Health);
        Assert.All(report.Series[0].Concerns, static one => Assert.Contains("is not mounted", one.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_store_of_which_the_history_knows_a_snapshot_is_unknown()
    {
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), 0) { Point = "metis_20260101_000000_x" });

        var report = await ReadAsync(Store());

        Assert.Equal(Health.Unknown, report.Health);
        Assert.Contains("mounted?", report.Series[0].Concerns[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_on_a_snapshot_of_another_server_say_nothing_of_this_one()
    {
        var own = await CreateAsync("production", "11", "metis1:8529");
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), 0) { Point = own.Name });
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), (int)ErrorCode.ServerFailed) { Message = "It did not answer." });
        _fixture.Clock.Step(TimeSpan.FromHours(1));
        var other = await CreateAsync("staging", "22", "staging:8529");
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), 0) { Point = other.Name });
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), 0) { Point = other.Name }, "verify");
        StorePlace Store(string server) => new(_fixture.Path, "db", _fixture.Clock) { Server = server };

        var report = await ReadAsync(Store("metis1:8529"), Store("staging:8529"));

        Assert.Equal((own.Name, 1), (report.Series[0].Newest!.Name, report.Series[0].Points!.Own));
        Assert.Equal([ConcernKind.Failed], report.Series[0].Concerns.Select(static one => one.Kind));
        Assert.Null(report.Series[0].Proof);
        Assert.Equal((Health.Ok, true), (report.Series[1].Health, report.Series[1].Proof!.Passed));
    }

    [Fact]
    public async Task A_damaged_history_is_unknown_and_the_rest_is_told()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        await File.WriteAllBytesAsync(HistoryPath, Encoding.UTF8.GetBytes(new string('x', 5000)), TestContext.Current.CancellationToken);

        var status = (await ReadAsync(Store())).Series[0];

        Assert.Equal((Health.Unknown, 1), (status.Health, status.Points!.Own));
    }

    [Fact]
    public async Task A_missing_zfs_is_unknown()
    {
        var settings = new DrSettings(DatasetName.Require("pool/data"), Path.Combine(_folder, "zfs"), _folder, Path.Combine(_folder, "log"));

        var status = (await ReadAsync(new DatasetPlace(settings, _fixture.Clock))).Series[0];

        Assert.Equal((Health.Unknown, "dr"), (status.Health, status.Tier));
        Assert.All(status.Concerns, static one => Assert.Equal(ConcernKind.Unread, one.Kind));
    }

    [Fact]
    public async Task One_part_that_hangs_does_not_blind_the_others()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));

        var report = await ReadAsync(new HangingPlace(), Store());

        Assert.Equal([Health.Unknown, Health.Ok], report.Series.Select(static one => one.Health));
        Assert.Contains("did not answer within 1 s", report.Series[0].Concerns[0].Text, StringComparison.Ordinal);
        Assert.Equal("hanging", report.Series[0].Concerns[^1].Text);
    }

    [Fact]
    public async Task A_part_that_hangs_is_not_asked_again_before_it_has_answered()
    {
        var (hanging, answer, asked) = (new HangingParts(), new TaskCompletionSource<string>(), 0);
        Task<Reading<string>> ReadAsync(TimeSpan patience) => new PatientReader(patience, hanging, TimeProvider.System).ReadAsync(
            "The store",
            _ =>
            {
                asked++;
                return answer.Task;
            },
            TestContext.Current.CancellationToken);

        Assert.Contains("did not answer within", (await ReadAsync(TimeSpan.FromMilliseconds(50))).Fault, StringComparison.Ordinal);
        Assert.Contains("still does not", (await ReadAsync(TimeSpan.FromMinutes(1))).Fault, StringComparison.Ordinal);
        Assert.Equal(1, asked);

        answer.SetResult("there");
        Assert.Equal("there", (await ReadAsync(TimeSpan.FromMinutes(1))).Value);
    }

    [Fact]
    public async Task Nothing_watched_is_not_ok() => Assert.Equal(Health.Unknown, (await ReadAsync()).Health);

    [Fact]
    public async Task Room_is_remembered_every_few_hours_once_there_is_a_history()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        Remember(new RunEnd(_fixture.Clock.GetUtcNow(), 0));
        await ReadAsync(Store());
        await ReadAsync(Store());

        using var history = RunHistory.Open(HistoryPath, _fixture.Clock);
        Assert.Single(history.Space(_fixture.Path, DateTimeOffset.UnixEpoch));
    }

    private StorePlace Store() => new(_fixture.Path, "db", _fixture.Clock);

    private async Task<SnapshotEntry> CreateAsync(string description, string id, string address)
    {
        await using var writer = _fixture.Store.Begin("db", description);
        return await writer.CommitAsync(new Manifest { Database = "db", Collections = [] }, new SnapshotMetadata { Server = new SnapshotServer { Id = id, Address = address } }, StoreFixture.Token);
    }

    private void Remember(RunEnd end, string operation = "create")
    {
        using var history = RunHistory.Open(HistoryPath, _fixture.Clock);
        history.Finish(history.Begin(new RunStart("operational:db", operation, RunCause.Command, end.Ended)), end);
    }

    private Task<StatusReport> ReadAsync(params IWatchedPlace[] places) => new ReadStatus(_fixture.Clock).RunAsync(
        new ReadStatusRequest
        {
            Series = [.. places.Select(static one => new WatchedSeries("t", one))],
            Limits = new StatusLimits(),
            HistoryPath = HistoryPath,
            Patience = TimeSpan.FromSeconds(places.OfType<HangingPlace>().Any() ? 1 : 60),
        },
        TestContext.Current.CancellationToken);

    /// <summary>A file system that does not answer, and cannot be told to stop.</summary>
    private sealed class HangingPlace : IWatchedPlace
    {
        private static readonly TaskCompletionSource Never = new();

        public string Tier => "operational";

        public string Subject => "hung";

        public string Series => "operational:hung";

        public string Place => "/hung";

        public async Task<IReadOnlyList<WatchedPoint>> ReadPointsAsync(CancellationToken cancellationToken)
        {
            await Never.Task;
            return [];
        }

        public Task<IReadOnlyList<Concern>> ReadTroublesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Concern>>([new Concern(ConcernKind.Pool, Health.Warning, "hanging")]);

        public Task<SpaceStatus> ReadSpaceAsync(CancellationToken cancellationToken) => throw new MetisException(ErrorCode.Denied, "No rights.");
    }
}
