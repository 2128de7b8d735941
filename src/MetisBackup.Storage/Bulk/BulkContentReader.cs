using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>Opens contents in a snapshot; no link leads it out of there. Safe for one thread at a time.</summary>
internal sealed class BulkContentReader : IDisposable
{
    private readonly TreeDirectory _data;
    private readonly Dictionary<string, TreeDirectory?> _subfolders = new(StringComparer.Ordinal);

    /// <summary>Opens the folder of contents.</summary>
    /// <param name="snapshotPath">Folder of the snapshot.</param>
    /// <exception cref="IOException">The folder of contents cannot be opened.</exception>
    public BulkContentReader(string snapshotPath)
    {
        using var snapshot = TreeDirectory.OpenRoot(snapshotPath);
        using var bulk = snapshot.Open("bulk"u8);
        _data = bulk.Open("data"u8);
    }

    /// <summary>The same; a folder that cannot be opened is a damage of the snapshot.</summary>
    /// <exception cref="MetisException">VerificationFailed: the folder of contents is missing or cannot be opened.</exception>
    public static BulkContentReader OpenSound(string snapshotPath)
    {
        try
        {
            return new BulkContentReader(snapshotPath);
        }
        catch (IOException error)
        {
            throw StoreFault.Damaged($"The contents of bulk files in '{snapshotPath}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The names that lie directly in the folder.</summary>
    public IReadOnlyList<string> Subfolders() => [.. _data.Names().Select(static name => TreePath.Printable(name))];

    /// <summary>The names in one of them.</summary>
    public IReadOnlyList<string> Names(string subfolder) => [.. Subfolder(subfolder)?.Names().Select(static name => TreePath.Printable(name)) ?? []];

    /// <summary>Opens a content; null when there is none.</summary>
    public SafeFileHandle? Open(string hash)
    {
        var folder = Subfolder(hash[..2]);
        var name = System.Text.Encoding.ASCII.GetBytes(hash);
        return folder?.Status(name) is { Kind: TreeEntryKind.File } ? folder.OpenFile(name) : null;
    }

    /// <summary>Length of a content; null when there is none.</summary>
    public long? Length(string hash) =>
        Subfolder(hash[..2])?.Status(System.Text.Encoding.ASCII.GetBytes(hash)) is { Kind: TreeEntryKind.File } status ? status.Size : null;

    /// <summary>Reads a content to its end and compares it with its hash.</summary>
    /// <exception cref="MetisException">VerificationFailed: it is missing, damaged or cannot be read.</exception>
    public void RequireSound(TreeEntry entry, ContentCopier copier, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var file = Open(entry.Hash!) ?? throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' is missing.");
            if (copier.Copy(file, target: null, sparse: false, static error => error, bytes => progress?.Report(bytes), cancellationToken).Hash != entry.Hash)
            {
                throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' is damaged: it does not match its SHA-256.");
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Damaged($"The content of bulk file '{entry.Path}' cannot be read: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        foreach (var folder in _subfolders.Values)
        {
            folder?.Dispose();
        }

        _data.Dispose();
    }

    private TreeDirectory? Subfolder(string name)
    {
        if (!_subfolders.TryGetValue(name, out var folder))
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(name);
            folder = _data.Status(bytes) is { Kind: TreeEntryKind.Directory } ? _data.Open(bytes) : null;
            _subfolders.Add(name, folder);
        }

        return folder;
    }
}
