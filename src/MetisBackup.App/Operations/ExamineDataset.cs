using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ExamineDataset"/> needs.</summary>
/// <param name="Settings">Where to look.</param>
/// <param name="Fix">Remove what runs that were killed left behind.</param>
internal sealed record ExamineDatasetRequest(DrSettings Settings, bool Fix);

/// <summary>Looks at the data set of the DR tier for what needs a person, and removes what does not.</summary>
internal sealed class ExamineDataset(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">10 no such data set, 11 another run, 12 rights, 16 ZFS.</exception>
    public async Task<IReadOnlyList<Finding>> RunAsync(ExamineDatasetRequest request, CancellationToken cancellationToken)
    {
        var tools = new DrTools(request.Settings, _clock);
        var findings = new List<Finding>();
        using var held = tools.Lock();
        if (RollbackJournal.Find(request.Settings.StatePath, request.Settings.Dataset) is { Entry: var entry })
        {
            findings.Add(new Finding($"A rollback of {entry.Dataset} to {entry.Snapshot} did not end.", "metis-backup dr rollback --resume, or metis-backup dr undo", Fixed: false));
        }

        findings.AddRange((await tools.Reader.PoolAsync(request.Settings.Dataset.Pool, cancellationToken)).Worries().Select(static worry => new Finding(worry, "zpool status", Fixed: false)));
        var leftovers = new Leftovers(tools);
        foreach (var leftover in await leftovers.FindAsync(cancellationToken))
        {
            if (request.Fix)
            {
                await leftovers.RemoveAsync([leftover], cancellationToken);
            }

            findings.Add(new Finding($"{leftover.Dataset}, a clone of {leftover.Snapshot}, was left behind by a run that was killed.", "metis-backup doctor --fix", request.Fix));
        }

        return findings;
    }
}
