using MetisBackup.App.Operations.Capturing;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="RestoreFiles"/> needs.</summary>
internal sealed record RestoreFilesRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The directory that becomes what the snapshot holds.</summary>
    public required BulkSettings Bulk { get; init; }

    /// <summary>The directory was named for this run, so it may be another one than was captured.</summary>
    public bool IsDirectoryChosen { get; init; }

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Most steps that the plan names.</summary>
    public int MostNamed { get; init; } = 20;

    /// <summary>Called with the full name of the snapshot and the folder of the trash right before the first change.</summary>
    public Action<string, string>? Begun { get; init; }

    /// <summary>Asked once with the plan before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>.</summary>
    public required Func<TreePlan, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>What was restored.</summary>
internal sealed record RestoreFilesResult
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>What was (or would be) done.</summary>
    public required TreePlan Plan { get; init; }

    /// <summary>Folder of what was removed or replaced; null when nothing was.</summary>
    public string? Trash { get; init; }

    /// <summary>Number of entries there.</summary>
    public long Moved { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// Makes a directory of files equal to what a snapshot holds: plans, verifies the contents it needs, moves aside what has to go, puts the
/// rest in its place, and compares. What the filter excludes is never touched.
/// </summary>
internal sealed class RestoreFiles(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 another directory was captured, 10 no such snapshot or no files in it, 11 another restore of these files, 12 rights,
    /// 13 damaged or proof failed, 14 the live files cannot be read, 15 not approved or something stands in the way, 17 no space.</exception>
    public async Task<RestoreFilesResult> RunAsync(RestoreFilesRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        using var reader = store.OpenReader(store.Find(request.Name));
        RequireSameDirectory(request, reader);
        _progress.BeginPhase(OperationPhase.Comparing, WorkTotal.Unknown);
        var bytes = new ByteProgress(_progress);
        var wanted = new BulkRestoreRequest
        {
            Snapshot = reader,
            Root = request.Bulk.Path,
            Filter = new NameFilter(request.Bulk.Excluded),
            MostNamed = request.MostNamed,
        };
        using var restore = await BulkRestore.PlanAsync(wanted, _clock, bytes, cancellationToken);
        var result = new RestoreFilesResult { Snapshot = reader.Entry.Name, Executed = false, Plan = restore.Plan };
        if (!request.DryRun && !await request.Approve(restore.Plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The restore of the files of '{restore.Plan.Root}' was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }

        _progress.BeginPhase(OperationPhase.Verifying, new WorkTotal(null, restore.Plan.Bytes));
        await restore.RequireSoundAsync(bytes, cancellationToken);
        if (request.DryRun)
        {
            return result with { Duration = _clock.GetElapsedTime(started) };
        }

        _progress.BeginPhase(OperationPhase.Writing, WorkTotal.Unknown);
        var done = await restore.ExecuteAsync(trash => request.Begun?.Invoke(reader.Entry.Name, trash), bytes, cancellationToken);
        return result with
        {
            Executed = true,
            Trash = done.Trash,
            Moved = done.Moved,
            Warnings = [.. done.Warnings, .. Trash.Clean(request.Bulk, _clock)],
            Duration = _clock.GetElapsedTime(started),
        };
    }

    /// <summary>The directory comes from the configuration or the line and never from the snapshot, which anybody may have written.</summary>
    private static void RequireSameDirectory(RestoreFilesRequest request, SnapshotReader reader)
    {
        if (!request.IsDirectoryChosen && reader.Manifest.Bulk is { } bulk && bulk.Root != Path.GetFullPath(request.Bulk.Path))
        {
            throw new MetisException(
                ErrorCode.Usage,
                $"Snapshot {QuotedName.Of(reader.Entry.Name)} holds the files of {QuotedName.Of(bulk.Root)}, but bulk.path is {QuotedName.Of(Path.GetFullPath(request.Bulk.Path))}.",
                "name the directory to restore into with --bulk-path");
        }
    }
}
