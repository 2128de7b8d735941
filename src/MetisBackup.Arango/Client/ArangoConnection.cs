namespace MetisBackup.Arango.Client;

/// <summary>Everything that is needed to talk to one server. A class, not a record: its text never shows the password.</summary>
public sealed class ArangoConnection
{
    /// <summary>Where the server listens.</summary>
    public required ArangoEndpoint Endpoint { get; init; }

    /// <summary>Account name; empty sends no credentials.</summary>
    public required string User { get; init; }

    /// <summary>The account's password; may be empty.</summary>
    public required string Password { get; init; }

    /// <summary>How long a TCP or TLS connection may take to open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an ordinary call may take until its answer begins.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a body may pause.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The first pause before a call is repeated; later ones double.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override string ToString() => $"{User}@{Endpoint.Text}";
}
