using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
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

    /// <summary>Fails when anything is wrong.</summary>
    /// <exception cref="MetisException">13 with the first fault.</exception>
    public async Task RequireSoundAsync(SnapshotReader reader, CancellationToken cancellationToken)
    {
        var report = await RunAsync(reader, cancellationToken);
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
