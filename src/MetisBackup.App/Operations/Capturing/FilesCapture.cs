using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>The directory of files beside the database.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Excluded">Patterns of names that are neither captured nor touched by a restore.</param>
/// <param name="KeepTrash">How long what a restore removed or replaced is kept.</param>
internal sealed record BulkSettings(string Path, IReadOnlyList<string> Excluded, TimeSpan KeepTrash);

/// <summary>The files that went into a snapshot.</summary>
/// <param name="Record">As the manifest has it.</param>
/// <param name="FilesRead">Files whose content was read; the others were taken over from an older snapshot.</param>
/// <param name="SharedBytes">Bytes that an older snapshot has too.</param>
/// <param name="Parent">That snapshot; null when every file was read.</param>
internal sealed record CapturedFiles(BulkRecord Record, long FilesRead, long SharedBytes, string? Parent);

/// <summary>Captures the files beside the database into the snapshot that is being written, after its documents.</summary>
internal sealed class FilesCapture(SnapshotStore store, SnapshotWriter writer, ParentChoice choice, TimeProvider clock)
{
    private const int MostCandidates = 3;
    private readonly List<string> _warnings = [];

    /// <summary>What did not go as it should without spoiling the result.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Runs once.</summary>
    /// <exception cref="MetisException">2, 10: no such directory. 14: something in it cannot be read. 12, 17: as the disk of the store says.</exception>
    public async Task<CapturedFiles> RunAsync(BulkSettings settings, IOperationProgress progress, CancellationToken cancellationToken)
    {
        progress.BeginPhase(OperationPhase.Files, WorkTotal.Unknown);
        using var parent = FindParent(Path.GetFullPath(settings.Path));
        var request = new BulkCaptureRequest { Root = settings.Path, Filter = new NameFilter(settings.Excluded), Parent = parent, VerifyParent = choice.VerifyContent };
        var captured = await new BulkCapture(writer, request, clock, new ByteProgress(progress)).RunAsync(cancellationToken);
        _warnings.AddRange(captured.Warnings);
        return new CapturedFiles(captured.Record, captured.FilesRead, captured.SharedBytes, captured.SharedBytes > 0 ? parent?.Entry.Name : null);
    }

    /// <summary>The newest snapshot that holds the same directory, of whatever database.</summary>
    private SnapshotReader? FindParent(string root)
    {
        var candidates = choice.None ? [] : store.List(database: null).Where(static one => one is { State: SnapshotState.Complete, Metadata.BulkFiles: not null });
        if (choice.Name is { } name)
        {
            var named = store.Find(name).Name;
            candidates = candidates.OrderByDescending(one => one.Name == named);
        }

        foreach (var candidate in candidates.Take(MostCandidates))
        {
            if (TryOpen(candidate, root) is { } reader)
            {
                return reader;
            }
        }

        return null;
    }

    private SnapshotReader? TryOpen(SnapshotEntry candidate, string root)
    {
        try
        {
            var reader = store.OpenReader(candidate);
            if (reader.Manifest.Bulk?.Root == root)
            {
                return reader;
            }

            reader.Dispose();
        }
        catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed or ErrorCode.NotFound or ErrorCode.Denied)
        {
            _warnings.Add($"The files of snapshot {QuotedName.Of(candidate.Name)} cannot be shared: {error.Message}");
        }

        return null;
    }
}
