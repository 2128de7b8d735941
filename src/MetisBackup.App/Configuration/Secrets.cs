using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Configuration;

/// <summary>Fetches secrets from where they are kept: a file, or the environment. Never an argument, which every user of the machine can read.</summary>
internal static class Secrets
{
    private const int MaximumLength = 4096;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The secret: the content of the file without its line end, or the variable; empty when the variable is not set.</summary>
    /// <param name="reference">Where it is kept.</param>
    /// <param name="what">What it is, for messages: <c>password</c>.</param>
    /// <exception cref="MetisException">2: the file cannot be read or holds more than a secret.</exception>
    public static string Read(SecretReference reference, string what)
    {
        if (reference.File is not { } file)
        {
            return reference.Variable is { } variable ? Environment.GetEnvironmentVariable(variable) ?? "" : "";
        }

        try
        {
            return new FileInfo(file).Length <= MaximumLength
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new MetisException(ErrorCode.Usage, $"The {what} file '{file}' is larger than {MaximumLength} bytes.", $"name a file that holds the {what} and nothing else");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new MetisException(ErrorCode.Usage, $"The {what} file '{file}' cannot be read.", "check its path and its rights", cause);
        }
    }

    /// <summary>A sentence about a file that more can read than should; null when there is none to say.</summary>
    public static string? Exposure(SecretReference reference)
    {
        try
        {
            return reference.File is { } file && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None ? $"Others than its owner can read the secret in '{file}': chmod 600 '{file}'" : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null; // whoever needs the secret says so
        }
    }
}
