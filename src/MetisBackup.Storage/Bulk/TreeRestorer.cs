using System.Globalization;
using System.Text;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// Carries out the steps of a restore of files. What is new is made in the folder of the restore first, complete and compared with its
/// hash, and then put in its place by a rename; what was there goes to that folder by a rename. So no file is ever half there, and nothing
/// is gone.
/// </summary>
internal sealed class TreeRestorer : IDisposable
{
    private const int MostWarnings = 10;

    private readonly TreeCursor _live;
    private readonly TreeCursor _others;
    private readonly TreeDirectory _run;
    private readonly TreeDirectory _staging;
    private readonly TreeDirectory _kept;
    private readonly TreeCursor _keptAt;
    private readonly BulkContentReader _contents;
    private readonly ContentCopier _copier = new();
    private readonly IProgress<long>? _progress;
    private readonly List<string> _warnings = [];
    private long _next;

    /// <summary>Makes the subfolders of the restore's folder.</summary>
    /// <param name="root">The directory that is changed.</param>
    /// <param name="folder">Folder of this restore in the trash.</param>
    /// <param name="contents">The contents of the snapshot.</param>
    /// <param name="progress">Told of bytes written.</param>
    public TreeRestorer(TreeDirectory root, string folder, BulkContentReader contents, IProgress<long>? progress)
    {
        (_contents, _progress) = (contents, progress);
        _run = TreeDirectory.OpenRoot(folder);
        _run.MakeDirectory("new"u8);
        _run.MakeDirectory("files"u8);
        _staging = _run.Open("new"u8);
        _kept = TreeDirectory.OpenRoot(Path.Combine(folder, "files"));
        _keptAt = new TreeCursor(_kept);
        _live = new TreeCursor(root) { MakesWritable = true };
        _others = new TreeCursor(root);
    }

    /// <summary>Entries that were moved to the trash.</summary>
    public long Moved { get; private set; }

    /// <summary>What did not go as it should without spoiling the contents.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Does one step.</summary>
    /// <exception cref="MetisException">VerificationFailed: a content of the snapshot is damaged. NoSpace, Denied: as the disk says.</exception>
    public void Apply(TreeChange change, CancellationToken cancellationToken)
    {
        try
        {
            switch (change.Action)
            {
                case TreeAction.Create or TreeAction.Replace when change.Entry!.Kind == TreeEntryKind.Directory:
                    MakeDirectory(change.Entry);
                    break;
                case TreeAction.Create or TreeAction.Replace:
                    Put(change.Entry!, cancellationToken);
                    break;
                case TreeAction.Adjust when change.Entry!.Kind != TreeEntryKind.Directory:
                    Adjust(change.Entry);
                    break;
                case TreeAction.Remove:
                    Remove(change);
                    break;
                case TreeAction.Adjust:
                default:
                    // rights and times of directories come last of all
                    break;
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw Fault(error, change.Path);
        }
    }

    /// <summary>Gives a directory its rights and time, when nothing in it will change any more.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public void Finish(TreeEntry entry)
    {
        try
        {
            _others.Go(entry.Path.Parent);
            using var directory = _others.Here.Open(entry.Path.Name);
            var status = directory.Status();
            var live = status.Describe(entry.Path) with { Attributes = FileAttributeSet.Read(directory.Handle, entry.Path) };
            if (live.ModifiedAt != entry.ModifiedAt || MetadataRule.Difference(entry, live, TreeMetadata.CanSetOwners) is not null)
            {
                Warn(TreeMetadata.Apply(directory.Handle, entry));
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            Warn($"Rights and time of directory '{entry.Path}' could not be set: {error.Message}");
        }
    }

    /// <summary>Makes everything durable, and removes what was only for the way.</summary>
    public void Flush()
    {
        if (FileCalls.SynchronizeFileSystem(_run.Handle) < 0)
        {
            throw Fault(FileCalls.LastError("flush", "the file system"), TreePath.Root);
        }

        TreeRemoval.Remove(_run, "new"u8);
    }

    public void Dispose()
    {
        _live.Dispose();
        _others.Dispose();
        _keptAt.Dispose();
        _kept.Dispose();
        _staging.Dispose();
        _run.Dispose();
        _copier.Dispose();
    }

    private void MakeDirectory(TreeEntry entry)
    {
        _live.Go(entry.Path.Parent);
        var parent = _live.Here;
        if (parent.Status(entry.Path.Name) is { } there)
        {
            if (there.Kind == TreeEntryKind.Directory)
            {
                return;
            }

            MoveAway(parent, entry.Path);
        }

        parent.MakeDirectory(entry.Path.Name);
    }

    private void Put(TreeEntry entry, CancellationToken cancellationToken)
    {
        var staged = Stage(entry, cancellationToken);
        _live.Go(entry.Path.Parent);
        var parent = _live.Here;
        if (parent.Status(entry.Path.Name) is not { } there)
        {
            _staging.Move(staged, parent, entry.Path.Name);
        }
        else if (there.Kind == TreeEntryKind.Directory)
        {
            throw new MetisException(
                ErrorCode.VerificationFailed, $"'{entry.Path}' became a directory while the files were restored.", "make sure that nobody writes there, then run the same command again");
        }
        else if (_staging.TryExchange(staged, parent, entry.Path.Name))
        {
            Keep(_staging, staged, entry.Path);
        }
        else
        {
            MoveAway(parent, entry.Path);
            _staging.Move(staged, parent, entry.Path.Name);
        }
    }

    private void Remove(TreeChange change)
    {
        _live.Go(change.Path.Parent);
        var parent = _live.Here;
        if (change.Was != TreeEntryKind.Directory)
        {
            if (parent.Status(change.Path.Name) is { } there && there.Kind != TreeEntryKind.Directory)
            {
                MoveAway(parent, change.Path);
            }

            return;
        }

        _live.Go(change.Path);
        var directory = _live.Here;
        var entry = directory.Status().Describe(change.Path) with { Attributes = FileAttributeSet.Read(directory.Handle, change.Path) };
        _keptAt.MakeAndGo(change.Path);
        Warn(TreeMetadata.Apply(_keptAt.Here.Handle, entry));
        _live.Go(change.Path.Parent);
        if (!_live.Here.RemoveDirectory(change.Path.Name))
        {
            Warn($"Directory '{change.Path}' stays: something came into it while the files were restored.");
            return;
        }

        Moved++;
    }

    private void MoveAway(TreeDirectory parent, TreePath path) => Keep(parent, path.Name, path);

    /// <summary>Two things can go the same way in one restore only when others write meanwhile; neither is lost.</summary>
    private void Keep(TreeDirectory from, ReadOnlySpan<byte> name, TreePath path)
    {
        _keptAt.MakeAndGo(path.Parent);
        var target = _keptAt.Here;
        byte[] newName = [.. path.Name];
        for (var number = 2; target.Status(newName) is not null; number++)
        {
            newName = [.. path.Name, .. Encoding.ASCII.GetBytes($".{number}")];
        }

        from.Move(name, target, newName);
        Moved++;
    }

    private byte[] Stage(TreeEntry entry, CancellationToken cancellationToken)
    {
        var name = Encoding.ASCII.GetBytes(_next++.ToString(CultureInfo.InvariantCulture));
        if (entry.Kind == TreeEntryKind.Link)
        {
            _staging.MakeLink(name, entry.Target);
            TreeMetadata.ApplyToLink(_staging, name, entry);
        }
        else if (entry.SameAs is not { } first || !TryLink(first, name))
        {
            StageFile(entry, name, cancellationToken);
        }

        return name;
    }

    private bool TryLink(TreePath first, byte[] name)
    {
        try
        {
            _others.Go(first.Parent);
            _others.Here.Link(first.Name, _staging, name);
            return true;
        }
        catch (IOException)
        {
            // a file system without links, or the first one was taken away meanwhile: its content is in the snapshot
            return false;
        }
    }

    private void StageFile(TreeEntry entry, byte[] name, CancellationToken cancellationToken)
    {
        using var file = _staging.CreateFile(name);
        using var source = _contents.Open(entry.Hash!) ?? throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' is missing.");
        CopiedContent copied;
        try
        {
            copied = _copier.Copy(source, file, entry.DataBytes is not null, error => Fault(error, entry.Path), bytes => _progress?.Report(bytes), cancellationToken);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' cannot be read: {error.Message}", error);
        }

        if (copied.Hash != entry.Hash)
        {
            throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' is damaged: it does not match its SHA-256.");
        }

        Warn(TreeMetadata.Apply(file, entry));
    }

    private void Adjust(TreeEntry entry)
    {
        _live.Go(entry.Path.Parent);
        var parent = _live.Here;
        if (entry.Kind == TreeEntryKind.Link)
        {
            TreeMetadata.ApplyToLink(parent, entry.Path.Name, entry);
            return;
        }

        using var file = parent.OpenFile(entry.Path.Name);
        if (TreeDirectory.StatusOf(file, entry.Path).Kind == TreeEntryKind.File)
        {
            Warn(TreeMetadata.Apply(file, entry));
        }
    }

    private void Warn(string? sentence)
    {
        if (sentence is not null && _warnings.Count < MostWarnings)
        {
            _warnings.Add(sentence);
        }
    }

    private static MetisException Fault(Exception error, TreePath path)
    {
        var fault = StoreFault.Writing(error, path.ToString());
        return fault.Code == ErrorCode.NoSpace
            ? new MetisException(ErrorCode.NoSpace, fault.Message, "free space on the file system of the files, then run the same command again", error)
            : new MetisException(ErrorCode.Denied, $"'{path}' of the bulk files cannot be restored: {error.Message}", "run as the owner of the files, then run the same command again", error);
    }
}
