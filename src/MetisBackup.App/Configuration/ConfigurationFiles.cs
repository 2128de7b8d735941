using System.Text;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Configuration;

/// <summary>Finds and reads the files.</summary>
internal static class ConfigurationFiles
{
    /// <summary>The file of the machine.</summary>
    public const string OfMachine = "/etc/metis-backup/config.toml";

    /// <summary>The file of who wants none to be read.</summary>
    private const string NoFile = "/dev/null";

    private const int LargestFile = 1 << 20;

    /// <summary>The file of the user: <c>~/.config/metis-backup/config.toml</c>, or where <c>XDG_CONFIG_HOME</c> says.</summary>
    public static string OfUser => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder && Path.IsPathRooted(folder)
            ? folder
            : Path.Combine(HomeFolder.Path, ".config"),
        "metis-backup",
        "config.toml");

    /// <summary>The files to read, the least important first: the named one alone, or those of the machine and of the user that are there.</summary>
    /// <param name="named">What <c>--config</c> or its variable says; null for neither.</param>
    /// <exception cref="MetisException">10: there is no such file.</exception>
    public static IReadOnlyList<string> Find(string? named) => named switch
    {
        null => [.. ((string[])[OfMachine, OfUser]).Where(File.Exists)],
        NoFile => [],
        _ when File.Exists(named) => [Path.GetFullPath(named)],
        _ => throw new MetisException(ErrorCode.NotFound, $"There is no configuration file '{named}'.", "check its path"),
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="MetisException">2: it is too large or no UTF-8; 12: it may not be read; 15: everybody may write it.</exception>
    public static TomlFile Read(string path)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != UnixFileMode.None)
            {
                throw new MetisException(ErrorCode.Refused, $"Every user of the machine can write the configuration file '{path}', and it names programs that are run.", $"chmod o-w '{path}'");
            }

            using var file = File.OpenRead(path);
            var bytes = new byte[LargestFile + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > LargestFile
                ? throw new MetisException(ErrorCode.Usage, $"The configuration file '{path}' is larger than {LargestFile} bytes.", "name a file that holds settings and nothing else")
                : TomlFile.Parse(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(0, length)).TrimStart('\uFEFF'), path);
        }
        catch (DecoderFallbackException cause)
        {
            throw new MetisException(ErrorCode.Usage, $"The configuration file '{path}' is no UTF-8 text.", "save it as UTF-8", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new MetisException(ErrorCode.Denied, $"The configuration file '{path}' cannot be read.", "it holds no secrets: let every user who runs metis-backup read it", cause);
        }
    }
}
