using MetisBackup.Core.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>Compares live files with what a snapshot says of them, byte for byte by their hash.</summary>
internal sealed class LiveFileReader(IProgress<long>? progress) : IDisposable
{
    private readonly ContentCopier _copier = new();

    /// <summary>Why the content has to be replaced, or null and what else the file is.</summary>
    public (string? Reason, TreeEntry? Described) Compare(TreeEntry stored, WalkedEntry live, CancellationToken cancellationToken)
    {
        try
        {
            using var file = live.Parent.OpenFile(live.Path.Name);
            var status = TreeDirectory.StatusOf(file, live.Path);
            if (status.Kind != TreeEntryKind.File)
            {
                return ("changes right now", null);
            }

            var content = _copier.Copy(file, target: null, sparse: false, static error => error, bytes => progress?.Report(bytes), cancellationToken);
            return content.Hash == stored.Hash
                ? (null, status.Describe(live.Path) with { Attributes = FileAttributeSet.Read(file, live.Path) })
                : ("has another content", null);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return ($"cannot be read: {error.Message}", null);
        }
    }

    public void Dispose() => _copier.Dispose();
}
