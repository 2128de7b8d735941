using System.Security.Cryptography;
using System.Text;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Turns a name of the server into one for a file: a readable part and 16 hexadecimal digits of the SHA-256 of the name. Safe for every
/// legal name (256 bytes, any script, names that differ in case only).
/// </summary>
internal static class CollectionFolder
{
    private const int MaxReadable = 40;
    private const int HashBytes = 8;

    /// <summary>Like <c>airports-1f3a…</c>; only <c>a-z</c>, <c>0-9</c>, <c>_</c> and <c>-</c>, at most 57 characters.</summary>
    public static string NameOf(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return $"{ReadablePart(name)}-{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }

    /// <summary>What the names of files for all names with this beginning begin with.</summary>
    public static string ReadablePart(string name) => string.Concat(
        name.Take(MaxReadable).Select(static character => char.IsAsciiLetterOrDigit(character) || character == '_' ? char.ToLowerInvariant(character) : '_'));
}
