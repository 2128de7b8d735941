using MetisBackup.Core.Errors;

namespace MetisBackup.App.Configuration;

/// <summary>The address of a server as a user may write it.</summary>
internal static class Endpoint
{
    /// <summary>Checks an address: <c>http://host:port</c>, <c>https://host:port</c> or <c>unix:///path</c>, without a password in it.</summary>
    /// <exception cref="MetisException">2: not an address, or one that carries an account.</exception>
    public static string Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "unix"))
        {
            // an address that cannot be taken apart may still hold a password: it is not repeated
            throw new MetisException(ErrorCode.Usage, "the endpoint is not an address", "write it like http://127.0.0.1:8529, https://host:8529 or unix:///path/to/socket");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new MetisException(ErrorCode.Usage, "the endpoint carries an account", $"use --user, and {Defaults.PasswordVariable} or --password-file: arguments can be read by every user of the machine");
        }

        if (address.Scheme != "unix" && (address.PathAndQuery != "/" || address.Fragment.Length > 0))
        {
            throw new MetisException(ErrorCode.Usage, $"the endpoint '{text}' carries a path", "give only scheme, host and port; the database has its own option");
        }

        return address.Scheme == "unix" ? text : address.GetLeftPart(UriPartial.Authority);
    }
}
