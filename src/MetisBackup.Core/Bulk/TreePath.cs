using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MetisBackup.Core.Bulk;

/// <summary>
/// The way from the root of a tree of files to one of its entries, as the bytes that the file system knows: names separated by <c>/</c>,
/// none of them empty, <c>.</c> or <c>..</c>. Names need not be UTF-8. Empty for the root itself.
/// </summary>
public sealed class TreePath : IEquatable<TreePath>, IComparable<TreePath>
{
    private const byte Slash = (byte)'/';

    private readonly byte[] _bytes;

    private TreePath(byte[] bytes) => _bytes = bytes;

    /// <summary>The root.</summary>
    public static TreePath Root { get; } = new([]);

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The last name; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf(Slash) + 1)..];

    /// <summary>The root itself.</summary>
    public bool IsRoot => _bytes.Length == 0;

    /// <summary>The directory that holds it; the root for the root.</summary>
    public TreePath Parent => Bytes.LastIndexOf(Slash) is var end and > 0 ? new TreePath(_bytes[..end]) : Root;

    /// <summary>Whether the bytes are UTF-8.</summary>
    public bool IsText => Utf8.IsValid(_bytes);

    /// <summary>Compares in the order of a walk: an entry comes before what is below it, and siblings are ordered by their bytes.</summary>
    public static bool operator <(TreePath left, TreePath right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(TreePath left, TreePath right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(TreePath left, TreePath right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(TreePath left, TreePath right) => left.CompareTo(right) >= 0;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(TreePath? left, TreePath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(TreePath? left, TreePath? right) => !(left == right);

    /// <summary>Reads a path that came from outside.</summary>
    /// <exception cref="FormatException">It is empty, or a name in it is empty, <c>.</c>, <c>..</c> or holds a zero byte: it could leave the tree.</exception>
    public static TreePath Parse(ReadOnlySpan<byte> bytes)
    {
        foreach (var range in bytes.Split(Slash))
        {
            if (!IsName(bytes[range]))
            {
                throw new FormatException($"'{Printable(bytes)}' is no path inside a tree");
            }
        }

        return new TreePath(bytes.ToArray());
    }

    /// <summary>The entry with this name in the directory that this path names.</summary>
    /// <exception cref="FormatException">It is no name.</exception>
    public TreePath Child(ReadOnlySpan<byte> name) => !IsName(name) || name.Contains(Slash)
        ? throw new FormatException($"'{Printable(name)}' is no name of a file")
        : new TreePath(IsRoot ? name.ToArray() : [.. _bytes, Slash, .. name]);

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<byte[]> Names()
    {
        var names = new List<byte[]>();
        if (!IsRoot)
        {
            foreach (var range in Bytes.Split(Slash))
            {
                names.Add(_bytes[range]);
            }
        }

        return names;
    }

    /// <summary>Whether this is <paramref name="other"/> or lies below it.</summary>
    public bool IsWithin(TreePath other) => other.IsRoot
        || (Bytes.StartsWith(other.Bytes) && (_bytes.Length == other._bytes.Length || _bytes[other._bytes.Length] == Slash));

    /// <inheritdoc/>
    public int CompareTo(TreePath? other)
    {
        if (other is null)
        {
            return 1;
        }

        var common = Bytes.CommonPrefixLength(other.Bytes);
        return Rank(this, common) - Rank(other, common);

        static int Rank(TreePath path, int at) => at == path._bytes.Length ? -1 : path._bytes[at] == Slash ? 0 : path._bytes[at];
    }

    /// <inheritdoc/>
    public bool Equals(TreePath? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>For people: bytes that are not UTF-8 and control characters as <c>\x</c> and two digits.</summary>
    public override string ToString() => IsRoot ? "." : Printable(_bytes);

    /// <summary>Bytes of a name as people read them, as in <see cref="ToString"/>.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var one in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.Contains((byte)0);
}
