using System.Security.Cryptography;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>Which files go into a snapshot.</summary>
public sealed record BulkCaptureRequest
{
    /// <summary>The directory.</summary>
    public required string Root { get; init; }

    /// <summary>What is passed over.</summary>
    public required NameFilter Filter { get; init; }

    /// <summary>The snapshot that unchanged files are shared with; null to read everything.</summary>
    public SnapshotReader? Parent { get; init; }

    /// <summary>Compare what is shared with its hash.</summary>
    public bool VerifyParent { get; init; }
}

/// <summary>The files as they were captured.</summary>
/// <param name="Record">For the manifest.</param>
/// <param name="SharedBytes">Bytes that the parent has too.</param>
/// <param name="FilesRead">Files whose content was read.</param>
/// <param name="Warnings">What is not in the snapshot, or not as it should be.</param>
public sealed record BulkCaptured(BulkRecord Record, long SharedBytes, long FilesRead, IReadOnlyList<string> Warnings);

/// <summary>
/// Captures a tree of files into a snapshot that is being written. What did not change since the parent is linked to the parent's copy; the
/// files themselves are only read.
/// </summary>
public sealed class BulkCapture
{
    private readonly SnapshotWriter _writer;
    private readonly BulkCaptureRequest _request;
    private readonly TimeProvider _time;
    private readonly IProgress<long>? _progress;
    private readonly BulkWarnings _warnings = new();
    private readonly Dictionary<(ulong Device, ulong Inode), TreeEntry> _severalNames = [];
    private long _files;
    private long _directories;
    private long _links;
    private long _bytes;

    /// <summary>Prepares the capture.</summary>
    /// <param name="writer">The snapshot.</param>
    /// <param name="request">Which files.</param>
    /// <param name="time">The clock; the file system's must not be more than a second ahead of it for unchanged files to be taken over.</param>
    /// <param name="progress">Told of bytes read.</param>
    public BulkCapture(SnapshotWriter writer, BulkCaptureRequest request, TimeProvider time, IProgress<long>? progress)
    {
        (_writer, _request, _time, _progress) = (writer, request, time, progress);
    }

    /// <summary>Runs once.</summary>
    /// <exception cref="MetisException">
    /// NotFound, Usage: no such directory, or the store lies in it. CoverageGap: something in it cannot be read. NoSpace, Denied: as the
    /// disk of the store says.
    /// </exception>
    public Task<BulkCaptured> RunAsync(CancellationToken cancellationToken) => Task.Run(() => Run(cancellationToken), cancellationToken);

    private BulkCaptured Run(CancellationToken cancellationToken)
    {
        var began = _time.GetUtcNow();
        var trash = BulkTrash.Of(_request.Root);
        trash.RequireNone();
        using var root = BulkRoot.Open(_request.Root);
        using var parent = OpenParent();
        using var contents = new BulkContentWriter(_writer.ContentFolder, parent?.Folder, _request.VerifyParent);
        using var reader = new BulkFileReader(contents, _warnings, _progress);
        var list = Path.Combine(_writer.ContentFolder, TreeListFile.Name);
        try
        {
            contents.Begin();
            WriteList(list, root, (parent, contents, reader), cancellationToken);
            contents.Flush();
            using var written = StoreFile.Read(list);
            _writer.AddBulk(SHA256.HashData(written), contents.SharedBytes);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, list);
        }

        trash.RequireNoneSince(began);
        var record = new BulkRecord
        {
            Root = Path.GetFullPath(_request.Root),
            BeganAt = began,
            CompletedAt = _time.GetUtcNow(),
            Excluded = _request.Filter.Patterns,
            Files = _files,
            Directories = _directories,
            Links = _links,
            Bytes = _bytes,
            StoredBytes = contents.StoredBytes,
        };
        return new BulkCaptured(record, contents.SharedBytes, reader.FilesRead, _warnings.Sentences());
    }

    private BulkParent? OpenParent()
    {
        try
        {
            return _request.Parent is { } parent ? BulkParent.Open(parent) : null;
        }
        catch (MetisException error) when (error.Code == ErrorCode.VerificationFailed)
        {
            _warnings.Add($"The files of snapshot {QuotedName.Of(_request.Parent!.Entry.Name)} cannot be shared, so every file was read: {error.Message}");
            return null;
        }
    }

    private void WriteList(string path, TreeDirectory root, (BulkParent? Parent, BulkContentWriter Contents, BulkFileReader Reader) stores, CancellationToken cancellationToken)
    {
        using var list = new PackedLineWriter(StoreFile.Create(path));
        using var walk = new TreeWalk(root, _request.Filter);
        using var store = TreeDirectory.OpenRoot(_writer.StoreFolder);
        var own = (_writer.StoreFolder, store.Status());
        BulkRoot.RequireOther(root.Status(), own, _request.Root);
        using var entries = walk.Entries().GetEnumerator();
        while (BulkRoot.Reading(entries.MoveNext, _request.Root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var walked = entries.Current;
            if (walked.Directory is not null)
            {
                BulkRoot.RequireOther(walked.Status, own, _request.Root);
            }

            if (Capture(walked, stores, cancellationToken) is { } entry)
            {
                list.Write(entry, TreeListJson.Write);
                Count(entry);
            }
        }

        list.Complete();
        _warnings.AddVanished(walk.Vanished);
    }

    private TreeEntry? Capture(
        WalkedEntry walked, (BulkParent? Parent, BulkContentWriter Contents, BulkFileReader Reader) stores, CancellationToken cancellationToken)
    {
        var earlier = stores.Parent?.Find(walked.Path);
        switch (walked.Status.Kind)
        {
            case TreeEntryKind.Directory:
                return BulkRoot.Reading(() => walked.Status.Describe(walked.Path) with { Attributes = FileAttributeSet.Read(walked.Directory!.Handle, walked.Path) }, walked.Path);
            case TreeEntryKind.Link:
                return CaptureLink(walked);
            case TreeEntryKind.File:
                return CaptureFile(walked, (earlier, stores.Parent), (stores.Contents, stores.Reader), cancellationToken);
            case null:
            default:
                _warnings.AddSpecial(walked.Path);
                return null;
        }
    }

    private TreeEntry? CaptureLink(WalkedEntry walked)
    {
        try
        {
            return walked.Status.Describe(walked.Path) with { Target = walked.Parent.ReadLink(walked.Path.Name) };
        }
        catch (IOException error) when (error.HResult is FileCalls.NoEntry or FileCalls.InvalidArgument)
        {
            // gone, or no link any more: what is there now came after the walk
            _warnings.AddVanished(1);
            return null;
        }
        catch (IOException error)
        {
            throw BulkRoot.Unreadable(error, walked.Path.ToString());
        }
    }

    private TreeEntry? CaptureFile(
        WalkedEntry walked, (TreeEntry? Entry, BulkParent? Parent) earlier, (BulkContentWriter Contents, BulkFileReader Reader) stores, CancellationToken cancellationToken)
    {
        var status = walked.Status;
        var identity = (status.Device, status.Stamp.Inode);
        if (status.Links > 1 && _severalNames.TryGetValue(identity, out var first))
        {
            return first with { Path = walked.Path, SameAs = first.Path };
        }

        var entry = Unchanged(walked, earlier.Entry, earlier.Parent) is { } same && stores.Contents.TryShare(same.Hash!, same.Size, same.StoredBytes, cancellationToken)
            ? same
            : stores.Reader.Read(walked, cancellationToken);
        if (entry is not null && status.Links > 1)
        {
            _severalNames[identity] = entry;
        }

        return entry;
    }

    /// <summary>The entry of the older snapshot with the rights of now; null when the file has to be read.</summary>
    private static TreeEntry? Unchanged(WalkedEntry walked, TreeEntry? earlier, BulkParent? parent)
    {
        var status = walked.Status;
        return earlier is not null && CaptureRule.IsUnchanged(earlier, parent!.Began, status.Size, status.ModifiedAt, status.Stamp)
            ? status.Describe(walked.Path) with
            {
                Size = earlier.Size,
                DataBytes = earlier.DataBytes,
                Hash = earlier.Hash,
                Stamp = status.Stamp,
                Attributes = earlier.Attributes,
            }
            : null;
    }

    private void Count(TreeEntry entry)
    {
        _files += entry.Kind == TreeEntryKind.File ? 1 : 0;
        _directories += entry.Kind == TreeEntryKind.Directory ? 1 : 0;
        _links += entry.Kind == TreeEntryKind.Link ? 1 : 0;
        _bytes += entry.SameAs is null ? entry.Size : 0;
    }
}
