using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

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

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot or collection, 12 rights, 13 damaged or proof failed,
    /// 15 not approved, 16 server, 17 no space for the safety snapshot.</exception>
    public Task<RestoreDatabaseResult> RunAsync(RestoreDatabaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        throw new MetisException(ErrorCode.Unexpected, $"restore of {request.Name} at {_clock.GetUtcNow():O} is not built in yet");
    }
}
