using System.Runtime.InteropServices;
using System.Text;
using MetisBackup.Core.Bulk;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// The extended attributes of a file or directory that belong to it wherever it is: those of users, access lists and capabilities. What a
/// security module or file system keeps for itself stays out.
/// </summary>
internal static class FileAttributeSet
{
    private const int LongestList = 64 * 1024;
    private const string OfUsers = "user.";

    private static readonly string[] OfSystem = ["system.posix_acl_access", "system.posix_acl_default", "security.capability"];

    /// <summary>Reads them; values as Base64. Empty where the file system has none.</summary>
    public static IReadOnlyDictionary<string, string> Read(SafeFileHandle file, TreePath path)
    {
        var names = Names(file, path);
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (Value(file, name, path) is { } value)
            {
                attributes.Add(name, Convert.ToBase64String(value));
            }
        }

        return attributes;
    }

    /// <summary>Makes them those of an entry; returns a sentence when the file system refuses, otherwise null.</summary>
    public static string? Write(SafeFileHandle file, TreeEntry entry)
    {
        foreach (var (name, value) in entry.Attributes)
        {
            var bytes = Convert.FromBase64String(value);
            ReadOnlySpan<byte> content = [.. bytes, 0];
            if (!IsOurs(name) || FileCalls.SetAttribute(file, in Terminated(name)[0], in content[0], bytes.Length, 0) < 0)
            {
                return $"Attribute {name} of '{entry.Path}' could not be set: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.";
            }
        }

        foreach (var name in Names(file, entry.Path).Where(name => !entry.Attributes.ContainsKey(name)))
        {
            _ = FileCalls.RemoveAttribute(file, in Terminated(name)[0]);
        }

        return null;
    }

    private static List<string> Names(SafeFileHandle file, TreePath path)
    {
        var list = new byte[LongestList];
        var length = (int)FileCalls.ListAttributes(file, ref list[0], list.Length);
        if (length < 0)
        {
            return Marshal.GetLastPInvokeError() is FileCalls.NotSupported or FileCalls.NotImplemented ? [] : throw FileCalls.LastError("list the attributes of", path.ToString());
        }

        return [.. Encoding.UTF8.GetString(list, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(IsOurs)];
    }

    private static byte[]? Value(SafeFileHandle file, string name, TreePath path)
    {
        var value = new byte[LongestList];
        var length = (int)FileCalls.GetAttribute(file, in Terminated(name)[0], ref value[0], value.Length);
        return length >= 0
            ? value[..length]
            : Marshal.GetLastPInvokeError() is FileCalls.NoData or FileCalls.NotSupported ? null : throw FileCalls.LastError($"read attribute {name} of", path.ToString());
    }

    private static bool IsOurs(string name) => name.StartsWith(OfUsers, StringComparison.Ordinal) || OfSystem.Contains(name, StringComparer.Ordinal);

    private static byte[] Terminated(string name) => TreeDirectory.Terminated(Encoding.UTF8.GetBytes(name));
}
