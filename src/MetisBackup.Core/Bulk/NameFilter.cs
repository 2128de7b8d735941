using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Core.Bulk;

/// <summary>
/// Names that are passed over, wherever in the tree they are, together with everything below them: neither captured, nor removed or
/// overwritten by a restore. A pattern stands for a whole name; <c>*</c> for any bytes, <c>?</c> for one character.
/// </summary>
public sealed class NameFilter
{
    private readonly byte[][] _patterns;

    /// <summary>Reads the patterns.</summary>
    /// <exception cref="MetisException">Usage: one is empty or holds a slash.</exception>
    public NameFilter(IEnumerable<string> patterns)
    {
        Patterns = [.. patterns.Distinct(StringComparer.Ordinal)];
        if (Patterns.FirstOrDefault(static pattern => pattern.Length == 0 || pattern.Contains('/', StringComparison.Ordinal)) is { } bad)
        {
            throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(bad)} cannot be excluded: it is not a pattern of one name.", "name files or directories without '/', for example '*.tmp'");
        }

        _patterns = [.. Patterns.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The patterns as they were given, each once.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>What both leave out.</summary>
    public NameFilter And(NameFilter other) => new(Patterns.Concat(other.Patterns));

    /// <summary>Whether an entry with this name is passed over.</summary>
    public bool Excludes(ReadOnlySpan<byte> name)
    {
        foreach (var pattern in _patterns)
        {
            if (Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a name on the way to this entry, or its own, is passed over.</summary>
    public bool ExcludesAnyOf(TreePath path)
    {
        foreach (var range in path.Bytes.Split((byte)'/'))
        {
            if (Excludes(path.Bytes[range]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes back to the last <c>*</c> only, so that no pattern takes longer than the product of both lengths.</summary>
    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name)
    {
        var (at, inPattern, star, mark) = (0, 0, -1, 0);
        while (at < name.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == (byte)'*')
            {
                (star, mark) = (inPattern++, at);
            }
            else if (inPattern < pattern.Length && pattern[inPattern] == (byte)'?')
            {
                _ = Rune.DecodeFromUtf8(name[at..], out _, out var length);
                (at, inPattern) = (at + length, inPattern + 1);
            }
            else if (inPattern < pattern.Length && pattern[inPattern] == name[at])
            {
                (at, inPattern) = (at + 1, inPattern + 1);
            }
            else if (star >= 0)
            {
                (inPattern, at) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[inPattern..].TrimStart((byte)'*').IsEmpty;
    }
}
