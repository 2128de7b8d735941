using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="PinSnapshot"/> needs.</summary>
internal sealed record PinSnapshotRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True pins, false unpins.</summary>
    public required bool Permanent { get; init; }

    /// <summary>Why, in the user's words; null when nothing is said.</summary>
    public string? Reason { get; init; }

    /// <summary>From then on it is an ordinary snapshot again; null for never.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>The new state.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Permanent">Whether retention must keep it.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="Until">When that ends; null for never.</param>
/// <param name="Changed">False when it was so already.</param>
internal sealed record PinSnapshotResult(string Name, bool Permanent, string? Reason, DateTimeOffset? Until, bool Changed);

/// <summary>Makes a snapshot permanent, or not.</summary>
internal sealed class PinSnapshot(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot, 12, 17 as the disk says.</exception>
    public Task<PinSnapshotResult> RunAsync(PinSnapshotRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Pin(request), cancellationToken);

    private PinSnapshotResult Pin(PinSnapshotRequest request)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var entry = store.Find(request.Name);
        var changes = entry.Permanent != request.Permanent || (request.Permanent && (entry.Pin?.Reason != request.Reason || entry.Pin?.Until != request.Until));
        if (changes)
        {
            _ = store.SetPermanent(entry, request.Permanent, request.Reason, request.Until);
        }

        return new PinSnapshotResult(entry.Name, request.Permanent, request.Reason, request.Until, changes);
    }
}
