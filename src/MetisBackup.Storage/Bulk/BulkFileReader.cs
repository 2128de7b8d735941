using MetisBackup.Core.Bulk;
using MetisBackup.Storage.Store;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>Reads files into a snapshot so that each is of one moment: what changes meanwhile is read again, and marked when it never stands still.</summary>
internal sealed class BulkFileReader(BulkContentWriter contents, BulkWarnings warnings, IProgress<long>? progress) : IDisposable
{
    private const int Attempts = 3;

    private readonly ContentCopier _copier = new();

    /// <summary>Files whose content was read.</summary>
    public long FilesRead { get; private set; }

    /// <summary>Reads a file; null when it is gone or no longer a file.</summary>
    public TreeEntry? Read(WalkedEntry walked, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var temporary = contents.NextTemporary();
            using var file = OpenOrNull(walked);
            if (file is null)
            {
                warnings.AddVanished(1);
                return null;
            }

            var before = BulkRoot.Reading(() => TreeDirectory.StatusOf(file, walked.Path), walked.Path);
            if (before.Kind != TreeEntryKind.File)
            {
                warnings.AddSpecial(walked.Path);
                return null;
            }

            var copied = Copy(file, temporary, (walked.Path, before), cancellationToken);
            var attributes = BulkRoot.Reading(() => FileAttributeSet.Read(file, walked.Path), walked.Path);
            var after = BulkRoot.Reading(() => TreeDirectory.StatusOf(file, walked.Path), walked.Path);
            var torn = !after.IsUntouchedSince(before) || copied.Size != after.Size;
            if (torn && attempt < Attempts)
            {
                File.Delete(temporary);
                continue;
            }

            contents.Keep(temporary, copied, cancellationToken);
            FilesRead++;
            warnings.AddTorn(torn ? walked.Path : null);
            return after.Describe(walked.Path) with
            {
                Size = copied.Size,
                DataBytes = copied.DataBytes < copied.Size ? copied.DataBytes : null,
                Hash = copied.Hash,
                Stamp = after.Stamp,
                Torn = torn,
                Attributes = attributes,
            };
        }
    }

    private CopiedContent Copy(SafeFileHandle file, string temporary, (TreePath Path, FileStatus Status) source, CancellationToken cancellationToken)
    {
        using var copy = StoreFile.Create(temporary);
        return BulkRoot.Reading(
            () => _copier.Copy(
                file,
                copy.SafeFileHandle,
                source.Status.AllocatedBytes < source.Status.Size,
                error => StoreFault.Writing(error, temporary),
                bytes => progress?.Report(bytes),
                cancellationToken),
            source.Path);
    }

    /// <summary>Null when the file is gone, or something else has its name now.</summary>
    private static SafeFileHandle? OpenOrNull(WalkedEntry walked)
    {
        try
        {
            return walked.Parent.OpenFile(walked.Path.Name);
        }
        catch (IOException error) when (error.HResult is FileCalls.NoEntry or FileCalls.TooManyLinks)
        {
            return null;
        }
        catch (IOException error)
        {
            throw BulkRoot.Unreadable(error, walked.Path.ToString());
        }
    }

    public void Dispose() => _copier.Dispose();
}
