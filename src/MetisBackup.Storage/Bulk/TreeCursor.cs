using System.Runtime.InteropServices;
using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// Opens directories of a tree one after the other, each from the one above it, and keeps open those on the way to the last: neighbours cost
/// nothing. No link is followed anywhere on the way.
/// </summary>
internal sealed class TreeCursor(TreeDirectory root) : IDisposable
{
    private const int RightsOfOwner = 0x1C0;

    private readonly Stack<TreeDirectory> _way = new();

    /// <summary>Directories on the way that the owner may not write in are made writable; whoever asks for it sets their rights later.</summary>
    public bool MakesWritable { get; init; }

    /// <summary>The directory that was gone to last, open until another one is; the root at first.</summary>
    public TreeDirectory Here => _way.Count > 0 ? _way.Peek() : root;

    /// <summary>Goes to the directory with this path.</summary>
    /// <exception cref="IOException">There is none, or a link stands on the way.</exception>
    public void Go(TreePath path) => Go(path, make: false);

    /// <summary>The same; directories that are missing are made, mode 0700.</summary>
    public void MakeAndGo(TreePath path) => Go(path, make: true);

    /// <summary>Closes what it opened; the root stays as it is.</summary>
    public void Dispose()
    {
        while (_way.TryPop(out var directory))
        {
            directory.Dispose();
        }
    }

    private void Go(TreePath path, bool make)
    {
        while (_way.Count > 0 && !path.IsWithin(Here.Path))
        {
            _way.Pop().Dispose();
        }

        var names = path.Names();
        while (_way.Count < names.Count)
        {
            var name = names[_way.Count];
            if (make && Here.Status(name) is null)
            {
                Here.MakeDirectory(name);
            }

#pragma warning disable CA2000 // closed when it is left
            _way.Push(Here.Open(name));
#pragma warning restore CA2000
            MakeWritable(Here);
        }
    }

    private void MakeWritable(TreeDirectory directory)
    {
        if (!MakesWritable || FileCalls.EffectiveUser() is not (not 0 and var user))
        {
            return;
        }

        var status = directory.Status();
        if (status.Owner == user && (status.Mode & RightsOfOwner) != RightsOfOwner && FileCalls.SetMode(directory.Handle, status.Mode | RightsOfOwner) < 0)
        {
            throw new IOException($"Cannot write in '{directory.Path}'.", Marshal.GetLastPInvokeError());
        }
    }
}
