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
}

/// <summary>The new state.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Permanent">Whether retention must keep it.</param>
/// <param name="Changed">False when it was so already.</param>
internal sealed record PinSnapshotResult(string Name, bool Permanent, bool Changed);

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
        if (entry.Permanent == request.Permanent)
        {
            return new PinSnapshotResult(entry.Name, entry.Permanent, Changed: false);
        }

        return new PinSnapshotResult(entry.Name, store.SetPermanent(entry, request.Permanent).Permanent, Changed: true);
    }
}
