using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Makes and checks the tokens of arangodb-protocol 1.4: HS256 over header and claims.</summary>
internal sealed class JsonWebToken(ReadOnlyMemory<byte> secret, TimeProvider time)
{
    private static readonly TimeSpan LifeTime = TimeSpan.FromHours(1);

    /// <summary>A token for a user, valid for an hour.</summary>
    public string Issue(string user)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        using var claims = new PooledBuffer(256);
        using (var writer = new Utf8JsonWriter(claims, ArangoResponse.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("preferred_username"u8, user);
            writer.WriteString("iss"u8, "arangodb"u8);
            writer.WriteNumber("iat"u8, now);
            writer.WriteNumber("exp"u8, now + (long)LifeTime.TotalSeconds);
            writer.WriteEndObject();
        }

        var text = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString(claims.Span)}";
        return $"{text}.{Base64Url.EncodeToString(Sign(text))}";
    }

    /// <summary>Checks signature, issuer and expiry.</summary>
    /// <param name="token">The three parts of the token.</param>
    /// <param name="user">The user's name; null for a superuser's token.</param>
    public bool TryRead(string token, out string? user)
    {
        user = null;
        var parts = token.Split('.');
        return parts.Length == 3
            && TryDecode(parts[2], out var signature)
            && CryptographicOperations.FixedTimeEquals(signature, Sign($"{parts[0]}.{parts[1]}"))
            && TryDecode(parts[0], out var header)
            && TryDecode(parts[1], out var claims)
            && IsHs256(header)
            && TryReadClaims(claims, out user);
    }

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        return bytes is not null;
    }

    private static bool IsHs256(byte[] header)
    {
        using var document = TryParse(header);
        return document is not null
            && document.RootElement.TryGetProperty("alg"u8, out var algorithm)
            && algorithm.ValueKind == JsonValueKind.String
            && algorithm.ValueEquals("HS256"u8);
    }

    private static JsonDocument? TryParse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    private bool TryReadClaims(byte[] json, out string? user)
    {
        user = null;
        using var document = TryParse(json);
        if (document is null)
        {
            return false;
        }

        var claims = document.RootElement;
        if (!claims.TryGetProperty("iss"u8, out var issuer) || issuer.ValueKind != JsonValueKind.String || !issuer.ValueEquals("arangodb"u8))
        {
            return false;
        }

        if (claims.TryGetProperty("exp"u8, out var expiry)
            && (!expiry.TryGetDouble(out var seconds) || seconds <= time.GetUtcNow().ToUnixTimeSeconds()))
        {
            return false;
        }

        if (claims.TryGetProperty("preferred_username"u8, out var name))
        {
            user = name.ValueKind == JsonValueKind.String ? name.GetString() : null;
            return user is not null;
        }

        return claims.TryGetProperty("server_id"u8, out var server) && server.ValueKind == JsonValueKind.String;
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(secret.Span, Encoding.ASCII.GetBytes(text));
}
