namespace MetisBackup.App.Configuration;

/// <summary>Where this user's runs are remembered.</summary>
internal static class StateFolder
{
    /// <summary>
    /// The directory that somebody set for the DR tier; otherwise the one that systemd made for the unit (<c>STATE_DIRECTORY</c>), that of the
    /// machine for root, and <c>~/.local/state/metis-backup</c>, or where <c>XDG_STATE_HOME</c> says, for everybody else.
    /// </summary>
    public static string Of(SettingSection dr)
    {
        if (dr.Origin("state").Kind != OriginKind.Default)
        {
            return dr.Text("state");
        }

        return Rooted("STATE_DIRECTORY")?.Split(':')[0] ?? (Environment.IsPrivilegedProcess ? Defaults.State : OfUser);
    }

    private static string OfUser => Path.Combine(
        Rooted("XDG_STATE_HOME") ?? Path.Combine(HomeFolder.Path, ".local", "state"), "metis-backup");

    private static string? Rooted(string variable) => EnvironmentVariables.Of(variable) is { } path && Path.IsPathRooted(path) ? path : null;
}
