using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>A private temporary file in <c>$TMPDIR</c> whose name is gone as soon as it is there: a run that is killed leaves nothing behind.</summary>
internal sealed class NamelessFile : IDisposable
{
    private readonly FileStream _file;

    private NamelessFile(FileStream file) => _file = file;

    /// <summary>By this path it can be opened as long as this object lives.</summary>
    public string Path => $"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}";

    /// <summary>Makes one.</summary>
    /// <exception cref="Core.Errors.MetisException">NoSpace, Denied: as the disk says.</exception>
    public static NamelessFile Create()
    {
        var name = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"metis-files-{System.IO.Path.GetRandomFileName()}");
        try
        {
            var file = new FileStream(name, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.Delete(name);
            return new NamelessFile(file);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, name);
        }
    }

    /// <summary>For writing it from its begin, once.</summary>
    public FileStream OpenForWriting() => new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
