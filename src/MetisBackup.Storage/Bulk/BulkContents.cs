using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// The contents of files in the folder of a snapshot: <c>bulk/data/ab/abcd…</c>, each under its own SHA-256 and there only once. They are
/// never links to the files of the tree, so whoever edits those changes nothing here.
/// </summary>
internal static class BulkContents
{
    /// <summary>Their folder, relative to the snapshot.</summary>
    public const string Folder = "bulk/data";

    /// <summary>The file with a content, relative to the snapshot.</summary>
    public static string PathOf(string hash) => $"{Folder}/{hash[..2]}/{hash}";
}

/// <summary>Puts contents into a snapshot that is being written. Flushed by one call at the end, not file by file.</summary>
internal sealed class BulkContentWriter : IDisposable
{
    private const int Subfolders = 256;

    private readonly string _folder;
    private readonly string? _parent;
    private readonly bool _verifyParent;
    private readonly ContentCopier _copier = new();
    private readonly bool[] _made = new bool[Subfolders];
    private long _next;

    /// <summary>Writes nothing yet.</summary>
    /// <param name="folder">The snapshot that is written.</param>
    /// <param name="parent">The snapshot that contents are shared with; null for none.</param>
    /// <param name="verifyParent">Compare what is shared with its hash.</param>
    public BulkContentWriter(string folder, string? parent, bool verifyParent) => (_folder, _parent, _verifyParent) = (folder, parent, verifyParent);

    /// <summary>Bytes of all contents, holes left out, each content once.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>The part of it that the parent has too.</summary>
    public long SharedBytes { get; private set; }

    /// <summary>Makes the folder of contents.</summary>
    public void Begin() => StoreFile.CreateDirectory(Path.Combine(_folder, BulkContents.Folder));

    /// <summary>Where a content is written before its hash is known; the caller makes the file.</summary>
    public string NextTemporary() => Path.Combine(_folder, BulkContents.Folder, "new-" + _next++);

    /// <summary>Takes a content over from the parent; false when the parent has no sound one of that size.</summary>
    public bool TryShare(string hash, long size, long storedBytes, CancellationToken cancellationToken)
    {
        var path = Target(hash);
        return File.Exists(path) || TryShare(path, hash, (size, storedBytes), _verifyParent, cancellationToken);
    }

    /// <summary>Gives a written file, flushed or not, the name of its content. What the snapshot or its parent has already is not kept twice.</summary>
    public void Keep(string temporary, CopiedContent content, CancellationToken cancellationToken)
    {
        var path = Target(content.Hash);
        if (File.Exists(path) || TryShare(path, content.Hash, (content.Size, content.DataBytes), verify: true, cancellationToken))
        {
            File.Delete(temporary);
            return;
        }

        File.SetUnixFileMode(temporary, UnixFileMode.UserRead);
        File.Move(temporary, path);
        StoredBytes += content.DataBytes;
    }

    /// <summary>Makes everything durable that was written to the file system of the store.</summary>
    public void Flush()
    {
        using var folder = TreeDirectory.OpenRoot(_folder);
        if (FileCalls.SynchronizeFileSystem(folder.Handle) < 0)
        {
            throw FileCalls.LastError("flush", _folder);
        }
    }

    public void Dispose() => _copier.Dispose();

    private string Target(string hash)
    {
        var number = Convert.ToInt32(hash[..2], 16);
        var path = Path.Combine(_folder, BulkContents.PathOf(hash));
        if (!_made[number])
        {
            StoreFile.CreateDirectory(Path.GetDirectoryName(path)!);
            _made[number] = true;
        }

        return path;
    }

    private bool TryShare(string path, string hash, (long Size, long Stored) content, bool verify, CancellationToken cancellationToken)
    {
        if (_parent is null)
        {
            return false;
        }

        var source = new FileInfo(Path.Combine(_parent, BulkContents.PathOf(hash)));
        if (!source.Exists || SnapshotFolder.IsLink(source) || source.Length != content.Size || (verify && !HasHash(source.FullName, hash, cancellationToken)))
        {
            return false;
        }

        if (HardLink.TryCreate(source.FullName, path))
        {
            SharedBytes += content.Stored;
        }
        else if (!TryCopy(source.FullName, path, hash, content, cancellationToken))
        {
            return false;
        }

        StoredBytes += content.Stored;
        return true;
    }

    private bool TryCopy(string source, string path, string hash, (long Size, long Stored) content, CancellationToken cancellationToken)
    {
        using var original = StoreFile.Read(source);
        using (var copy = StoreFile.Create(path))
        {
            var copied = _copier.Copy(original.SafeFileHandle, copy.SafeFileHandle, content.Stored < content.Size, error => StoreFault.Writing(error, path), progress: null, cancellationToken);
            if (copied.Hash == hash)
            {
                File.SetUnixFileMode(copy.SafeFileHandle, UnixFileMode.UserRead);
                return true;
            }
        }

        File.Delete(path);
        return false;
    }

    private bool HasHash(string path, string hash, CancellationToken cancellationToken)
    {
        try
        {
            using var file = StoreFile.Read(path);
            return _copier.Copy(file.SafeFileHandle, target: null, sparse: false, static error => error, progress: null, cancellationToken).Hash == hash;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return false;
        }
    }
}
