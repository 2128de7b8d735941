using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>A dump in a folder.</summary>
/// <param name="folder">Full path of the folder.</param>
public sealed class DumpFolder(string folder) : IDumpFiles
{
    /// <inheritdoc/>
    public string Place => folder;

    /// <inheritdoc/>
    public Task VisitAsync(Func<DumpEntry, ValueTask> visit, CancellationToken cancellationToken) =>
        VisitAsync(new DirectoryInfo(folder), visit, cancellationToken);

    private async Task VisitAsync(DirectoryInfo parent, Func<DumpEntry, ValueTask> visit, CancellationToken cancellationToken)
    {
        foreach (var one in parent.EnumerateFileSystemInfos().OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(folder, one.FullName);
            switch (one)
            {
                case { LinkTarget: not null }:
                    await visit(new DumpEntry(path, DumpEntryKind.Link, 0));
                    break;
                case DirectoryInfo below:
                    await visit(new DumpEntry(path, DumpEntryKind.Folder, 0));
                    await VisitAsync(below, visit, cancellationToken);
                    break;
                case FileInfo file when OwnSize.IsRegularFile(file.FullName):
                    await visit(new DumpEntry(path, DumpEntryKind.File, file.Length) { Open = () => StoreFile.Read(file.FullName) });
                    break;
                default:
                    throw new FormatException($"it holds '{path}', which is neither a file nor a folder");
            }
        }
    }
}
