namespace MetisBackup.App.Configuration;

/// <summary>An address of a web service, whose path often is its secret.</summary>
internal static class WebAddress
{
    /// <summary>Whether requests can be sent there. Account and password have no place in it.</summary>
    public static bool IsLegal(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Host.Length > 0;

    /// <summary>Scheme, host and port; three dots for what follows.</summary>
    public static string Shown(string text) => !Uri.TryCreate(text, UriKind.Absolute, out var address)
        ? "…"
        : address.PathAndQuery is "/" ? text : address.GetLeftPart(UriPartial.Authority).Split('@')[^1] is var host && host.StartsWith("http", StringComparison.Ordinal) ? host + "/…" : "…";
}
