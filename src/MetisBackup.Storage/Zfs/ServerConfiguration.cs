using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Zfs;

/// <summary>A configuration file of <c>arangod</c>: sections in brackets, <c>name = value</c>, comments behind <c>#</c>.</summary>
public sealed class ServerConfiguration
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private ServerConfiguration()
    {
    }

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="MetisException">12: it may not be read.</exception>
    public static ServerConfiguration? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MetisException(ErrorCode.Denied, $"The server's configuration '{path}' cannot be read: {error.Message}", "run as a user who may read it, or name the paths with --data-path", error);
        }
    }

    /// <summary>Reads the text of such a file.</summary>
    public static ServerConfiguration Parse(string text)
    {
        var result = new ServerConfiguration();
        var section = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Split('#', 2)[0].Trim();
            if (line is ['[', .. var name, ']'])
            {
                section = name.Trim() + ".";
            }
            else if (line.Split('=', 2) is [var key, var value])
            {
                var option = key.Trim();
                result._values[option.Contains('.', StringComparison.Ordinal) ? option : section + option] = value.Trim();
            }
        }

        return result;
    }

    /// <summary>The value of <c>section.name</c>; null when it is missing or empty.</summary>
    public string? Value(string option) => _values.GetValueOrDefault(option) is { Length: > 0 } value ? value : null;
}
