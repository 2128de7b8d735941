using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The shape of a document of <c>_users</c> (arangodb-protocol 2.3).</summary>
internal static class UserDocument
{
    private const int SaltBytes = 4;

    /// <summary>A new user without any rights.</summary>
    public static JsonObject Create(string name, string password, bool active, JsonNode? extra) => new()
    {
        ["user"] = name,
        ["source"] = "COLLECTION",
        ["authData"] = new JsonObject { ["active"] = active, ["simple"] = Hash(password) },
        ["databases"] = new JsonObject(),
        ["configData"] = new JsonObject(),
        ["userData"] = extra?.DeepClone() ?? new JsonObject(),
    };

    /// <summary>What the document grants.</summary>
    public static UserAccount ReadAccount(JsonElement document)
    {
        var grants = ImmutableDictionary.CreateBuilder<string, DatabaseGrant>(StringComparer.Ordinal);
        foreach (var database in Properties(document, "databases"))
        {
            var collections = Properties(database.Value, "collections").ToImmutableDictionary(static c => c.Name, static c => ReadLevel(c.Value) ?? AccessLevel.None, StringComparer.Ordinal);
            grants[database.Name] = new DatabaseGrant(ReadLevel(database.Value), collections);
        }

        return new UserAccount(Name(document), IsActive(document), grants.ToImmutable());
    }

    public static string Name(JsonElement document) => Text(document, "user");

    public static bool IsActive(JsonElement document) =>
        document.TryGetProperty("authData", out var auth) && auth.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True;

    /// <summary>Compares the hash of the password with the stored one; takes the same time whatever differs.</summary>
    public static bool HasPassword(JsonElement document, string password)
    {
        if (!document.TryGetProperty("authData", out var auth) || !auth.TryGetProperty("simple", out var simple) || simple.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var salted = Encoding.UTF8.GetBytes(Text(simple, "salt") + password);
        var hash = Digest(Text(simple, "method"), salted);
        return hash is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)), Encoding.ASCII.GetBytes(Text(simple, "hash").ToLowerInvariant()));
    }

    /// <summary>The object <c>authData.simple</c> of a password, with a fresh salt.</summary>
    public static JsonObject Hash(string password)
    {
        var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
        return new JsonObject
        {
            ["hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + password))),
            ["salt"] = salt,
            ["method"] = "sha256",
        };
    }

    /// <summary>The object <c>permissions</c> of a level.</summary>
    public static JsonObject Permissions(AccessLevel level) => new()
    {
        ["read"] = level >= AccessLevel.ReadOnly,
        ["write"] = level == AccessLevel.ReadWrite,
    };

    /// <summary>The object of this name inside another one, added where it is missing.</summary>
    public static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    private static AccessLevel? ReadLevel(JsonElement grant)
    {
        if (grant.ValueKind == JsonValueKind.String)
        {
            return AccessLevels.Parse(grant.GetString());
        }

        if (grant.ValueKind != JsonValueKind.Object || !grant.TryGetProperty("permissions", out var permissions) || permissions.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return Flag(permissions, "write") ? AccessLevel.ReadWrite
            : Flag(permissions, "read") ? AccessLevel.ReadOnly
            : permissions.TryGetProperty("read", out _) || permissions.TryGetProperty("write", out _) ? AccessLevel.None : null;
    }

#pragma warning disable CA5350, CA5351 // old methods are accepted as the real server does; new hashes are sha256
    private static byte[]? Digest(string method, byte[] data) => method switch
    {
        "sha256" => SHA256.HashData(data),
        "sha512" => SHA512.HashData(data),
        "sha384" => SHA384.HashData(data),
        "sha1" => SHA1.HashData(data),
        "md5" => MD5.HashData(data),
        _ => null,
    };
#pragma warning restore CA5350, CA5351

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private static JsonElement.ObjectEnumerator Properties(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : default;
}
