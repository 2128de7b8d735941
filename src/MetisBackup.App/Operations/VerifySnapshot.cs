using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="VerifySnapshot"/> needs.</summary>
internal sealed record VerifySnapshotRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>; null verifies every snapshot.</summary>
    public string? Name { get; init; }
}

/// <summary>The verdict on each snapshot, ordered by name.</summary>
internal sealed record VerifySnapshotResult
{
    /// <summary>One entry per snapshot.</summary>
    public required IReadOnlyList<SnapshotVerdict> Snapshots { get; init; }

    /// <summary>Everything was read and nothing is damaged; otherwise the command ends with exit code 13, or 2 where nothing worse than unread ones was met.</summary>
    public bool Sound => Snapshots.All(static verdict => verdict.Problems.Count == 0);

    /// <summary>Null when all is well, 13 when something is damaged, or 2 where nothing worse than unread ones was met.</summary>
    public ErrorCode? Problem => Sound ? null : Snapshots.Any(static verdict => verdict.Problems.Count > 0 && !verdict.Unread) ? ErrorCode.VerificationFailed : ErrorCode.Usage;

    /// <summary>Things worth knowing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What was found in one snapshot.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Files">Files read.</param>
/// <param name="Bytes">Bytes read from disk.</param>
/// <param name="Documents">Documents counted.</param>
/// <param name="Problems">One sentence per problem, naming the file or collection; empty when all is well.</param>
/// <param name="Unread">It cannot be judged: a newer version or the earlier tool wrote it.</param>
internal sealed record SnapshotVerdict(string Name, long Files, long Bytes, long Documents, IReadOnlyList<string> Problems, bool Unread = false)
{
    /// <summary>Collections that are as they were written, but could not be shown to be complete when they were.</summary>
    public IReadOnlyList<UnprovenCollection> Unproven { get; init; } = [];
}

/// <summary>Reads every byte of a snapshot, compares it with its hash and every collection with its revision tree.</summary>
internal sealed class VerifySnapshot(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly SnapshotCheck _check = new(progress);

    /// <summary>Runs the operation; damage is part of the result, not an exception.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot.</exception>
    public async Task<VerifySnapshotResult> RunAsync(VerifySnapshotRequest request, CancellationToken cancellationToken)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var entries = request.Name is { } name ? [store.Find(name)] : store.List(database: null);
        var verdicts = new List<SnapshotVerdict>();
        foreach (var entry in entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            verdicts.Add(await JudgeAsync(store, entry, cancellationToken));
        }

        return new VerifySnapshotResult { Snapshots = verdicts };
    }

    private async Task<SnapshotVerdict> JudgeAsync(SnapshotStore store, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = store.OpenReader(entry);
            var report = await _check.RunAsync(reader, cancellationToken);
            return new SnapshotVerdict(entry.Name, report.Files, report.Bytes, report.Documents, [.. report.Findings.Select(static one => one.Message)])
            {
                Unproven = UnprovenCollections.Of(reader.Manifest),
            };
        }
        catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed or ErrorCode.Usage or ErrorCode.NotFound)
        {
            return new SnapshotVerdict(entry.Name, 0, 0, 0, [error.Message], Unread: error.Code == ErrorCode.Usage);
        }
    }
}
