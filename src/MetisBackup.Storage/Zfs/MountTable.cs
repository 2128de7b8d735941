using System.Globalization;

namespace MetisBackup.Storage.Zfs;

/// <summary>What is mounted where, as the kernel sees it: <c>/proc/self/mountinfo</c>.</summary>
public sealed class MountTable
{
    private const string Source = "/proc/self/mountinfo";
    private const int LinkDepth = 20;
    private readonly IReadOnlyList<Mount> _mounts;

    private MountTable(IReadOnlyList<Mount> mounts) => _mounts = mounts;

    /// <summary>Reads the table of this process.</summary>
    public static MountTable Read() => Parse(File.ReadAllText(Source));

    /// <summary>Reads the text of such a table.</summary>
    public static MountTable Parse(string text) => new([.. ZfsTable.Lines(text).Select(Of).OfType<Mount>()]);

    /// <summary>What the file system is made of that a path lies on: the data set, for ZFS. Null when nothing is mounted above it.</summary>
    /// <param name="path">Absolute, without links; need not exist.</param>
    public string? SourceOf(string path) =>
        _mounts.Where(one => Covers(one.Point, path)).Select(static (one, index) => (one, index)).OrderBy(static pair => pair.one.Point.Length).ThenBy(static pair => pair.index).LastOrDefault().one?.Source;

    /// <summary>What is mounted somewhere below a directory, by the place; a later mount over the same place counts.</summary>
    /// <param name="directory">Absolute, without links.</param>
    public IEnumerable<(string Point, string Source)> Below(string directory) =>
        _mounts.Where(one => one.Point != directory && Covers(directory, one.Point)).GroupBy(static one => one.Point, StringComparer.Ordinal).Select(static place => (place.Key, place.Last().Source));

    /// <summary>Where a data set is mounted; null when it is not.</summary>
    public string? PointOf(string source) => _mounts.LastOrDefault(one => one.Source == source)?.Point;

    /// <summary>Whether something is mounted at exactly this path.</summary>
    public bool HasPoint(string path) => _mounts.Any(one => one.Point == path);

    /// <summary>
    /// The place on the way to a path where <c>/etc/fstab</c> promises a file system and none is mounted: what lies there is not what is meant.
    /// </summary>
    /// <param name="path">Absolute, without links; need not exist.</param>
    /// <param name="promises">The text of <c>/etc/fstab</c>.</param>
    /// <returns>Null when nothing is missing. What is mounted on demand or by hand only (<c>noauto</c>, <c>x-systemd.automount</c>) is promised too.</returns>
    public string? MissingPoint(string path, string promises) => ZfsTable.Lines(promises)
        .Select(static line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(static words => words.Length >= 3 && !words[0].StartsWith('#') && Path.IsPathRooted(words[1]) && words[1] != "/")
        .Select(static words => Path.TrimEndingDirectorySeparator(Unescaped(words[1])))
        .FirstOrDefault(point => Covers(point, path) && !HasPoint(point));

    /// <summary>The path with every link on the way followed; what does not exist stays as it is.</summary>
    public static string WithoutLinks(string path) => WithoutLinks(path, LinkDepth);

    /// <summary>Whether <paramref name="path"/> is <paramref name="directory"/> or lies below it.</summary>
    public static bool Covers(string directory, string path) =>
        path == directory || directory == "/" || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static string WithoutLinks(string path, int depth)
    {
        var current = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(current, part);
            var target = depth > 0 ? new FileInfo(next).LinkTarget : null;
            current = target is null ? next : WithoutLinks(Path.Combine(current, target), depth - 1);
        }

        return current;
    }

    /// <summary><c>36 35 98:0 /root /point options - type source super-options</c>.</summary>
    private static Mount? Of(string line)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-");
        return dash < 5 || words.Length < dash + 3 ? null : new Mount(Unescaped(words[4]), Unescaped(words[dash + 2]));
    }

    /// <summary>Spaces and the like are written as <c>\040</c>.</summary>
    private static string Unescaped(string text)
    {
        for (var at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 4 <= text.Length; at = text.IndexOf('\\', at + 1))
        {
            var digits = text.AsSpan(at + 1, 3);
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                text = text[..at] + (char)Convert.ToInt32(digits.ToString(), 8) + text[(at + 4)..];
            }
        }

        return text;
    }

    private sealed record Mount(string Point, string Source);
}
