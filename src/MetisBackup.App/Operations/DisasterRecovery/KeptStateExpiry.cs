using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Decides whether a kept state may go. It took snapshots with it when it was replaced, and not all of them are retention's to remove.</summary>
/// <param name="reader">Asks ZFS.</param>
/// <param name="now">The present.</param>
internal sealed class KeptStateExpiry(ZfsReader reader, DateTimeOffset now)
{
    private readonly ZfsReader _reader = reader;
    private readonly DateTimeOffset _now = now;

    /// <summary>What becomes of a state.</summary>
    public async Task<PrunedItem> DecideAsync(KeptState state, CancellationToken cancellationToken)
    {
        var name = state.Dataset.Value;
        if (state.Expires is not { } end || end > _now)
        {
            return new PrunedItem(name, PruneOutcome.Kept, state.Expires is { } later ? $"state {state.Kind}, kept until {later:yyyy-MM-dd HH:mm} UTC" : $"state {state.Kind}, kept for ever");
        }

        return await LastingAsync(state.Dataset, cancellationToken) is { Count: > 0 } lasting
            ? new PrunedItem(name, PruneOutcome.Skipped, $"expired, but snapshots went with it that are never pruned: {Some(lasting)}; when nobody needs them: zfs destroy -r {name}")
            : new PrunedItem(name, PruneOutcome.Removed, $"state {state.Kind} on {state.Since:yyyy-MM-dd}, expired");
    }

    /// <summary>Snapshots on the state and below it that have a label of their own, or another maker.</summary>
    private async Task<List<string>> LastingAsync(DatasetName state, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var dataset in await _reader.ListTreeAsync(state, cancellationToken))
        {
            var snapshots = await _reader.ListSnapshotsAsync(dataset, cancellationToken);
            found.AddRange(snapshots.Where(static one => !IsPruned(one.Name)).Select(static one => one.FullName));
        }

        return found;
    }

    private static bool IsPruned(string snapshot) =>
        DrSnapshotName.TryParse(snapshot, out var name) && name.Label is DrSnapshotName.Nightly or DrSnapshotName.BeforeRollback;

    private static string Some(List<string> names) => names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";
}
