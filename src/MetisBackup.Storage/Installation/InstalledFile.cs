using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Installation;

/// <summary>A file or link that belongs to an installation.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Content">Text of the file, whose first line holds the marker; null for a link.</param>
/// <param name="Target">What the link points to; null for a file.</param>
public sealed record InstalledFile(string Path, string? Content, string? Target)
{
    /// <summary>What the first line of each file holds: such a file may be replaced and removed, no other.</summary>
    public const string Marker = "Installed by 'metis-backup";

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode DirectoryMode = Mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What cron, logrotate and systemd all pass over.</summary>
    private const string PassedOver = "~";

    /// <summary>Compares what is there with what should be.</summary>
    /// <exception cref="MetisException">12: it cannot be read.</exception>
    public InstalledState Look()
    {
        try
        {
            if (new FileInfo(Path) is { LinkTarget: { } target })
            {
                return target == Target ? InstalledState.Current : InstalledState.Foreign;
            }

            if (Directory.Exists(Path))
            {
                return InstalledState.Foreign;
            }

            if (!File.Exists(Path))
            {
                return InstalledState.Missing;
            }

            var text = File.ReadAllText(Path);
            return text == Content && File.GetUnixFileMode(Path) == Mode ? InstalledState.Current
                : text.Split('\n', 2)[0].Contains(Marker, StringComparison.Ordinal) && Content is not null ? InstalledState.Outdated : InstalledState.Foreign;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw new MetisException(ErrorCode.Denied, $"'{Path}' cannot be read: {error.Message}", "run as root, or use --root to write somewhere else", error);
        }
    }

    /// <summary>Puts it there in one step, whoever reads sees the old or the new one; a foreign one is kept beside it with <c>~</c> appended.</summary>
    /// <exception cref="MetisException">12, 17: as the disk says.</exception>
    public void Write()
    {
        try
        {
            var folder = System.IO.Path.GetDirectoryName(Path)!;
            Directory.CreateDirectory(folder, DirectoryMode);
            if (Look() == InstalledState.Foreign)
            {
                File.Move(Path, Path + PassedOver, overwrite: true);
            }

            var fresh = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.new{PassedOver}");
            File.Delete(fresh);
            if (Target is not null)
            {
                File.CreateSymbolicLink(fresh, Target);
            }
            else
            {
                using var file = StoreFile.Create(fresh);
                file.Write(Encoding.UTF8.GetBytes(Content!));
                file.Flush(flushToDisk: true);
                File.SetUnixFileMode(file.SafeFileHandle, Mode);
            }

            File.Move(fresh, Path, overwrite: true);
            DirectoryFlush.Flush(folder);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw Fault(error, "written");
        }
    }

    /// <summary>Takes it away.</summary>
    /// <exception cref="MetisException">12: as the disk says.</exception>
    public void Remove()
    {
        try
        {
            File.Delete(Path);
            DirectoryFlush.Flush(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw Fault(error, "removed");
        }
    }

    private MetisException Fault(Exception error, string done) => StoreFault.Writing(error, Path) is { Code: not ErrorCode.Denied } other
        ? other
        : new MetisException(ErrorCode.Denied, $"'{Path}' cannot be {done}: {error.Message}", "run as root, or use --root to write somewhere else", error);
}

/// <summary>What is found where a file should be.</summary>
public enum InstalledState
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Exactly what should be there.</summary>
    Current,

    /// <summary>Ours, with another content or mode.</summary>
    Outdated,

    /// <summary>Somebody else's.</summary>
    Foreign,
}
