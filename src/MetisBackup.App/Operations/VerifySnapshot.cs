using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.ArangodumpFormat;
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

    /// <summary>Names of folders that are no snapshots, because the run that wrote them ended early.</summary>
    public IReadOnlyList<string> Leftovers { get; init; } = [];

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
/// <param name="Unread">It cannot be judged: a newer version wrote it, or it is in a form that is not read.</param>
internal sealed record SnapshotVerdict(string Name, long Files, long Bytes, long Documents, IReadOnlyList<string> Problems, bool Unread = false)
{
    /// <summary>It was written by the earlier tool: all of it could be read, and there is nothing to compare it with.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Collections that are as they were written, but could not be shown to be complete when they were.</summary>
    public IReadOnlyList<UnprovenCollection> Unproven { get; init; } = [];
}

/// <summary>Reads every byte of a snapshot, compares it with its hash and every collection with its revision tree.</summary>
internal sealed class VerifySnapshot(TimeProvider clock, IOperationProgress progress)
{
    private readonly IOperationProgress _progress = progress;
    private readonly TimeProvider _clock = clock;
    private readonly SnapshotCheck _check = new(progress);

    /// <summary>Runs the operation; damage is part of the result, not an exception.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot.</exception>
    public async Task<VerifySnapshotResult> RunAsync(VerifySnapshotRequest request, CancellationToken cancellationToken)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var entries = request.Name is { } name ? [store.Find(name)] : store.List(database: null);
        var verdicts = new List<SnapshotVerdict>();
        foreach (var entry in entries.Where(entry => entry.State != SnapshotState.Leftover || request.Name is not null).OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            verdicts.Add(await JudgeAsync(store, entry, cancellationToken));
        }

        return new VerifySnapshotResult
        {
            Snapshots = verdicts,
            Leftovers = request.Name is null ? [.. entries.Where(static entry => entry.State == SnapshotState.Leftover).Select(static entry => entry.Name).Order(StringComparer.Ordinal)] : [],
        };
    }

    private async Task<SnapshotVerdict> JudgeAsync(SnapshotStore store, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            if (entry.State == SnapshotState.Legacy)
            {
                return await JudgeLegacyAsync(entry, cancellationToken);
            }

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

    /// <summary>Without hashes only what can be read tells: every document, and what the metadata says of collections.</summary>
    private async Task<SnapshotVerdict> JudgeLegacyAsync(SnapshotEntry entry, CancellationToken cancellationToken)
    {
        _progress.BeginPhase(OperationPhase.Verifying, WorkTotal.Unknown);
        var verdict = await LegacySnapshot.VerifyAsync(entry, (collection, documents, bytes) => _progress.Advance(collection, documents, bytes), cancellationToken);
        var files = verdict.Dump is { } dump ? dump.Collections.Sum(static one => one.DataFiles.Count + 1) + dump.Views.Count : 0;
        return new SnapshotVerdict(entry.Name, files, verdict.Bytes, verdict.Documents.Values.Sum(), [.. verdict.Faults, .. Missing(entry, verdict)]) { IsLegacy = true };
    }

    /// <summary>Counts in the metadata are compared only where there are any: the earlier tool mostly wrote 0.</summary>
    private static IEnumerable<string> Missing(SnapshotEntry entry, DumpVerdict verdict)
    {
        if (verdict.Dump is not { } dump || verdict.Faults.Count > 0)
        {
            yield break;
        }

        foreach (var (name, count) in entry.Metadata?.Collections ?? new Dictionary<string, long>(StringComparer.Ordinal))
        {
            if (dump.Collections.All(one => one.Name != name))
            {
                yield return $"Collection {QuotedName.Of(name)} is missing in the dump, and metadata.json names it.";
            }
            else if (count > 0 && verdict.Documents.TryGetValue(name, out var found) && found != count)
            {
                yield return $"Collection {QuotedName.Of(name)} has {found} documents in the dump, and metadata.json states {count}.";
            }
        }
    }
}
