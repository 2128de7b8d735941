using MetisBackup.Core.Errors;

namespace MetisBackup.App.Configuration;

/// <summary>Where the password comes from: a file, or the environment. Never an argument, which every user of the machine can read.</summary>
internal static class Password
{
    private const int MaximumLength = 4096;

    /// <summary>The content of the file without its line end; without a file the variable <c>ARANGO_PASSWORD</c>, or empty.</summary>
    /// <param name="file">Path, or null.</param>
    /// <exception cref="MetisException">2: the file cannot be read or holds no password.</exception>
    public static string Read(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(Defaults.PasswordVariable) ?? "";
        }

        try
        {
            if (new FileInfo(file).Length > MaximumLength)
            {
                throw new MetisException(ErrorCode.Usage, $"The password file '{file}' is larger than {MaximumLength} bytes.", "name a file that holds the password and nothing else");
            }

            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new MetisException(ErrorCode.Usage, $"The password file '{file}' cannot be read.", "check its path and its rights", cause);
        }
    }
}
