using MetisBackup.Core.Errors;

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

    /// <summary>Asked once before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>.</summary>
    public required Func<SnapshotSummary, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>What was deleted.</summary>
/// <param name="Name">Full name.</param>
/// <param name="FreedBytes">Size on disk; null when unknown.</param>
internal sealed record DeleteSnapshotResult(string Name, long? FreedBytes);

/// <summary>Deletes one snapshot: it vanishes from the listing at once, its files afterwards.</summary>
internal sealed class DeleteSnapshot(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot, 11 in use, 15 permanent, newest or not approved.</exception>
    public Task<DeleteSnapshotResult> RunAsync(DeleteSnapshotRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        throw new MetisException(ErrorCode.Unexpected, $"delete of {request.Name} is not built in yet at {_clock.GetUtcNow():O}");
    }
}
