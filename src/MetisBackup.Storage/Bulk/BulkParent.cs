using System.Security.Cryptography;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>The files of an older snapshot, asked for in the order of a walk.</summary>
internal sealed class BulkParent : IDisposable
{
    private readonly IEnumerator<TreeEntry> _entries;
    private bool _hasEntry;

    private BulkParent(SnapshotReader reader, FileTime began)
    {
        (Folder, Began) = (reader.Entry.Path, began);
        _entries = TreeListFile.Read(Path.Combine(reader.Entry.Path, TreeListFile.Name)).GetEnumerator();
        _hasEntry = _entries.MoveNext();
    }

    /// <summary>Folder of the snapshot.</summary>
    public string Folder { get; }

    /// <summary>When its capture of the files began.</summary>
    public FileTime Began { get; }

    /// <summary>Opens the list after a look at every byte of it.</summary>
    /// <exception cref="MetisException">VerificationFailed: the list is damaged.</exception>
    public static BulkParent Open(SnapshotReader reader)
    {
        var path = Path.Combine(reader.Entry.Path, TreeListFile.Name);
        try
        {
            using (var file = StoreFile.Read(path))
            {
                if (Convert.ToHexStringLower(SHA256.HashData(file)) != reader.Hashes.Hashes[TreeListFile.Name])
                {
                    throw StoreFault.Damaged($"'{path}' is damaged: it does not match its SHA-256.");
                }
            }

            var began = reader.Manifest.Bulk!.BeganAt;
            return new BulkParent(reader, new FileTime(began.ToUnixTimeSeconds(), 0));
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}.", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }

    /// <summary>The entry with this path; paths must be asked for in ascending order.</summary>
    public TreeEntry? Find(TreePath path)
    {
        try
        {
            while (_hasEntry && _entries.Current.Path < path)
            {
                _hasEntry = _entries.MoveNext();
            }
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{Path.Combine(Folder, TreeListFile.Name)}' is damaged: {error.Message}.", error);
        }

        return _hasEntry && _entries.Current.Path == path ? _entries.Current : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();
}
