using MetisBackup.Core.Errors;

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
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot.</exception>
    public Task<PinSnapshotResult> RunAsync(PinSnapshotRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        throw new MetisException(ErrorCode.Unexpected, $"pin of {request.Name} is not built in yet at {_clock.GetUtcNow():O}");
    }
}
