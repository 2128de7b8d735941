using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Restore;
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

    /// <summary>Called right before the first change with the names of the states that were saved, the one before the restore first; none when there was nothing to save.</summary>
    public Action<IReadOnlyList<string>>? Begun { get; init; }

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

    /// <summary>
    /// Name of the snapshot of the state before, which undoes the whole; null when there was nothing to save (new database, dry run). Where
    /// this run finished an earlier attempt it is the state before that one.
    /// </summary>
    public string? SafetySnapshot { get; init; }

    /// <summary>Names of the snapshots of what lay there whenever an unfinished attempt was taken up again, oldest first.</summary>
    public IReadOnlyList<string> InterimSnapshots { get; init; } = [];

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

    /// <summary>Number of files beside the database that the snapshot holds; null when it holds none.</summary>
    public long? HeldFiles { get; init; }

    /// <summary>What was done to the files beside the database; null when they were left as they are.</summary>
    public RestoreFilesResult? Files { get; init; }

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// Makes a database equal to a snapshot: plans, takes a safety snapshot, verifies what is used of the snapshot, writes, removes what the
/// snapshot does not know, and proves the result against the server.
/// </summary>
internal sealed class RestoreDatabase(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name or misplaced collection, 10 no such snapshot or collection, 11 another restore of that database, 12 rights,
    /// 13 damaged or proof failed, 14 hidden collections, 15 not approved or impossible for these collections alone, 16 server, 17 no space for the safety snapshot.</exception>
    public async Task<RestoreDatabaseResult> RunAsync(RestoreDatabaseRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        await using var opened = await OpenedSnapshot.OpenAsync(store, store.Find(request.Name), request.Into, _progress, cancellationToken);
        var reader = opened.Reader;
        var database = ServerNames.RequireDatabase(request.Into ?? reader.Manifest.Database);
        RestoreTarget.RequireCollections(request.Collections, reader, database);
        using var client = ServerClients.Open(request.Server, _clock);
        var exists = await RestoreTarget.RequireAccessAsync(client, database, cancellationToken);
        var snapshot = await SnapshotContents.ReadAsync(reader, database, cancellationToken);
        var run = new RestoreRun(request, new RestoreGoal(reader.Entry.Name, database, exists, request.Collections, request.Full), snapshot, store, client);
        var description = await DescribeAsync(run, cancellationToken);
        if (request.DryRun || !request.IsApproved)
        {
            var plan = await RestorePlanning.FromServerAsync(run, RestoreJournal.FindViews(store, description), cancellationToken);
            if (request.DryRun)
            {
                await new SnapshotCheck(_progress).RequireSoundAsync(reader, plan, cancellationToken);
                return Result(run, plan) with { Duration = _clock.GetElapsedTime(started) };
            }

            await RequireApprovalAsync(request, plan, cancellationToken);
        }

        using var journal = RestoreJournal.Begin(store, description);
        if (journal.TakenOver is { } dead)
        {
            _progress.Note(dead);
        }

        var result = await ExecuteAsync(run, journal, cancellationToken);
        var warnings = opened.Warnings.Concat(UnprovenCollections.Warn(reader.Manifest, request.Collections))
            .Concat(journal.Damaged.Select(static path => $"{path} told of an earlier restore but is damaged; remove it when the database is as you want it. The state before that restore is one of the snapshots that 'list' shows."));
        return result with { Warnings = [.. warnings, .. result.Warnings], Duration = _clock.GetElapsedTime(started) };
    }

    private static RestoreDatabaseResult Result(RestoreRun run, RestorePlan plan) =>
        new() { Snapshot = run.Goal.Snapshot, Database = run.Database, Executed = false, Plan = plan, HeldFiles = run.Snapshot.Reader.Manifest.Bulk?.Files };

    private static async Task RequireApprovalAsync(RestoreDatabaseRequest request, RestorePlan plan, CancellationToken cancellationToken)
    {
        if (!await request.Approve(plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The restore of database {plan.Database} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }
    }

    private async Task<RestoreJournalEntry> DescribeAsync(RestoreRun run, CancellationToken cancellationToken) => new()
    {
        Database = run.Database,
        Server = await new ServerInquiry(run.Client, run.Goal.TargetExists ? run.Database : null).ReadServerIdAsync(cancellationToken) ?? run.Client.Endpoint,
        Endpoint = run.Client.Endpoint,
        Snapshot = run.Goal.Snapshot,
        Collections = run.Request.Collections,
        Started = _clock.GetUtcNow(),
    };

    /// <summary>Saves the present state and makes the plan from what was saved.</summary>
    private async Task<RestoreDatabaseResult> ExecuteAsync(RestoreRun run, RestoreJournal journal, CancellationToken cancellationToken)
    {
        var saving = new StateSaving(_clock, run, _progress);
        if (!run.Goal.TargetExists)
        {
            var plan = await RestorePlanning.FromServerAsync(run, [], cancellationToken);
            await PrepareAsync(run, plan, cancellationToken);
            Begin(run, journal, saved: null, []);
            return await ChangeAsync(run, token => MakeDatabaseAsync(run, plan, token), (journal, saving), cancellationToken);
        }

        if (journal.Earlier.Count > 0)
        {
            // nothing else would remove them where only some collections are restored
            await new RevisionProbe(run.Client, run.Database).RemoveLeftoversAsync(cancellationToken);
        }

        var saved = await saving.SaveBeforeAsync(cancellationToken);
        try
        {
            using var reader = run.Store.OpenReader(saved);
            var start = await RestorePlanning.FromSavedAsync(run, reader, journal.Views, cancellationToken);
            await PrepareAsync(run, start.Plan, cancellationToken);
            Begin(run, journal, saved.Name, start.Removed);
            return await ChangeAsync(run, _ => Task.FromResult(start), (journal, saving), cancellationToken);
        }
        catch when (!journal.IsStarted)
        {
            // Nothing was changed, so there is nothing to go back to.
            run.Store.Delete(saved, force: true);
            throw;
        }
    }

    private async Task PrepareAsync(RestoreRun run, RestorePlan plan, CancellationToken cancellationToken)
    {
        if (run.Request.IsApproved)
        {
            await RequireApprovalAsync(run.Request, plan, cancellationToken);
        }

        await new SnapshotCheck(_progress).RequireSoundAsync(run.Snapshot.Reader, plan, cancellationToken);
    }

    private static void Begin(RestoreRun run, RestoreJournal journal, string? saved, IEnumerable<RestoreJournalView> removed)
    {
        journal.Start(saved, removed);
        run.Request.Begun?.Invoke(journal.Entry.SafetySnapshot is { } safety ? [safety, .. journal.Entry.InterimSnapshots] : []);
    }

    private static async Task<RestoreStart> MakeDatabaseAsync(RestoreRun run, RestorePlan plan, CancellationToken cancellationToken)
    {
        await new ServerInquiry(run.Client, database: null).CreateDatabaseAsync(plan.Database, run.Snapshot.Reader.Manifest.DatabaseProperties, cancellationToken);
        var made = await ServerDatabase.ReadAsync(run.Client, plan.Database, run.Snapshot.Reader, cancellationToken);
        return new RestoreStart(made, made.Contents, plan, new Dictionary<string, DifferencePart>(StringComparer.Ordinal));
    }

    private async Task<RestoreDatabaseResult> ChangeAsync(
        RestoreRun run, Func<CancellationToken, Task<RestoreStart>> begin, (RestoreJournal Journal, StateSaving Saving) states, CancellationToken cancellationToken)
    {
        var (journal, saving) = states;
        RestoreStart start;
        RestoreOutcome outcome;
        IReadOnlyList<CollectionProof> proofs;
        try
        {
            start = await begin(cancellationToken);
            outcome = await new RestoreExecution(run.Client, run.Snapshot, start, _progress).RunAsync(cancellationToken);
            _progress.BeginPhase(OperationPhase.Proving, WorkTotal.Unknown);
            proofs = await new RestoreProof(run.Client, start.Plan, run.Snapshot, start.Before).RunAsync(outcome.NewRevisions, cancellationToken);
        }
        catch (MetisException error)
        {
            throw Unfinished(error, run, journal.Entry);
        }

        journal.Complete();
        var baseline = outcome.NewRevisions.Any(static name => name != SystemCollections.Users) ? await saving.TrySaveAfterAsync(cancellationToken) : null;
        return Result(run, start.Plan) with
        {
            Executed = true,
            SafetySnapshot = journal.Entry.SafetySnapshot,
            InterimSnapshots = journal.Entry.InterimSnapshots,
            BaselineSnapshot = baseline,
            Documents = outcome.Documents,
            DocumentBytes = outcome.Bytes,
            RevisionsKept = outcome.NewRevisions.Count == 0,
            Collections = proofs,
            Warnings = [.. saving.Warnings, .. outcome.Warnings],
        };
    }

    private static MetisException Unfinished(MetisException error, RestoreRun run, RestoreJournalEntry entry) => new(
        error.Code,
        $"{error.Message} The restore of database {run.Database} is unfinished.",
        $"{(error.Hint is { } hint ? hint + "; " : "")}run the same command again to finish it"
        + (entry.SafetySnapshot is { } safety ? $", or restore {safety} to go back" : ""),
        error);
}
