using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Reads every byte of a snapshot with progress.</summary>
internal sealed class SnapshotCheck(IOperationProgress progress)
{
    /// <summary>Reads everything and reports what is wrong.</summary>
    public async Task<VerificationReport> RunAsync(SnapshotReader reader, CancellationToken cancellationToken)
    {
        progress.BeginPhase(OperationPhase.Verifying, new WorkTotal(null, reader.Entry.Metadata?.StoredBytes));
        return await reader.VerifyAsync(new Bytes(progress, reader.Entry.Name), cancellationToken);
    }

    /// <summary>
    /// Fails when anything is wrong with what a plan is going to use: collections that are loaded are read as a whole, of those from which
    /// some documents are taken the files are compared with their hashes, and what is kept is not looked at.
    /// </summary>
    /// <exception cref="MetisException">13 with the first fault.</exception>
    public async Task RequireSoundAsync(SnapshotReader reader, RestorePlan plan, CancellationToken cancellationToken)
    {
        var used = plan.Steps.Where(static step => step.Kind == RestoreObject.Collection && step.Written > 0).ToList();
        var scope = new VerificationScope(
            used.Where(static step => !step.Stays).Select(static step => step.Name).ToHashSet(StringComparer.Ordinal),
            used.Where(static step => step.Stays).Select(static step => step.Name).ToHashSet(StringComparer.Ordinal));
        progress.BeginPhase(OperationPhase.Verifying, new WorkTotal(null, reader.SizeOf(scope)));
        var report = await reader.VerifyAsync(scope, new Bytes(progress, reader.Entry.Name), cancellationToken);
        if (report.Findings.Count > 0)
        {
            throw new MetisException(
                ErrorCode.VerificationFailed,
                $"Snapshot {QuotedName.Of(reader.Entry.Name)} is damaged, nothing was changed: {report.Findings[0].Message}",
                "use another snapshot; 'metis-backup verify' lists everything that is damaged in this one");
        }
    }

    private sealed class Bytes(IOperationProgress progress, string name) : IProgress<long>
    {
        public void Report(long value) => progress.Advance(name, 0, value);
    }
}
