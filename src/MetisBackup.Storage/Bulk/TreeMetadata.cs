using MetisBackup.Core.Bulk;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>Gives an entry the owner, attributes, rights and time that it has in a snapshot, in the order in which none undoes another.</summary>
internal static class TreeMetadata
{
    /// <summary>Only the administrator can give files away.</summary>
    public static bool CanSetOwners => FileCalls.EffectiveUser() == 0;

    /// <summary>Of an open file or directory; returns a sentence when the file system refuses part of it.</summary>
    /// <exception cref="IOException">Rights or time cannot be set.</exception>
    public static string? Apply(SafeFileHandle handle, TreeEntry entry)
    {
        ReadOnlySpan<byte> itself = [0];
        if (CanSetOwners && FileCalls.SetOwner(handle, in itself[0], entry.Owner, entry.Group, FileCalls.EmptyPath) < 0)
        {
            throw FileCalls.LastError("give away", entry.Path.ToString());
        }

        // the owner's change takes capabilities and special bits away, so it comes first
        var refused = FileAttributeSet.Write(handle, entry);
        if (FileCalls.SetMode(handle, entry.Mode) < 0)
        {
            throw FileCalls.LastError("set the rights of", entry.Path.ToString());
        }

        ReadOnlySpan<long> times = TreeDirectory.TimesOf(entry.ModifiedAt);
        return FileCalls.SetTimes(handle, in times[0]) < 0 ? throw FileCalls.LastError("set the time of", entry.Path.ToString()) : refused;
    }

    /// <summary>Of a symbolic link, by its name.</summary>
    /// <exception cref="IOException">Owner or time cannot be set, or it is no link any more.</exception>
    public static void ApplyToLink(TreeDirectory parent, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        if (CanSetOwners)
        {
            parent.SetOwnerOfLink(name, entry.Owner, entry.Group);
        }

        parent.SetTime(name, entry.ModifiedAt);
    }
}
