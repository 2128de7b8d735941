using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CreateSnapshot"/> needs.</summary>
internal sealed record CreateSnapshotRequest
{
    /// <summary>The server to read from.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>Root directory of the snapshot store; made when missing.</summary>
    public required string StorePath { get; init; }

    /// <summary>Name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>What the user wants to remember; not empty.</summary>
    public required string Description { get; init; }

    /// <summary>Retention never removes it.</summary>
    public bool Permanent { get; init; }

    /// <summary>The git repository around this directory is recorded; null records none.</summary>
    public string? WorkingDirectory { get; init; }
}

/// <summary>What was captured and how it was proven.</summary>
internal sealed record CreateSnapshotResult
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Directory of the snapshot.</summary>
    public required string Path { get; init; }

    /// <summary>The database that was read.</summary>
    public required string Database { get; init; }

    /// <summary>Version text of the server.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The point in time of the data (UTC).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>All documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public required long DocumentBytes { get; init; }

    /// <summary>Size of the snapshot directory.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>One entry per collection, ordered by name.</summary>
    public required IReadOnlyList<CollectionProof> Collections { get; init; }

    /// <summary>Names of the views.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Names of the named graphs.</summary>
    public required IReadOnlyList<string> Graphs { get; init; }

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>How completeness of one collection was shown.</summary>
internal enum ProofKind
{
    /// <summary>Number and XOR hash of all revisions equal the server's revision tree (arangodb-protocol 10.11).</summary>
    RevisionTree,

    /// <summary>The server keeps no tree for it: the number of documents, and every document as it was written.</summary>
    Count,
}

/// <summary>One collection, compared with the server.</summary>
/// <param name="Name">Name of the collection.</param>
/// <param name="IsEdge">An edge collection.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="RevisionHash">XOR of the hashes of all revisions, 16 hexadecimal digits.</param>
/// <param name="Proof">What it was compared with.</param>
internal sealed record CollectionProof(string Name, bool IsEdge, long Documents, string RevisionHash, ProofKind Proof);

/// <summary>
/// Captures one database at one point in time, byte for byte, proves the capture against the server's revision trees and only then
/// makes it visible.
/// </summary>
internal sealed class CreateSnapshot(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">10 no such database, 12 rights, 13 proof failed, 14 coverage gap, 16 server, 17 no space.</exception>
    public Task<CreateSnapshotResult> RunAsync(CreateSnapshotRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        throw new MetisException(ErrorCode.Unexpected, $"create of {request.Database} at {_clock.GetUtcNow():O} is not built in yet");
    }
}
