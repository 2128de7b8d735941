using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CleanUpSnapshots"/> needs.</summary>
internal sealed record CleanUpSnapshotsRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>The rules.</summary>
    public required RetentionChoice Rules { get; init; }

    /// <summary>Only snapshots of this database, of whatever server; null for all.</summary>
    public string? Database { get; init; }

    /// <summary>Only snapshots of this database on this server; null for all.</summary>
    public RetentionSubject? Subject { get; init; }

    /// <summary>
    /// Name of a snapshot that is known to be there, the one just made: a listing without it is not believed, and only snapshots of its
    /// database and server are removed. Null when none is known.
    /// </summary>
    public string? Witness { get; init; }

    /// <summary>The directory of files whose trash is cleaned too; null for none.</summary>
    public BulkSettings? Files { get; init; }

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Also tell what will be there then; nothing is changed. Null for no look ahead.</summary>
    public RetentionHorizon? Horizon { get; init; }
}

/// <summary>What became of the snapshots of one series.</summary>
/// <param name="Database">The database; null when the snapshots do not tell it.</param>
/// <param name="Server">The server, by a name for people; null when the store knows one at most.</param>
/// <param name="IsSafety">States before restores.</param>
/// <param name="Policy">The rules in words.</param>
/// <param name="Items">Newest first.</param>
/// <param name="Forecast">What will be; null when nobody asked.</param>
internal sealed record CleanedSeries(string? Database, string? Server, bool IsSafety, string Policy, IReadOnlyList<PrunedItem> Items, RetentionForecast? Forecast);

/// <summary>What was, or would be, removed.</summary>
internal sealed record CleanUpSnapshotsResult
{
    /// <summary>False after a dry run and after a look ahead.</summary>
    public required bool Executed { get; init; }

    /// <summary>Sorted by database.</summary>
    public required IReadOnlyList<CleanedSeries> Series { get; init; }

    /// <summary>Bytes on the disk that were freed; null when unknown.</summary>
    public required long? FreedBytes { get; init; }

    /// <summary>What restores of files had put aside and is, or in a dry run would be, gone because it was kept long enough: folders of the trash.</summary>
    public IReadOnlyList<string> Trash { get; init; } = [];

    /// <summary>Things worth knowing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What is, or in a dry run would be, gone.</summary>
    public IReadOnlyList<PrunedItem> Removed => [.. Items.Where(static one => one.Outcome == PruneOutcome.Removed)];

    /// <summary>What should go and is still there, one sentence each.</summary>
    public IReadOnlyList<string> Obstacles =>
        [.. Items.Where(static one => one.Outcome is PruneOutcome.Skipped or PruneOutcome.Failed).Select(static one => $"{one.Name} should go but cannot: {one.Reason}")];

    /// <summary>Something that should go is still there.</summary>
    public bool Incomplete => Obstacles.Count > 0;

    private IEnumerable<PrunedItem> Items => Series.SelectMany(static one => one.Items);
}

/// <summary>Removes the operational snapshots that no rule keeps, by exact identity: each vanishes in one step, its files go afterwards.</summary>
internal sealed class CleanUpSnapshots(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 policy, 10 no such store, 12 it cannot be read, 16 the listing cannot be complete.</exception>
    public Task<CleanUpSnapshotsResult> RunAsync(CleanUpSnapshotsRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Run(request, cancellationToken), cancellationToken);

    private CleanUpSnapshotsResult Run(CleanUpSnapshotsRequest request, CancellationToken cancellationToken)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var all = StoreSeries.ReadAll(store, request.Subject?.Name ?? request.Database, request.Rules);
        var series = Chosen(all, request);
        var now = _clock.GetUtcNow();
        var plans = series.Select(one => (Series: one, Plan: RetentionPlanner.Plan(SeriesListing.Of(one.Name, one.Points, witness: null)!, request.Rules.Of(one), now))).ToList();
        var executes = !request.DryRun && request.Horizon is null;
        var removal = new Removal(store);
        var (trash, failures) = CleanTrash(request);
        return new CleanUpSnapshotsResult
        {
            Executed = executes,
            Series =
            [
                .. plans.Select(one => new CleanedSeries(
                    one.Series.Database,
                    one.Series.ServerName,
                    one.Series.IsSafety,
                    one.Plan.Policy.Sentence,
                    executes ? removal.Execute(one.Series, one.Plan, cancellationToken) : [.. one.Plan.Decisions.Select(Planned)],
                    Forecast(one.Series, one.Plan.Policy, request))),
            ],
            FreedBytes = executes ? removal.FreedBytes : null,
            Trash = trash,
            Warnings = [.. plans.SelectMany(static one => one.Plan.Warnings), .. series.Count == 0 && all.Count > 0 ? [Strangers(request.Subject!, all)] : Array.Empty<string>(), .. failures],
        };
    }

    /// <summary>A look ahead tells of snapshots only.</summary>
    private (IReadOnlyList<string> Folders, IReadOnlyList<string> Failures) CleanTrash(CleanUpSnapshotsRequest request) =>
        request.Files is { } files && request.Horizon is null ? Trash.Clean(files, request.DryRun, _clock) : ([], []);

    /// <summary>The series that the request is about.</summary>
    private static IReadOnlyList<StoreSeries> Chosen(IReadOnlyList<StoreSeries> all, CleanUpSnapshotsRequest request)
    {
        if (request.Witness is not { } witness)
        {
            return request.Subject is { } subject ? [.. all.Where(one => subject.Owns(one, request.Rules.Own.Keys))] : all;
        }

        var made = all.FirstOrDefault(one => one.Points.Any(point => point.Name == witness))
            ?? throw new MetisException(ErrorCode.ServerFailed, $"The listing of the store lacks {witness}, which was just made; nothing is removed on its word.", "look at the store, then run 'metis-backup cleanup'");
        return [.. all.Where(one => one.Database == made.Database && one.Server == made.Server)];
    }

    private static string Strangers(RetentionSubject subject, IReadOnlyList<StoreSeries> all) =>
        $"None of the snapshots of {subject.Name} can be told to be of the server at {subject.Address}, so nothing was looked at: they are of {string.Join(" and ", all.Select(static one => one.Servers.NameOf(one.Server)).Distinct(StringComparer.Ordinal))}.";

    private static PrunedItem Planned(RetentionDecision decision) =>
        new(decision.Point.Name, decision.Keep ? PruneOutcome.Kept : PruneOutcome.Removed, decision.Explanation);

    private static RetentionForecast? Forecast(StoreSeries series, RetentionPolicy policy, CleanUpSnapshotsRequest request) => request.Horizon is not { } horizon
        ? null
        : RetentionSimulation.Run(series.Name, series.Points, policy, series.IsSafety ? [] : horizon.Of(request.Rules.SubjectOf(series)), horizon.End);

    /// <summary>Carries plans out, one snapshot after the other, the oldest first.</summary>
    private sealed class Removal(SnapshotStore store)
    {
        private readonly SnapshotStore _store = store;

        /// <summary>Bytes that went; null when one could not be measured.</summary>
        public long? FreedBytes { get; private set; } = 0;

        public IReadOnlyList<PrunedItem> Execute(StoreSeries series, RetentionPlan plan, CancellationToken cancellationToken)
        {
            var outcomes = new Dictionary<string, PrunedItem>(StringComparer.Ordinal);

            // what was pinned or replaced since the plan was made is not what was planned to go
            var present = plan.Removals.Any() ? _store.List(database: null).ToDictionary(StoreSeries.IdentityOf, StringComparer.Ordinal) : [];
            foreach (var decision in plan.Removals)
            {
                cancellationToken.ThrowIfCancellationRequested();
                outcomes[decision.Point.Id] = present.TryGetValue(decision.Point.Id, out var entry) && entry.Permanent == series.Entries[decision.Point.Id].Permanent
                    ? Remove(entry, decision)
                    : new PrunedItem(decision.Point.Name, PruneOutcome.Skipped, "it was changed by another run meanwhile");
            }

            return [.. plan.Decisions.Select(decision => outcomes.TryGetValue(decision.Point.Id, out var outcome) ? outcome : Planned(decision))];
        }

        private PrunedItem Remove(SnapshotEntry entry, RetentionDecision decision)
        {
            var own = _store.MeasureOwnBytes(entry);
            try
            {
                _store.Delete(entry, force: false);
            }
            catch (MetisException failure)
            {
                return new PrunedItem(entry.Name, failure.Code is ErrorCode.Locked or ErrorCode.Refused ? PruneOutcome.Skipped : PruneOutcome.Failed, failure.Message);
            }

            FreedBytes += own;
            return Planned(decision);
        }
    }
}
