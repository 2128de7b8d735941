namespace MetisBackup.App.Operations;

/// <summary>Which server an operation talks to and as whom. A class, not a record: its text never shows the password.</summary>
/// <param name="endpoint"><c>http://host:port</c>, <c>https://host:port</c> or <c>unix:///path</c>.</param>
/// <param name="user">Name of the account; empty for a server that runs without authentication.</param>
/// <param name="password">The account's password, from the environment or a file; may be empty.</param>
internal sealed class ServerSettings(string endpoint, string user, string password)
{
    /// <summary>Address of the server, safe to show.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>Account name, safe to show.</summary>
    public string User { get; } = user;

    /// <summary>Never to be logged, stored or put into a message.</summary>
    public string Password { get; } = password;

    /// <inheritdoc/>
    public override string ToString() => $"{User}@{Endpoint}";
}
