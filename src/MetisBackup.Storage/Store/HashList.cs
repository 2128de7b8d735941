using System.Security.Cryptography;
using System.Text;

namespace MetisBackup.Storage.Store;

/// <summary>
/// <c>SHA256SUMS</c>: one line per file as <c>sha256sum -c</c> reads it. The first line is a comment with the hash of all others, so that
/// damage to the list itself is told from damage to a file.
/// </summary>
internal sealed class HashList
{
    public const string FileName = "SHA256SUMS";

    private const string CommentStart = "# metis-backup sha256 of the lines below: ";
    private const int HexLength = 64;

    private readonly Lock _guard = new();
    private readonly SortedDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>Files by path relative to the snapshot with their SHA-256 in lower-case hexadecimal.</summary>
    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    /// <summary>Adds or replaces a file; safe from several threads.</summary>
    public void Set(string path, ReadOnlySpan<byte> hash)
    {
        var hex = Convert.ToHexStringLower(hash);
        lock (_guard)
        {
            _hashes[path] = hex;
        }
    }

    /// <summary>Adds the files of another list; safe from several threads.</summary>
    public void Add(HashList other)
    {
        lock (_guard)
        {
            foreach (var (path, hash) in other._hashes)
            {
                _hashes[path] = hash;
            }
        }
    }

    public byte[] Write()
    {
        var lines = new StringBuilder();
        lock (_guard)
        {
            foreach (var (path, hash) in _hashes)
            {
                lines.Append(hash).Append("  ").Append(path).Append('\n');
            }
        }

        var body = Encoding.UTF8.GetBytes(lines.ToString());
        return [.. Encoding.ASCII.GetBytes(CommentStart + Convert.ToHexStringLower(SHA256.HashData(body)) + "\n"), .. body];
    }

    /// <summary>Reads the list and checks it against the hash in its first line.</summary>
    /// <exception cref="FormatException">The list is damaged; the message says how.</exception>
    public static HashList Parse(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        if (end < 0 || !content.StartsWith(Encoding.ASCII.GetBytes(CommentStart)))
        {
            throw new FormatException("its first line is not what it should be");
        }

        var stated = Encoding.ASCII.GetString(content[CommentStart.Length..end]);
        var body = content[(end + 1)..];
        if (stated != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            throw new FormatException("it does not match the hash in its first line");
        }

        var list = new HashList();
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length < HexLength + 3 || !line.AsSpan(HexLength).StartsWith("  ", StringComparison.Ordinal) || !IsInside(line[(HexLength + 2)..]))
            {
                throw new FormatException("it holds a line that is not a hash and a path inside the snapshot");
            }

            list._hashes[line[(HexLength + 2)..]] = line[..HexLength];
        }

        return list;
    }

    /// <summary>Whether a relative path stays in the folder it is resolved against.</summary>
    public static bool IsInside(string path) =>
        path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && path.Split('/').All(part => part is not ("" or "." or ".."));
}
