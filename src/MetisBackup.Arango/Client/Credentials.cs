using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetisBackup.Arango.Protocol;

namespace MetisBackup.Arango.Client;

/// <summary>
/// The <c>Authorization</c> header: a token of <c>/_open/auth</c> that is renewed at half of its life, or Basic where the server
/// hands out no tokens (arangodb-protocol 1.4).
/// </summary>
internal sealed class Credentials(ArangoConnection connection, TimeProvider clock) : IDisposable
{
    private const string TokenScheme = "bearer";
    private static readonly TimeSpan DefaultLife = TimeSpan.FromHours(1);
    private readonly ArangoConnection _connection = connection;
    private readonly TimeProvider _clock = clock;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private AuthenticationHeaderValue? _header;
    private long _renewAt;
    private bool _known;

    /// <summary>The server has handed out a token, so it knows its callers.</summary>
    public bool HasToken => Volatile.Read(ref _known) && _header is { Scheme: TokenScheme };

    /// <summary>The header for the next call; null when the connection has no user.</summary>
    /// <param name="login">Sends the login call.</param>
    /// <param name="refused">A header that the server has just answered with 401; it is not handed out again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<AuthenticationHeaderValue?> GetAsync(
        Func<ArangoRequest, CancellationToken, Task<ArangoResponse>> login, AuthenticationHeaderValue? refused, CancellationToken cancellationToken)
    {
        if (_connection.User.Length == 0)
        {
            return null;
        }

        if (IsFresh(refused))
        {
            return _header;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(refused))
            {
                await LoginAsync(login, cancellationToken);
            }

            return _header;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private bool IsFresh(AuthenticationHeaderValue? refused) =>
        Volatile.Read(ref _known) && !ReferenceEquals(_header, refused) && _clock.GetTimestamp() < Volatile.Read(ref _renewAt);

    private async Task LoginAsync(Func<ArangoRequest, CancellationToken, Task<ArangoResponse>> login, CancellationToken cancellationToken)
    {
        using var response = await login(LoginRequest(), cancellationToken);
        if (response.Status is 400 or 404 or 405 or 501)
        {
            var pair = Encoding.UTF8.GetBytes($"{_connection.User}:{_connection.Password}");
            Remember(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair)), TimeSpan.FromDays(1));
            return;
        }

        var answer = await response.EnsureSuccess().ReadJsonAsync(ProtocolJson.Default.LoginAnswer, cancellationToken);
        var token = answer.Jwt is { Length: > 0 } text ? text : throw response.Malformed("it holds no token");
        Remember(new AuthenticationHeaderValue(TokenScheme, token), LifeOf(token) / 2);
    }

    private void Remember(AuthenticationHeaderValue header, TimeSpan life)
    {
        _header = header;
        Volatile.Write(ref _renewAt, _clock.GetTimestamp() + (long)(life.TotalSeconds * _clock.TimestampFrequency));
        Volatile.Write(ref _known, value: true);
    }

    private ArangoRequest LoginRequest()
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("username"u8, _connection.User);
            json.WriteString("password"u8, _connection.Password);
            json.WriteEndObject();
        }

        return ArangoRequest.WithJson(HttpMethod.Post, null, "/_open/auth", body.WrittenMemory) with { Repeatable = true };
    }

    /// <summary>Issue and expiry are both the server's, so that its clock may differ from ours.</summary>
    private static TimeSpan LifeOf(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return DefaultLife;
        }

        try
        {
            var claims = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(parts[1]), ProtocolJson.Default.TokenClaims);
            return claims is { Exp: > 0 } && claims.Exp > claims.Iat && claims.Iat > 0 ? TimeSpan.FromSeconds(claims.Exp - claims.Iat) : DefaultLife;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return DefaultLife;
        }
    }
}
