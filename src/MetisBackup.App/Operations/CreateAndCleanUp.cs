using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CreateAndCleanUp"/> needs.</summary>
internal sealed record CreateAndCleanUpRequest
{
    /// <summary>The snapshot to take.</summary>
    public required CreateSnapshotRequest Create { get; init; }

    /// <summary>The rules to clean up by afterwards, within the same database of the same server; null removes nothing.</summary>
    public required RetentionChoice? Rules { get; init; }

    /// <summary>Told the name once the snapshot is there, whatever follows.</summary>
    public Action<string>? Created { get; init; }
}

/// <summary>A snapshot, and what went for it.</summary>
/// <param name="Snapshot">What was captured.</param>
/// <param name="CleanUp">What was removed; null when nothing was to be, or an error stopped it.</param>
/// <param name="Failures">What beside the snapshot was not done, one sentence each.</param>
internal sealed record CreateAndCleanUpResult(CreateSnapshotResult Snapshot, CleanUpSnapshotsResult? CleanUp, IReadOnlyList<string> Failures)
{
    /// <summary>The snapshot is there, something beside it was not done.</summary>
    public bool Incomplete => Failures.Count > 0;
}

/// <summary>Takes a snapshot, then removes those that no rule keeps. Commit first, prune later: nothing after the first step touches the new one.</summary>
internal sealed class CreateAndCleanUp(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">As <see cref="CreateSnapshot"/>; a failure of the second step is part of the result.</exception>
    public async Task<CreateAndCleanUpResult> RunAsync(CreateAndCleanUpRequest request, CancellationToken cancellationToken)
    {
        var snapshot = await new CreateSnapshot(_clock, _progress).RunAsync(request.Create, cancellationToken);
        request.Created?.Invoke(snapshot.Name);
        if (request.Rules is not { } rules)
        {
            return new CreateAndCleanUpResult(snapshot, CleanUp: null, Failures: []);
        }

        try
        {
            var cleanUp = new CleanUpSnapshotsRequest { StorePath = request.Create.StorePath, Rules = rules, Witness = snapshot.Name };
            var result = await new CleanUpSnapshots(_clock).RunAsync(cleanUp, cancellationToken);
            return new CreateAndCleanUpResult(snapshot, result, result.Obstacles);
        }
        catch (Exception failure) when (failure is MetisException or IOException or UnauthorizedAccessException)
        {
            return new CreateAndCleanUpResult(snapshot, CleanUp: null, [$"Old snapshots were not removed: {failure.Message}"]);
        }
    }
}
