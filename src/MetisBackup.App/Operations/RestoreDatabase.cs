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
        await new SnapshotCheck(_progress).RequireSoundAsync(reader, cancellationToken);
        var snapshot = await SnapshotContents.ReadAsync(reader, database, cancellationToken);
        var live = exists ? await LiveContents.ReadAsync(client, database, cancellationToken) : LiveContents.Absent;
        var plan = RestorePlanner.Plan(new RestoreGoal(reader.Entry.Name, database, exists, request.Collections), snapshot.Facts, live.Facts);
        var result = new RestoreDatabaseResult { Snapshot = reader.Entry.Name, Database = database, Executed = false, Plan = plan };
        if (request.DryRun)
        {
            return result with { Duration = _clock.GetElapsedTime(started) };
        }

        if (!await request.Approve(plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The restore of database {database} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }

        _warnings.AddRange(UnprovenCollections.Warn(reader.Manifest, request.Collections));
        using var journal = RestoreJournal.Begin(store, await DescribeAsync(request, plan, client, cancellationToken));
        _warnings.AddRange(journal.Damaged.Select(static path => $"{path} told of an earlier restore but is damaged; remove it when the database is as you want it. The state before that restore is one of the snapshots that 'list' shows."));
        result = result with { SafetySnapshot = exists ? Kept(store, journal) ?? await SaveAsync(request, plan, cancellationToken) : null };
        journal.Start(result.SafetySnapshot);
        request.Begun?.Invoke(journal.Entry.SafetySnapshot);
        var (outcome, proofs) = await ChangeAsync(client, plan, snapshot, live, journal, cancellationToken);
        journal.Complete();
        return result with
        {
            Executed = true,
            Documents = outcome.Documents,
            DocumentBytes = outcome.Bytes,
            RevisionsKept = outcome.NewRevisions.Count == 0,
            Duration = _clock.GetElapsedTime(started),
            Collections = proofs,
            Warnings = [.. _warnings, .. outcome.Warnings],
        };
    }

    private async Task<RestoreJournalEntry> DescribeAsync(
        RestoreDatabaseRequest request, RestorePlan plan, ArangoClient client, CancellationToken cancellationToken) => new()
        {
            Database = plan.Database,
            Server = await new ServerInquiry(client, plan.CreatesDatabase ? null : plan.Database).ReadIdentityAsync(cancellationToken),
            Endpoint = client.Endpoint,
            Snapshot = plan.Snapshot,
            Collections = request.Collections,
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
    private async Task<string> SaveAsync(RestoreDatabaseRequest request, RestorePlan plan, CancellationToken cancellationToken)
    {
        _progress.BeginPhase(OperationPhase.SafetySnapshot, WorkTotal.Unknown);
        var saved = await new CreateSnapshot(_clock, new QuietPhases(_progress)).RunAsync(
            new CreateSnapshotRequest
            {
                Server = request.Server,
                StorePath = request.StorePath,
                Database = plan.Database,
                Description = $"Before restore of {plan.Snapshot}",
                Safety = true,
            },
            cancellationToken);
        _warnings.AddRange(saved.Warnings);
        return saved.Name;
    }

    private async Task<(RestoreOutcome Outcome, IReadOnlyList<CollectionProof> Proofs)> ChangeAsync(
        ArangoClient client, RestorePlan plan, SnapshotContents snapshot, LiveContents live, RestoreJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            if (plan.CreatesDatabase)
            {
                await new ServerInquiry(client, database: null).CreateDatabaseAsync(plan.Database, snapshot.Reader.Manifest.DatabaseProperties, cancellationToken);
                live = await LiveContents.ReadAsync(client, plan.Database, cancellationToken);
            }

            var outcome = await new RestoreExecution(client, plan, snapshot, live, _progress).RunAsync(cancellationToken);
            _progress.BeginPhase(OperationPhase.Proving, WorkTotal.Unknown);
            return (outcome, await new RestoreProof(client, plan, snapshot, live).RunAsync(outcome.NewRevisions, cancellationToken));
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
