using System.Security.Cryptography;
using System.Text;
using MetisBackup.Arango.Protocol;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Finds out who calls and whether that one may pass (arangodb-protocol 1.2, 1.4).</summary>
internal sealed class AuthenticationGate
{
    private const string Refusal = "not authorized to execute this request";
    private readonly ServerContext _server;

    public AuthenticationGate(ServerContext server)
    {
        _server = server;
        Tokens = new JsonWebToken(server.Options.JwtSecret ?? RandomNumberGenerator.GetBytes(64), server.Time);
    }

    /// <summary>Issues and checks tokens with the secret of this server.</summary>
    public JsonWebToken Tokens { get; }

    /// <summary>Who calls, by the header <c>Authorization</c>; null for credentials that are wrong.</summary>
    public Caller? Identify(string? authorization)
    {
        if (!_server.AuthenticationEnabled)
        {
            return Caller.Superuser;
        }

        if (string.IsNullOrEmpty(authorization))
        {
            return Caller.Nobody;
        }

        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? authorization : authorization[..space];
        var rest = space < 0 ? "" : authorization[(space + 1)..].Trim();
        if (scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
        {
            return IdentifyToken(rest);
        }

        return scheme.Equals("basic", StringComparison.OrdinalIgnoreCase) ? IdentifyPassword(rest) : null;
    }

    /// <summary>The answer that turns a request away; null lets it pass.</summary>
    public ArangoResponse? Refuse(Caller? caller, string database, RouteAccess access, bool omitChallenge)
    {
        if (access == RouteAccess.Open)
        {
            return null;
        }

        if (caller is null or { Authenticated: false })
        {
            return Unauthorized(omitChallenge);
        }

        var level = caller.Level(database);
        if (level == AccessLevel.None && access == RouteAccess.Database)
        {
            return Unauthorized(omitChallenge);
        }

        if (_server.Engine.Catalog.Databases.ContainsKey(database))
        {
            return null;
        }

        return level == AccessLevel.None
            ? Unauthorized(omitChallenge)
            : ArangoResponse.Error(404, ErrorNumber.DatabaseNotFound, "database not found");
    }

    private static ArangoResponse Unauthorized(bool omitChallenge)
    {
        var answer = ArangoResponse.Error(401, ErrorNumber.Forbidden, Refusal);
        return omitChallenge
            ? answer
            : answer.With("www-authenticate", "Bearer token_type=\"JWT\", realm=\"ArangoDB\"").With("www-authenticate", "Basic realm=\"ArangoDB\"");
    }

    private Caller? IdentifyToken(string token)
    {
        if (!Tokens.TryRead(token, out var user))
        {
            return null;
        }

        if (user is null)
        {
            return Caller.Superuser;
        }

        return _server.Users.Find(user) is { Active: true } account ? new Caller(account, Authenticated: true) : null;
    }

    private Caller? IdentifyPassword(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && _server.Users.Authenticate(text[..colon], text[(colon + 1)..]) is { } account
            ? new Caller(account, Authenticated: true)
            : null;
    }
}
