using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// Makes a directory of files equal to what a snapshot holds: plans, checks the contents it needs, moves aside what has to go, puts the
/// rest in its place, and compares. Running it again after it was killed ends in the same state.
/// </summary>
public sealed class BulkRestore : IDisposable
{
    private readonly BulkRestoreRequest _request;
    private readonly BulkRecord _record;
    private readonly NameFilter _filter;
    private readonly TimeProvider _time;
    private readonly NamelessFile _planFile = NamelessFile.Create();

    private BulkRestore(BulkRestoreRequest request, BulkRecord record, TimeProvider time)
    {
        (_request, _record, _time) = (request, record, time);
        _filter = request.Filter.And(new NameFilter(record.Excluded));
    }

    /// <summary>What is going to be done.</summary>
    public TreePlan Plan { get; private set; } = new() { Root = "", Snapshot = "" };

    /// <summary>Compares and makes the plan. Changes nothing.</summary>
    /// <param name="request">Which files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told of bytes read.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="MetisException">NotFound: the snapshot holds no files. VerificationFailed: its list is damaged. CoverageGap: a live directory cannot be read.</exception>
    public static async Task<BulkRestore> PlanAsync(BulkRestoreRequest request, TimeProvider time, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var record = request.Snapshot.Manifest.Bulk ?? throw new MetisException(
            ErrorCode.NotFound,
            $"Snapshot {QuotedName.Of(request.Snapshot.Entry.Name)} holds no bulk files.",
            "leave out --include-bulk and --only-bulk; 'metis-backup list --verbose' shows which snapshots hold files");
        var restore = new BulkRestore(request, record, time);
        try
        {
            await Task.Run(() => restore.MakePlan(progress, cancellationToken), cancellationToken);
            return restore;
        }
        catch
        {
            restore.Dispose();
            throw;
        }
    }

    /// <summary>Carries the plan out and proves the result.</summary>
    /// <param name="begun">Told the folder of the trash right before the first change.</param>
    /// <param name="progress">Told of bytes written, then of bytes compared.</param>
    /// <param name="cancellationToken">Stops between two steps; running again finishes.</param>
    /// <exception cref="MetisException">
    /// Refused: something stands against the plan. Locked: another run restores these files. VerificationFailed: a content is damaged, and
    /// nothing was changed, or the result is not what it should be. NoSpace, Denied: as the disk says.
    /// </exception>
    public Task<BulkRestored> ExecuteAsync(Action<string>? begun, IProgress<long>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Execute(begun, progress, cancellationToken), cancellationToken);

    /// <summary>Reads every content that the plan needs and compares it with its hash.</summary>
    /// <exception cref="MetisException">VerificationFailed: names the first file whose content is missing or damaged.</exception>
    public Task RequireSoundAsync(IProgress<long>? progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var contents = BulkContentReader.OpenSound(_request.Snapshot.Entry.Path);
            using var copier = new ContentCopier();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in TreePlanFile.Read(_planFile.Path).Select(static one => one.Entry).OfType<TreeEntry>().Where(static one => one.Hash is not null))
            {
                if (seen.Add(entry.Hash!))
                {
                    contents.RequireSound(entry, copier, progress, cancellationToken);
                }
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _planFile.Dispose();

    private void MakePlan(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var root = OpenRootOrNull();
        using var comparer = Comparer(root, progress);
        var plan = new TreePlan { Root = Path.GetFullPath(_request.Root), Snapshot = _request.Snapshot.Entry.Name, CreatesRoot = root is null };
        var named = new List<TreeChange>();
        Guarded(() =>
        {
            using var file = new PackedLineWriter(_planFile.OpenForWriting());
            foreach (var change in comparer.Changes(cancellationToken))
            {
                file.Write(change, TreePlanFile.Write);
                plan = Count(plan, change);
                if (named.Count < _request.MostNamed)
                {
                    named.Add(change);
                }
            }

            file.Complete();
        });
        Plan = plan with { Kept = comparer.Kept, LeftOut = comparer.LeftOut, Changes = named, Obstacles = comparer.Obstacles };
    }

    private BulkRestored Execute(Action<string>? begun, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        RequirePossible();
        var trash = BulkTrash.Of(_request.Root);
        if (Plan is { Steps: 0, CreatesRoot: false } && trash.List().All(static one => one.CompletedAt is not null))
        {
            return new BulkRestored(Trash: null, 0, []);
        }

        try
        {
            return Execute(trash, begun, progress, cancellationToken);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, trash.Path);
        }
    }

    private BulkRestored Execute(BulkTrash trash, Action<string>? begun, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (Plan.CreatesRoot)
        {
            StoreFile.CreateDirectory(Plan.Root);
        }

        using var held = trash.Lock(_time);
        RequireSpace(trash.Path);
        var earlier = trash.List().Where(static one => one.CompletedAt is null).ToList();
        var entry = trash.Begin(_request.Snapshot.Entry.Name, _time.GetUtcNow());
        begun?.Invoke(entry.Path);
        File.Copy(_planFile.Path, Path.Combine(entry.Path, TreePlanFile.Name));
        held.Require();
        var (moved, warnings) = Change(entry, progress, cancellationToken);
        warnings =
        [
            .. held.TakenOver is { } dead ? [dead] : Array.Empty<string>(),
            .. warnings,
            .. Prove(progress, cancellationToken),
            .. Plan.CreatesRoot ? [$"'{Plan.Root}' was missing and is now a directory of its owner alone; give it the rights it had."] : Array.Empty<string>(),
        ];
        foreach (var unfinished in earlier)
        {
            BulkTrash.Write(unfinished with { CompletedAt = _time.GetUtcNow() });
        }

        if (moved > 0)
        {
            BulkTrash.Write(entry with { CompletedAt = _time.GetUtcNow() });
            return new BulkRestored(entry.Path, moved, warnings);
        }

        Directory.Delete(entry.Path, recursive: true);
        return new BulkRestored(Trash: null, 0, warnings);
    }

    private (long Moved, IReadOnlyList<string> Warnings) Change(TrashEntry entry, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var root = BulkRoot.Open(_request.Root);
        using var contents = BulkContentReader.OpenSound(_request.Snapshot.Entry.Path);
        using var restorer = new TreeRestorer(root, entry.Path, contents, progress);
        foreach (var change in TreePlanFile.Read(_planFile.Path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            restorer.Apply(change, cancellationToken);
        }

        foreach (var directory in Stored().Where(one => one.Kind == TreeEntryKind.Directory && !_filter.ExcludesAnyOf(one.Path)))
        {
            restorer.Finish(directory);
        }

        restorer.Flush();
        return (restorer.Moved, restorer.Warnings);
    }

    /// <summary>Compares once more: what is there now must be what the snapshot holds.</summary>
    private IEnumerable<string> Prove(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var root = BulkRoot.Open(_request.Root);
        using var comparer = Comparer(root, progress);
        var (wrong, adjusted) = (new List<TreeChange>(), 0L);
        Guarded(() =>
        {
            foreach (var change in comparer.Changes(cancellationToken))
            {
                if (change.Action == TreeAction.Adjust)
                {
                    adjusted++;
                }
                else
                {
                    wrong.Add(change);
                }
            }
        });
        if (comparer.Obstacles is [var obstacle, ..])
        {
            throw new MetisException(ErrorCode.VerificationFailed, $"The files of '{Plan.Root}' are not all as in the snapshot after the restore: {obstacle}", "make sure that nobody writes there, then run the same command again");
        }

        if (wrong is [var first, ..])
        {
            throw new MetisException(
                ErrorCode.VerificationFailed,
                $"{(wrong.Count == 1 ? "1 entry" : $"{wrong.Count} entries")} of '{Plan.Root}' {(wrong.Count == 1 ? "is" : "are")} not as in the snapshot after the restore, the first is '{first.Path}'.",
                "make sure that nobody writes there, then run the same command again");
        }

        return adjusted > 0 ? [$"Rights, times or attributes of {(adjusted == 1 ? "1 entry" : $"{adjusted} entries")} could not be set as in the snapshot; the contents are right."] : [];
    }

    private TreeComparer Comparer(TreeDirectory? root, IProgress<long>? progress) => new(
        new TreeComparison
        {
            Stored = Stored(),
            Began = new FileTime(_record.BeganAt.ToUnixTimeSeconds(), 0),
            Root = root,
            Filter = _filter,
            Owners = TreeMetadata.CanSetOwners,
        },
        progress);

    private IEnumerable<TreeEntry> Stored() => TreeListFile.Read(Path.Combine(_request.Snapshot.Entry.Path, TreeListFile.Name));

    private TreeDirectory? OpenRootOrNull() => Directory.Exists(_request.Root) || File.Exists(_request.Root) ? BulkRoot.Open(_request.Root) : null;

    private void RequirePossible()
    {
        if (Plan.Obstacles.Count > 0)
        {
            throw new MetisException(ErrorCode.Refused, string.Join(' ', Plan.Obstacles), "move what stands in the way, then run the same command again; nothing was changed");
        }
    }

    private void RequireSpace(string path)
    {
        var free = new DriveInfo(path).AvailableFreeSpace;
        if (free < Plan.Bytes)
        {
            throw new MetisException(ErrorCode.NoSpace, $"The files to restore into '{Plan.Root}' take {Plan.Bytes} bytes, and {free} are free.", "free space there; nothing was changed");
        }
    }

    private void Guarded(Action compare)
    {
        try
        {
            compare();
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{Path.Combine(_request.Snapshot.Entry.Path, TreeListFile.Name)}' is damaged: {error.Message}.", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw BulkRoot.Unreadable(error, _request.Root);
        }
    }

    private static TreePlan Count(TreePlan plan, TreeChange change) => change.Action switch
    {
        TreeAction.Create => plan with { Created = plan.Created + 1, Bytes = plan.Bytes + Written(change) },
        TreeAction.Replace => plan with { Replaced = plan.Replaced + 1, Bytes = plan.Bytes + Written(change) },
        TreeAction.Adjust => plan with { Adjusted = plan.Adjusted + 1 },
        _ => plan with { Removed = plan.Removed + 1 },
    };

    private static long Written(TreeChange change) => change.Entry is { Kind: TreeEntryKind.File, SameAs: null } file ? file.StoredBytes : 0;
}
