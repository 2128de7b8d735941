using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="DeleteSnapshot"/> needs.</summary>
internal sealed record DeleteSnapshotRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name or unique prefix; <c>latest</c> is refused for deletion.</summary>
    public required string Name { get; init; }

    /// <summary>Also a permanent one, or the newest of its database.</summary>
    public bool Force { get; init; }

    /// <summary>Addresses that are of different servers, whatever these call themselves.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>Asked once before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>.</summary>
    public required Func<SnapshotSummary, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>What was deleted.</summary>
/// <param name="Name">Full name.</param>
/// <param name="FreedBytes">What it alone held on disk; null when unknown.</param>
internal sealed record DeleteSnapshotResult(string Name, long? FreedBytes);

/// <summary>Deletes one snapshot: it vanishes from the listing at once, its files afterwards.</summary>
internal sealed class DeleteSnapshot(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name or <c>latest</c>, 10 no such snapshot, 11 in use, 15 permanent, newest or not approved.</exception>
    public async Task<DeleteSnapshotResult> RunAsync(DeleteSnapshotRequest request, CancellationToken cancellationToken)
    {
        if (SnapshotStore.IsLatest(request.Name))
        {
            throw new MetisException(ErrorCode.Usage, "A snapshot to delete must be named.", "'metis-backup list' shows the names");
        }

        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var entry = store.Find(request.Name);
        RequireDeletable(store, entry, request);
        var summary = SnapshotSummaries.Of(entry) with { OwnBytes = store.MeasureOwnBytes(entry) };
        if (!await request.Approve(summary, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The deletion of {entry.Name} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }

        await Task.Run(() => store.Delete(entry, request.Force), cancellationToken);
        return new DeleteSnapshotResult(entry.Name, summary.OwnBytes);
    }

    /// <summary>The newest complete one of a database is the one that a user will want back.</summary>
    private static void RequireDeletable(SnapshotStore store, SnapshotEntry entry, DeleteSnapshotRequest request)
    {
        if (request.Force)
        {
            return;
        }

        var listed = store.List(entry.Database);
        var servers = KnownServers.Of(listed.Select(static one => one.Server), request.Apart);
        var newest = listed.FirstOrDefault(one => one.IsWhole && one.Metadata?.Safety != true && servers.KeyOf(one.Server) == servers.KeyOf(entry.Server));
        if (newest?.Name == entry.Name)
        {
            throw new MetisException(
                ErrorCode.Refused, $"Snapshot {entry.Name} is the newest complete one of database {entry.Database}.", "take another one first, or delete it with --force");
        }

        if (RestoreJournal.FindUnfinished(store).Any(one => one.Needs(entry.Name)))
        {
            throw new MetisException(
                ErrorCode.Refused, $"An unfinished restore needs snapshot {entry.Name}.", "finish that restore first, or delete it with --force");
        }
    }
}
