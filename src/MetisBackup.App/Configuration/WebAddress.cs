namespace MetisBackup.App.Configuration;

/// <summary>An address of a web service, whose path often is its secret.</summary>
internal static class WebAddress
{
    /// <summary>The kernel takes no longer one.</summary>
    private const int LongestSocketPath = 108;

    /// <summary>Whether requests can be sent there. Account and password have no place in it.</summary>
    public static bool IsLegal(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Host.Length > 0;

    /// <summary>Whether it is the address of a server: of a socket, or of a host without account, password and path.</summary>
    public static bool IsServer(string text)
    {
        var (scheme, rest) = text.Split("://", 2) is [var first, var second] ? (first, second) : ("", "");
        return scheme.ToLowerInvariant() switch
        {
            "unix" or "http+unix" => rest.StartsWith('/') && rest.Length is > 1 and < LongestSocketPath,
            "http" or "tcp" or "http+tcp" or "https" or "ssl" or "http+ssl" =>
                Uri.TryCreate($"http://{rest}", UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Host.Length > 0 && address.PathAndQuery is "/" or "" && address.Fragment.Length == 0,
            _ => false,
        };
    }

    /// <summary>Scheme, host and port; three dots for what follows.</summary>
    public static string Shown(string text) => !Uri.TryCreate(text, UriKind.Absolute, out var address)
        ? "…"
        : address.PathAndQuery is "/" ? text : address.GetLeftPart(UriPartial.Authority).Split('@')[^1] is var host && host.StartsWith("http", StringComparison.Ordinal) ? host + "/…" : "…";
}
