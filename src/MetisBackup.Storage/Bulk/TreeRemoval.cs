using System.Runtime.InteropServices;
using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>Removes a whole tree, whatever its names are, without following a link out of it.</summary>
internal static class TreeRemoval
{
    private const int RightsOfOwner = 0x1C0;

    /// <summary>Removes an entry and everything below it; one that is missing is no fault.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    public static void Remove(TreeDirectory parent, ReadOnlySpan<byte> name)
    {
        switch (parent.Status(name)?.Kind)
        {
            case null when parent.Status(name) is null:
                return;
            case TreeEntryKind.Directory:
                using (var directory = parent.Open(name))
                {
                    Empty(directory);
                }

                parent.RemoveDirectory(name);
                return;
            default:
                parent.Remove(name);
                return;
        }
    }

    private static void Empty(TreeDirectory directory)
    {
        if ((directory.Status().Mode & RightsOfOwner) != RightsOfOwner && FileCalls.SetMode(directory.Handle, RightsOfOwner) < 0)
        {
            throw new IOException($"Cannot empty '{directory.Path}'.", Marshal.GetLastPInvokeError());
        }

        foreach (var name in directory.Names())
        {
            Remove(directory, name);
        }
    }
}
