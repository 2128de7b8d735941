namespace MetisBackup.App.Configuration;

/// <summary>The user's own directory, which a system user may not have.</summary>
internal static class HomeFolder
{
    /// <summary>
    /// Its path, absolute also when there is no such directory: without that, what lies below it would be looked for in the working directory,
    /// which may belong to somebody else.
    /// </summary>
    public static string Path { get; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is var home
        && System.IO.Path.IsPathRooted(home) ? home : "/nonexistent";
}
