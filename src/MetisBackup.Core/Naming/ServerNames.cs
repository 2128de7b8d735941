using System.Text;
using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Naming;

/// <summary>
/// The server's rules for names (arangodb-protocol 1.3). A name is legal here when either the traditional or the extended rule
/// allows it; what a given server accepts is for that server to say.
/// </summary>
public static class ServerNames
{
    private const int MaxDatabaseBytes = 128;
    private const int MaxCollectionBytes = 256;

    /// <summary>Whether <paramref name="name"/> can name a database.</summary>
    public static bool IsDatabase(string name) => IsLegal(name, MaxDatabaseBytes, forbidden: "/:", allowUnderscore: name.StartsWith('_') && IsTraditional(name));

    /// <summary>Whether <paramref name="name"/> can name a collection or a view; those of the system begin with <c>_</c>.</summary>
    public static bool IsCollection(string name) => IsLegal(name, MaxCollectionBytes, forbidden: "/", allowUnderscore: name.StartsWith('_') && IsTraditional(name));

    /// <summary>Returns a database name that a user gave.</summary>
    /// <exception cref="MetisException">Usage: no server would accept the name.</exception>
    public static string RequireDatabase(string name) => IsDatabase(name)
        ? name
        : throw new MetisException(
            ErrorCode.Usage,
            $"{QuotedName.Of(name)} cannot be the name of a database.",
            "a database name has 1 to 128 bytes, no '/', no ':' and no control characters, and does not begin with a digit, '.' or a space");

    /// <summary>Returns a collection name that a user gave.</summary>
    /// <exception cref="MetisException">Usage: no server would accept the name.</exception>
    public static string RequireCollection(string name) => IsCollection(name)
        ? name
        : throw new MetisException(
            ErrorCode.Usage,
            $"{QuotedName.Of(name)} cannot be the name of a collection.",
            "a collection name has 1 to 256 bytes, no '/' and no control characters, and does not begin with a digit, '.' or a space");

    private static bool IsTraditional(string name) =>
        name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    private static bool IsLegal(string name, int maxBytes, string forbidden, bool allowUnderscore)
    {
        if (name.Length is 0 || name.Length > maxBytes || !IsWellFormed(name) || Encoding.UTF8.GetByteCount(name) > maxBytes)
        {
            return false;
        }

        var first = name[0];
        if (char.IsAsciiDigit(first) || first is '.' or ' ' || (first == '_' && !allowUnderscore) || name[^1] == ' ')
        {
            return false;
        }

        return !name.Any(character => character < ' ' || forbidden.Contains(character, StringComparison.Ordinal));
    }

    /// <summary>No half of a surrogate pair by itself.</summary>
    private static bool IsWellFormed(string name)
    {
        for (var position = 0; position < name.Length;)
        {
            if (!Rune.TryGetRuneAt(name, position, out var rune))
            {
                return false;
            }

            position += rune.Utf16SequenceLength;
        }

        return true;
    }
}
