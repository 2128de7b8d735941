using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetisBackup.DevServer.Hosting;

/// <summary>
/// Access tokens, which stand in for a password (arangodb-protocol 1.4): <c>v1.</c> and hexadecimal JSON that names the user. The document of
/// the user keeps only a hash of each.
/// </summary>
internal static class AccessToken
{
    private const string Attribute = "accessTokens";
    private const string Prefix = "v1.";
    private const int RandomBytes = 16;
    private const int FingerprintLength = 6;

    /// <summary>Makes a token and adds it to the user's document.</summary>
    /// <param name="document">The document of the user.</param>
    /// <param name="name">What the user calls the token.</param>
    /// <param name="created">Seconds since 1970.</param>
    /// <param name="validUntil">Seconds since 1970.</param>
    /// <returns>The text of the token, which nobody can read later, and its id.</returns>
    public static (string Text, long Id) Add(JsonObject document, string name, long created, long validUntil)
    {
        var user = document["user"]?.GetValue<string>() ?? "";
        var random = Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)).TrimEnd('=');
        var content = new JsonObject { ["e"] = validUntil, ["c"] = created, ["u"] = user, ["r"] = random };
        var text = Prefix + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(content.ToJsonString()));
        if (document[Attribute] is not JsonArray tokens)
        {
            document[Attribute] = tokens = [];
        }

        var id = tokens.Select(static token => token?["id"]?.GetValue<long>() ?? 0).DefaultIfEmpty().Max() + 1;
        tokens.Add((JsonNode)new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["valid_until"] = validUntil,
            ["created_at"] = created,
            ["fingerprint"] = $"{Prefix}..{text[^FingerprintLength..]}",
            ["hash"] = HashOf(text),
        });
        return (text, id);
    }

    /// <summary>Takes a token out of the user's document; false where it has none of this id.</summary>
    public static bool Remove(JsonObject document, long id) =>
        document[Attribute] is JsonArray tokens && tokens.RemoveAll(token => token?["id"]?.GetValue<long>() == id) > 0;

    /// <summary>The tokens of a user, without their text.</summary>
    public static IEnumerable<JsonElement> Of(JsonElement document) =>
        document.TryGetProperty(Attribute, out var tokens) && tokens.ValueKind == JsonValueKind.Array ? tokens.EnumerateArray() : [];

    /// <summary>Who a token says it belongs to; null for a text that is none. Nothing is proven by it.</summary>
    public static string? UserOf(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var content = JsonDocument.Parse(Convert.FromHexString(text.AsSpan(Prefix.Length)));
            return content.RootElement.TryGetProperty("u", out var user) ? user.GetString() : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the user holds this token and its time is not over.</summary>
    /// <param name="document">The document of the user.</param>
    /// <param name="text">The token.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static bool IsValid(JsonElement document, string text, long now)
    {
        var hash = Encoding.ASCII.GetBytes(HashOf(text));
        return Of(document).Any(token =>
            IsActive(token, now)
            && token.TryGetProperty("hash", out var stored)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored.GetString() ?? ""), hash));
    }

    public static bool IsActive(JsonElement token, long now) =>
        token.TryGetProperty("valid_until", out var end) && end.TryGetInt64(out var seconds) && now < seconds;

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
