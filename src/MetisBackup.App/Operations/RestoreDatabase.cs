using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="RestoreDatabase"/> needs.</summary>
internal sealed record RestoreDatabaseRequest
{
    /// <summary>The server to write to.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>. Safety snapshots never count as the latest.</summary>
    public required string Name { get; init; }

    /// <summary>Only these collections; empty for all.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>Target database; null for the one the snapshot was taken of. Created when missing.</summary>
    public string? Into { get; init; }

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Called with the name of the state before, or null when there was nothing to save, right before the first change.</summary>
    public Action<string?>? Begun { get; init; }

    /// <summary>Make every collection anew, however little differs.</summary>
    public bool Full { get; init; }

    /// <summary>
    /// Nobody is going to be asked: <see cref="Approve"/> only shows the plan. The safety snapshot then comes first, and the plan is made
    /// from it without asking the server again.
    /// </summary>
    public bool IsApproved { get; init; }

    /// <summary>Asked once with the plan before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>.</summary>
    public required Func<RestorePlan, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>What was restored and how it was proven.</summary>
internal sealed record RestoreDatabaseResult
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The database that was written to.</summary>
    public required string Database { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>What was (or would be) done.</summary>
    public required RestorePlan Plan { get; init; }

    /// <summary>Name of the snapshot of the state before; null when there was nothing to save (new database, dry run).</summary>
    public string? SafetySnapshot { get; init; }

    /// <summary>
    /// Name of a snapshot of the state after, taken because the server did not keep the revisions: compared with it, what is there now is
    /// unchanged. Null when revisions were kept.
    /// </summary>
    public string? BaselineSnapshot { get; init; }

    /// <summary>Documents written.</summary>
    public long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public long DocumentBytes { get; init; }

    /// <summary>Every document has the revision it had in the snapshot.</summary>
    public bool RevisionsKept { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>One entry per restored collection, ordered by name; empty after a dry run.</summary>
    public IReadOnlyList<CollectionProof> Collections { get; init; } = [];

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// Makes a database equal to a snapshot: verifies the snapshot, plans, takes a safety snapshot, writes, removes what the snapshot does
/// not know, and proves the result against the server.
/// </summary>
internal sealed class RestoreDatabase(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;
    private readonly List<string> _warnings = [];

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name or misplaced collection, 10 no such snapshot or collection, 11 another restore of that database, 12 rights,
    /// 13 damaged or proof failed, 14 hidden collections, 15 not approved, 16 server, 17 no space for the safety snapshot.</exception>
    public async Task<RestoreDatabaseResult> RunAsync(RestoreDatabaseRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        using var reader = store.OpenReader(store.Find(request.Name));
        var database = ServerNames.RequireDatabase(request.Into ?? reader.Manifest.Database);
        RequireCollections(request, reader, database);
        using var client = ServerClients.Open(request.Server, _clock);
        var exists = await RequireAccessAsync(client, database, cancellationToken);
        var snapshot = await SnapshotContents.ReadAsync(reader, database, cancellationToken);
        var run = new Run(request, new RestoreGoal(reader.Entry.Name, database, exists, request.Collections, request.Full), snapshot, store, client);
        if (request.DryRun || !request.IsApproved)
        {
            var plan = await PlanFromServerAsync(run, cancellationToken);
            if (request.DryRun)
            {
                await new SnapshotCheck(_progress).RequireSoundAsync(reader, plan, cancellationToken);
                return Result(run, plan) with { Duration = _clock.GetElapsedTime(started) };
            }

            await RequireApprovalAsync(request, plan, cancellationToken);
        }

        _warnings.AddRange(UnprovenCollections.Warn(reader.Manifest, request.Collections));
        using var journal = RestoreJournal.Begin(store, await DescribeAsync(run, cancellationToken));
        _warnings.AddRange(journal.Damaged.Select(static path => $"{path} told of an earlier restore but is damaged; remove it when the database is as you want it. The state before that restore is one of the snapshots that 'list' shows."));
        var result = await ExecuteAsync(run, journal, cancellationToken);
        return result with { Duration = _clock.GetElapsedTime(started) };
    }

    private sealed record Run(RestoreDatabaseRequest Request, RestoreGoal Goal, SnapshotContents Snapshot, SnapshotStore Store, ArangoClient Client)
    {
        public string Database => Goal.Database;
    }

    private static RestoreDatabaseResult Result(Run run, RestorePlan plan) =>
        new() { Snapshot = run.Goal.Snapshot, Database = run.Database, Executed = false, Plan = plan };

    private static async Task RequireApprovalAsync(RestoreDatabaseRequest request, RestorePlan plan, CancellationToken cancellationToken)
    {
        if (!await request.Approve(plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The restore of database {plan.Database} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }
    }

    private static async Task<RestoreStart> PlanAsync(Run run, ILiveDatabase live, CancellationToken cancellationToken)
    {
        var comparer = new DatabaseComparer(run.Goal, run.Snapshot, live);
        var comparison = await comparer.RunAsync(cancellationToken);
        return new RestoreStart(live, RestorePlanner.Plan(run.Goal, run.Snapshot.Facts, live.Contents.Facts, comparison), comparer.Ready);
    }

    private static async Task<RestorePlan> PlanFromServerAsync(Run run, CancellationToken cancellationToken)
    {
        if (!run.Goal.TargetExists)
        {
            return RestorePlanner.Plan(run.Goal, run.Snapshot.Facts, DatabaseContents.Empty, DatabaseComparison.None);
        }

        var live = await ServerDatabase.ReadAsync(run.Client, run.Database, run.Snapshot.Reader, cancellationToken);
        return (await PlanAsync(run, live, cancellationToken)).Plan;
    }

    /// <summary>Saves the present state, unless an earlier attempt did, and makes the plan from what was saved.</summary>
    private async Task<RestoreDatabaseResult> ExecuteAsync(Run run, RestoreJournal journal, CancellationToken cancellationToken)
    {
        if (!run.Goal.TargetExists)
        {
            return await ExecuteAsync(run, await PlanFromServerAsync(run, cancellationToken), start: null, (journal, Safety: null), cancellationToken);
        }

        if (Kept(run.Store, journal) is { } kept)
        {
            var now = await PlanAsync(run, await ServerDatabase.ReadAsync(run.Client, run.Database, run.Snapshot.Reader, cancellationToken), cancellationToken);
            return await ExecuteAsync(run, now.Plan, now, (journal, kept), cancellationToken);
        }

        var saved = await SaveAsync(run, cancellationToken);
        try
        {
            using var reader = run.Store.OpenReader(saved);
            var live = new SavedDatabase(await SnapshotContents.ReadAsync(reader, run.Database, cancellationToken), run.Snapshot.Reader);
            var start = await PlanAsync(run, live, cancellationToken);
            return await ExecuteAsync(run, start.Plan, start, (journal, saved.Name), cancellationToken);
        }
        catch when (!journal.IsStarted)
        {
            // Nothing was changed, so there is nothing to go back to.
            run.Store.Delete(saved, force: true);
            throw;
        }
    }

    private async Task<RestoreDatabaseResult> ExecuteAsync(
        Run run, RestorePlan plan, RestoreStart? start, (RestoreJournal Journal, string? Safety) before, CancellationToken cancellationToken)
    {
        var (journal, safety) = before;
        if (run.Request.IsApproved)
        {
            await RequireApprovalAsync(run.Request, plan, cancellationToken);
        }

        await new SnapshotCheck(_progress).RequireSoundAsync(run.Snapshot.Reader, plan, cancellationToken);
        journal.Start(safety);
        run.Request.Begun?.Invoke(journal.Entry.SafetySnapshot);
        var (outcome, proofs) = await ChangeAsync(run, plan, start, journal, cancellationToken);
        journal.Complete();
        var baseline = outcome.NewRevisions.Any(static name => name != SystemCollections.Users) ? await SaveBaselineAsync(run, cancellationToken) : null;
        return Result(run, plan) with
        {
            Executed = true,
            SafetySnapshot = safety,
            BaselineSnapshot = baseline,
            Documents = outcome.Documents,
            DocumentBytes = outcome.Bytes,
            RevisionsKept = outcome.NewRevisions.Count == 0,
            Collections = proofs,
            Warnings = [.. _warnings, .. outcome.Warnings],
        };
    }

    private async Task<RestoreJournalEntry> DescribeAsync(Run run, CancellationToken cancellationToken) => new()
    {
        Database = run.Database,
        Server = await new ServerInquiry(run.Client, run.Goal.TargetExists ? run.Database : null).ReadIdentityAsync(cancellationToken),
        Endpoint = run.Client.Endpoint,
        Snapshot = run.Goal.Snapshot,
        Collections = run.Request.Collections,
        Started = _clock.GetUtcNow(),
    };

    /// <summary>The safety snapshot of the attempt that this one finishes or takes back, as long as it is there.</summary>
    private static string? Kept(SnapshotStore store, RestoreJournal journal) =>
        journal.SavedBefore is { } name && store.List(database: null).Any(one => one.Name == name) ? name : null;

    private static void RequireCollections(RestoreDatabaseRequest request, SnapshotReader reader, string database)
    {
        var held = reader.Manifest.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = request.Collections.Where(name => !held.Contains(name)).Select(QuotedName.Of).ToList();
        if (unknown.Count > 0)
        {
            throw new MetisException(
                ErrorCode.NotFound,
                $"Snapshot {reader.Entry.Name} holds no collection {string.Join(", ", unknown)}.",
                $"it holds {string.Join(", ", held.Where(static name => name[0] != '_').Order(StringComparer.Ordinal).Take(20))}");
        }

        if (request.Collections.FirstOrDefault(name => !SystemCollections.CanBeRestoredInto(name, database)) is { } misplaced)
        {
            throw new MetisException(
                ErrorCode.Usage,
                $"Collection {QuotedName.Of(misplaced)} cannot be restored into database {QuotedName.Of(database)}: the server keeps accounts in {SystemCollections.Database} only.",
                $"leave out --collection {misplaced}, or restore into {SystemCollections.Database}");
        }
    }

    /// <summary>Whether the target exists; fails before anything is touched when it could not be written to.</summary>
    private static async Task<bool> RequireAccessAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        var exists = await new ServerInquiry(client, database).DatabaseExistsAsync(cancellationToken);
        var inquiry = new ServerInquiry(client, exists ? database : null);
        await inquiry.DescribeAsync(cancellationToken);
        await inquiry.RequireWritableAsync(cancellationToken);
        return await inquiry.ReadRightsAsync(cancellationToken) is { IsAdministrator: false }
            ? throw new MetisException(
                ErrorCode.Denied,
                $"User {client.User} may not restore into database {database}: system collections can be written by administrators only.",
                $"use an administrator, or grant rw on _system: PUT /_api/user/{client.User}/database/_system with {{\"grant\":\"rw\"}}")
            : exists;
    }

    /// <summary>Law 4: nothing is overwritten before it is safe elsewhere.</summary>
    private async Task<SnapshotEntry> SaveAsync(Run run, CancellationToken cancellationToken)
    {
        _progress.BeginPhase(OperationPhase.SafetySnapshot, WorkTotal.Unknown);
        var name = await SaveAsync(run, $"Before restore of {run.Goal.Snapshot}", cancellationToken);
        return run.Store.List(run.Database).Single(one => one.Name == name);
    }

    /// <summary>
    /// The documents that got new revisions would count as changed for ever. Saved once, they are what later snapshots share and what a
    /// restore to this state compares with. The database is restored all the same when this fails.
    /// </summary>
    private async Task<string?> SaveBaselineAsync(Run run, CancellationToken cancellationToken)
    {
        try
        {
            return await SaveAsync(run, $"After restore of {run.Goal.Snapshot}", cancellationToken);
        }
        catch (MetisException error)
        {
            _warnings.Add($"The restored state could not be saved with its new revisions, so the next snapshot reads more than it had to: {error.Message}");
            return null;
        }
    }

    private async Task<string> SaveAsync(Run run, string description, CancellationToken cancellationToken)
    {
        var saved = await new CreateSnapshot(_clock, new QuietPhases(_progress)).RunAsync(
            new CreateSnapshotRequest
            {
                Server = run.Request.Server,
                StorePath = run.Request.StorePath,
                Database = run.Database,
                Description = description,
                Safety = true,
            },
            cancellationToken);
        _warnings.AddRange(saved.Warnings);
        return saved.Name;
    }

    private async Task<(RestoreOutcome Outcome, IReadOnlyList<CollectionProof> Proofs)> ChangeAsync(
        Run run, RestorePlan plan, RestoreStart? start, RestoreJournal journal, CancellationToken cancellationToken)
    {
        var (client, snapshot) = (run.Client, run.Snapshot);
        try
        {
            if (start is null)
            {
                await new ServerInquiry(client, database: null).CreateDatabaseAsync(plan.Database, snapshot.Reader.Manifest.DatabaseProperties, cancellationToken);
                var made = await ServerDatabase.ReadAsync(client, plan.Database, snapshot.Reader, cancellationToken);
                start = new RestoreStart(made, plan, new Dictionary<string, DifferencePart>(StringComparer.Ordinal));
            }

            var outcome = await new RestoreExecution(client, snapshot, start, _progress).RunAsync(cancellationToken);
            _progress.BeginPhase(OperationPhase.Proving, WorkTotal.Unknown);
            return (outcome, await new RestoreProof(client, plan, snapshot, start.Database.Contents).RunAsync(outcome.NewRevisions, cancellationToken));
        }
        catch (MetisException error)
        {
            throw new MetisException(
                error.Code,
                $"{error.Message} The restore of database {plan.Database} is unfinished.",
                $"{(error.Hint is { } hint ? hint + "; " : "")}run the same command again to finish it"
                + (journal.Entry.SafetySnapshot is { } safety ? $", or restore {safety} to go back" : ""),
                error);
        }
    }
}
