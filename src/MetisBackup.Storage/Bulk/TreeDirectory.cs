using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MetisBackup.Core.Bulk;
using Microsoft.Win32.SafeHandles;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// An open directory of a tree. Everything is done by names relative to it, which follow no link: whoever replaces a directory of the
/// tree by a link to elsewhere meanwhile leads nobody out of it. Faults are <see cref="IOException"/> with the number of the error.
/// </summary>
internal sealed class TreeDirectory : IDisposable
{
    private const int NamesAtOnce = 64 * 1024;
    private const int LongestLink = 4096;
    private const int PrivateDirectory = 0x1C0;

    private readonly SafeFileHandle _handle;

    private TreeDirectory(int descriptor, TreePath path)
    {
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Path = path;
    }

    /// <summary>Where it is in its tree.</summary>
    public TreePath Path { get; }

    /// <summary>The handle, for calls on the directory itself.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Opens the root of a tree; the root alone may be named by way of links.</summary>
    public static TreeDirectory OpenRoot(string path)
    {
        var descriptor = FileCalls.Open(
            FileCalls.CurrentDirectory, in Terminated(Encoding.UTF8.GetBytes(path))[0], FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.CloseOnExec, 0);
        return descriptor < 0 ? throw FileCalls.LastError("open", path) : new TreeDirectory(descriptor, TreePath.Root);
    }

    /// <summary>Opens a directory in this one; fails with "not a directory" on a link.</summary>
    public TreeDirectory Open(ReadOnlySpan<byte> name)
    {
        var descriptor = FileCalls.Open(
            _handle, in Terminated(name)[0], FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoLink | FileCalls.CloseOnExec, 0);
        return descriptor < 0 ? throw Error("open", name) : new TreeDirectory(descriptor, Path.Child(name));
    }

    /// <summary>Opens a file for reading without touching its time of access where that is allowed; fails on a link, never waits for a pipe.</summary>
    public SafeFileHandle OpenFile(ReadOnlySpan<byte> name)
    {
        const int Flags = FileCalls.ReadOnly | FileCalls.NoBlocking | FileCalls.CloseOnExec;
        var path = Terminated(name);
        var descriptor = FileCalls.Open(_handle, in path[0], Flags | FileCalls.NoLink | FileCalls.NoAccessTime, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == FileCalls.NotPermitted)
        {
            descriptor = FileCalls.Open(_handle, in path[0], Flags | FileCalls.NoLink, 0);
        }

        return descriptor < 0 ? throw Error("read", name) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Makes a file, mode 0600, that must not be there, and opens it for writing.</summary>
    public SafeFileHandle CreateFile(ReadOnlySpan<byte> name)
    {
        var descriptor = FileCalls.Open(
            _handle, in Terminated(name)[0], FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive | FileCalls.NoLink | FileCalls.CloseOnExec, 0x180);
        return descriptor < 0 ? throw Error("make", name) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>What an entry is; null when there is none.</summary>
    public FileStatus? Status(ReadOnlySpan<byte> name)
    {
        Span<byte> result = stackalloc byte[FileStatus.StructureBytes];
        if (FileCalls.StatX(_handle, in Terminated(name)[0], FileCalls.NoFollow, FileCalls.BasicStats, ref result[0]) == 0)
        {
            return FileStatus.Read(result);
        }

        return Marshal.GetLastPInvokeError() is FileCalls.NoEntry or FileCalls.NotDirectory ? null : throw Error("look at", name);
    }

    /// <summary>What this directory is.</summary>
    public FileStatus Status() => StatusOf(_handle, Path);

    /// <summary>What an open file is.</summary>
    public static FileStatus StatusOf(SafeFileHandle handle, TreePath path)
    {
        Span<byte> result = stackalloc byte[FileStatus.StructureBytes];
        ReadOnlySpan<byte> none = [0];
        return FileCalls.StatX(handle, in none[0], FileCalls.EmptyPath, FileCalls.BasicStats, ref result[0]) == 0
            ? FileStatus.Read(result)
            : throw FileCalls.LastError("look at", path.ToString());
    }

    /// <summary>The names in it, ordered by their bytes.</summary>
    public List<byte[]> Names()
    {
        var names = new List<byte[]>();
        var buffer = new byte[NamesAtOnce];
        while (true)
        {
            var length = (int)FileCalls.ReadEntries(_handle, ref buffer[0], buffer.Length);
            if (length < 0)
            {
                throw FileCalls.LastError("list", Path.ToString());
            }

            if (length == 0)
            {
                names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
                return names;
            }

            for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)))
            {
                // number of the file, offset (64 bits each), length of this record (16), type (8), name, zero
                var name = buffer.AsSpan(at + 19);
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(name.ToArray());
                }
            }
        }
    }

    /// <summary>What a symbolic link says.</summary>
    public byte[] ReadLink(ReadOnlySpan<byte> name)
    {
        var buffer = new byte[LongestLink];
        var length = (int)FileCalls.ReadLink(_handle, in Terminated(name)[0], ref buffer[0], buffer.Length);
        return length < 0 ? throw Error("read the link", name) : buffer[..length];
    }

    /// <summary>Makes a directory, mode 0700.</summary>
    public void MakeDirectory(ReadOnlySpan<byte> name) => Require(FileCalls.MakeDirectory(_handle, in Terminated(name)[0], PrivateDirectory), "make", name);

    /// <summary>Makes a symbolic link.</summary>
    public void MakeLink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) =>
        Require(FileCalls.MakeLink(in Terminated(target)[0], _handle, in Terminated(name)[0]), "make the link", name);

    /// <summary>Removes whatever is not a directory.</summary>
    public void Remove(ReadOnlySpan<byte> name) => Require(FileCalls.Unlink(_handle, in Terminated(name)[0], 0), "remove", name);

    /// <summary>Removes an empty directory; false when it is not empty.</summary>
    public bool RemoveDirectory(ReadOnlySpan<byte> name)
    {
        var result = FileCalls.Unlink(_handle, in Terminated(name)[0], FileCalls.RemoveDirectoryFlag);
        if (result < 0 && Marshal.GetLastPInvokeError() is FileCalls.NotEmpty or FileCalls.Exists)
        {
            return false;
        }

        Require(result, "remove", name);
        return true;
    }

    /// <summary>Moves an entry to a name that must be free.</summary>
    public void Move(ReadOnlySpan<byte> name, TreeDirectory target, ReadOnlySpan<byte> newName)
    {
        var (from, to) = (Terminated(name), Terminated(newName));
        var result = FileCalls.Rename(_handle, in from[0], target._handle, in to[0], FileCalls.NoReplace);
        if (result < 0 && Marshal.GetLastPInvokeError() is FileCalls.InvalidArgument or FileCalls.NotImplemented && target.Status(newName) is null)
        {
            // a file system that cannot promise it
            result = FileCalls.Rename(_handle, in from[0], target._handle, in to[0], 0);
        }

        Require(result, "move", name);
    }

    /// <summary>Swaps two entries in one step; false where the file system cannot.</summary>
    public bool TryExchange(ReadOnlySpan<byte> name, TreeDirectory other, ReadOnlySpan<byte> otherName)
    {
        var result = FileCalls.Rename(_handle, in Terminated(name)[0], other._handle, in Terminated(otherName)[0], FileCalls.Exchange);
        if (result < 0 && Marshal.GetLastPInvokeError() is FileCalls.InvalidArgument or FileCalls.NotImplemented or FileCalls.NotSupported)
        {
            return false;
        }

        Require(result, "replace", otherName);
        return true;
    }

    /// <summary>Gives a file a second name.</summary>
    public void Link(ReadOnlySpan<byte> name, TreeDirectory target, ReadOnlySpan<byte> newName) =>
        Require(FileCalls.Link(_handle, in Terminated(name)[0], target._handle, in Terminated(newName)[0], 0), "link", name);

    /// <summary>Sets user and group of a symbolic link; whatever took its place meanwhile, such as another name of a foreign file, is not given away.</summary>
    public void SetOwnerOfLink(ReadOnlySpan<byte> name, uint owner, uint group)
    {
        var descriptor = FileCalls.Open(_handle, in Terminated(name)[0], FileCalls.PlaceOnly | FileCalls.NoLink | FileCalls.CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Error("look at", name);
        }

        using var link = new SafeFileHandle(descriptor, ownsHandle: true);
        if (StatusOf(link, Path.Child(name)).Kind != TreeEntryKind.Link)
        {
            throw new IOException($"'{Path.Child(name)}' is no link any more.");
        }

        ReadOnlySpan<byte> itself = [0];
        Require(FileCalls.SetOwner(link, in itself[0], owner, group, FileCalls.EmptyPath), "give away", name);
    }

    /// <summary>Sets the time of modification of an entry, a link itself included.</summary>
    public void SetTime(ReadOnlySpan<byte> name, FileTime modifiedAt)
    {
        ReadOnlySpan<long> times = TimesOf(modifiedAt);
        Require(FileCalls.SetTimes(_handle, in Terminated(name)[0], in times[0], FileCalls.NoFollow), "set the time of", name);
    }

    /// <summary>The two times that the kernel wants: of access, left as it is, and of modification.</summary>
    public static long[] TimesOf(FileTime modifiedAt)
    {
        const long LeaveAsItIs = 0x3FFFFFFE;
        return [0, LeaveAsItIs, modifiedAt.Seconds, modifiedAt.Nanoseconds];
    }

    /// <summary>A name as the system's calls want it.</summary>
    public static byte[] Terminated(ReadOnlySpan<byte> name) => [.. name, 0];

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void Require(int result, string action, ReadOnlySpan<byte> name)
    {
        if (result < 0)
        {
            throw Error(action, name);
        }
    }

    private IOException Error(string action, ReadOnlySpan<byte> name) =>
        FileCalls.LastError(action, Path.IsRoot ? TreePath.Printable(name) : $"{Path}/{TreePath.Printable(name)}");
}
