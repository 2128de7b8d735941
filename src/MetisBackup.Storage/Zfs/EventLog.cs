using System.Text;

namespace MetisBackup.Storage.Zfs;

/// <summary>The log of the DR tier: one line per event, appended in one write, so that lines of two runs never mix.</summary>
/// <param name="path">The file; made when missing, mode 0640.</param>
public sealed class EventLog(string path)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private readonly string _path = path;

    /// <summary>Appends <c>TIME EVENT</c>.</summary>
    /// <returns>Why it could not be written; null when it was.</returns>
    public string? TryAppend(DateTimeOffset time, string text)
    {
        var line = $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {text.ReplaceLineEndings(" ")}\n";
        try
        {
            using var file = new FileStream(_path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                BufferSize = 0,
                UnixCreateMode = Mode,
            });
            file.Write(Encoding.UTF8.GetBytes(line));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The log {_path} cannot be written: {error.Message}";
        }
    }
}
