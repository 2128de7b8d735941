namespace MetisBackup.Arango.Protocol;

/// <summary>Answer of <c>POST /_open/auth</c> (arangodb-protocol 1.4). A class, not a record: its text never shows the token.</summary>
public sealed class LoginAnswer
{
    /// <summary>The token.</summary>
    public string? Jwt { get; init; }
}

/// <summary>The claims of a token that matter to its holder.</summary>
public sealed record TokenClaims
{
    /// <summary>Issued at, seconds since 1970.</summary>
    public double Iat { get; init; }

    /// <summary>Expires at, seconds since 1970.</summary>
    public double Exp { get; init; }
}
