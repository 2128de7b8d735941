using System.Text;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>Which names a server with extended names accepts (arangodb-protocol 1.3); lengths are in bytes of UTF-8.</summary>
internal static class ObjectNames
{
    private const int MaxLength = 256;
    private const int MaxDatabaseLength = 128;

    /// <summary>Collections and views; a leading underscore belongs to system collections alone.</summary>
    public static bool IsCollection(string name, bool isSystem)
    {
        if (name.Length > 0 && name[0] == '_')
        {
            return isSystem && IsTraditional(name, MaxLength);
        }

        return !isSystem && (IsTraditional(name, MaxLength) || IsExtended(name, MaxLength, allowColon: true));
    }

    public static bool IsDatabase(string name) =>
        name.Length > 0 && name[0] != '_' && (IsTraditional(name, 64) || IsExtended(name, MaxDatabaseLength, allowColon: false));

    public static bool IsIndex(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && IsExtended(name, MaxLength, allowColon: true, allowLeadingSign: true);

    private static bool IsTraditional(string name, int maxLength) =>
        name.Length > 0
        && name.Length <= maxLength
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool IsExtended(string name, int maxLength, bool allowColon, bool allowLeadingSign = false) =>
        name.Length > 0
        && Encoding.UTF8.GetByteCount(name) <= maxLength
        && (allowLeadingSign || name[0] is not ('_' or '.'))
        && !char.IsAsciiDigit(name[0])
        && name[0] != ' '
        && name[^1] != ' '
        && name.All(c => c >= ' ' && c != '/' && (allowColon || c != ':'))
        && ComposedText.IsComposed(name);
}
