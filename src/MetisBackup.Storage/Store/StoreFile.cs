using System.Security.Cryptography;

namespace MetisBackup.Storage.Store;

/// <summary>The ways in which files of a store are made: private while written, read-only once done, flushed to the disk.</summary>
internal static class StoreFile
{
    public const UnixFileMode PrivateDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const long LargestSmallFile = 64 << 20;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new file, mode 0600; fails if it exists.</summary>
    public static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        UnixCreateMode = PrivateFile,
    });

    /// <summary>A file for reading from begin to end.</summary>
    public static FileStream Read(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    });

    /// <summary>
    /// A small file as a whole. A link, pipe or device in its place, which may have no end, and what is longer than any such file fail like what cannot be read.
    /// </summary>
    public static byte[] ReadSmall(string path) => !OwnSize.IsRegularFile(path) ? throw new IOException($"'{path}' is no file.")
        : new FileInfo(path).Length > LargestSmallFile ? throw new IOException($"'{path}' is larger than {LargestSmallFile >> 20} MiB.")
        : File.ReadAllBytes(path);

    /// <summary>A directory and those above it that are missing, mode 0700.</summary>
    public static void CreateDirectory(string path)
    {
        if (!Directory.Exists(path))
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } above)
            {
                CreateDirectory(above);
            }

            Directory.CreateDirectory(path, PrivateDirectory);
        }
    }

    /// <summary>Flushes a written file to the disk and makes it read-only where the file system knows that.</summary>
    public static void Seal(FileStream file)
    {
        file.Flush(flushToDisk: true);
        try
        {
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead);
        }
        catch (UnauthorizedAccessException)
        {
            // The owner of a file may always do this, except on file systems without such modes, where nothing is lost.
            return;
        }
    }

    /// <summary>Writes a small file as a whole, seals it and returns its SHA-256.</summary>
    public static byte[] WriteSealed(string path, ReadOnlySpan<byte> content)
    {
        using var file = Create(path);
        file.Write(content);
        Seal(file);
        return SHA256.HashData(content);
    }

    /// <summary>Replaces a small file in one step: whoever reads it sees the old or the new content.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        using (var file = Create(fresh))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
