using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Processes;

/// <summary>
/// Finds the absolute path of a program. The system's own directories come first, <c>sbin</c> included, so that a job of cron or systemd
/// finds what a shell finds; those of <c>PATH</c> come after them.
/// </summary>
public sealed class ProgramFinder
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly string[] _directories;

    /// <summary>A finder for the given directories and the absolute ones of a <c>PATH</c>.</summary>
    /// <param name="directories">Absolute paths, the first wins.</param>
    /// <param name="path">Value of the variable <c>PATH</c>, or null.</param>
    public ProgramFinder(IEnumerable<string> directories, string? path) => _directories =
        [.. directories.Concat(path?.Split(':') ?? []).Where(static one => Path.IsPathRooted(one)).Distinct(StringComparer.Ordinal)];

    /// <summary>The finder for this machine.</summary>
    public static ProgramFinder System { get; } = new(
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"], global::System.Environment.GetEnvironmentVariable("PATH"));

    /// <summary>All directories as a value of <c>PATH</c>: what started programs get.</summary>
    public string SearchPath => string.Join(':', _directories);

    /// <summary>The absolute path of a program; null when it is nowhere.</summary>
    /// <param name="program">A bare name or an absolute path.</param>
    /// <exception cref="MetisException">2: neither a name nor an absolute path.</exception>
    public string? Find(string program)
    {
        if (program.Length == 0 || program.Contains('\0', StringComparison.Ordinal) || (program.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(program)))
        {
            throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(program)} is not the name of a program.", "give a bare name or an absolute path");
        }

        return Path.IsPathRooted(program)
            ? IsProgram(program) ? program : null
            : _directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != UnixFileMode.None;
}
