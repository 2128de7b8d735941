using MetisBackup.Core.Errors;

namespace MetisBackup.App.Supervision.Metrics;

/// <summary>The file that node_exporter's textfile collector reads: there as a whole or not at all, and readable by the collector.</summary>
internal static class MetricsFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes it anew.</summary>
    /// <exception cref="MetisException">12: it cannot be written. 17: no space.</exception>
    public static void Write(string path, string text)
    {
        // a name that the collector passes over, and that no other run has
        var unfinished = $"{path}.{Environment.ProcessId}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new StreamWriter(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode }))
            {
                file.Write(text);
            }

            File.SetUnixFileMode(unfinished, Mode); // whatever the mask of the process is
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
            throw new MetisException(ErrorCode.Denied, $"The metrics cannot be written to '{path}': {error.Message}", "make its directory, owned by who runs metis-backup, or set metrics.textfile to another one", error);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return; // what could not be written is told of, not what could not be tidied up after it
        }
    }
}
