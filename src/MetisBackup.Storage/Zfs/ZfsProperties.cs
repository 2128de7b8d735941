namespace MetisBackup.Storage.Zfs;

/// <summary>Where a value comes from.</summary>
public enum PropertySource
{
    /// <summary>A fact, not a setting.</summary>
    None,

    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary>Set on the thing itself.</summary>
    Local,

    /// <summary>Set on a data set above, or on the data set of a snapshot.</summary>
    Inherited,

    /// <summary>Came with a stream; holds like a local one.</summary>
    Received,

    /// <summary>Given for this mount only.</summary>
    Temporary,
}

/// <summary>A value and where it comes from.</summary>
/// <param name="Value">As ZFS prints it with <c>-p</c>: bytes, seconds since 1970.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ZfsProperty(string Value, PropertySource Source);

/// <summary>Parser of <c>zfs get -Hp -o name,property,value,source …</c>, and what it says about each thing.</summary>
public sealed class ZfsProperties
{
    /// <summary>The columns that are asked for.</summary>
    public const string Columns = "name,property,value,source";

    /// <summary>A value has 8 KiB at most.</summary>
    private const int LongestRow = 16 * 1024;

    private readonly Dictionary<string, Dictionary<string, ZfsProperty>> _things = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    private ZfsProperties()
    {
    }

    /// <summary>Data sets and snapshots in the order ZFS printed them.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads the output.</summary>
    /// <exception cref="Core.Errors.MetisException">16: it has not the expected form.</exception>
    public static ZfsProperties Parse(string text)
    {
        var result = new ZfsProperties();
        foreach (var row in Rows(text))
        {
            if (!result._things.TryGetValue(row[0], out var thing))
            {
                result._names.Add(row[0]);
                result._things[row[0]] = thing = new Dictionary<string, ZfsProperty>(StringComparer.Ordinal);
            }

            thing[row[1]] = new ZfsProperty(row[2], SourceOf(row[3]));
        }

        return result;
    }

    /// <summary>All that was printed about a thing; empty when nothing was.</summary>
    public IReadOnlyDictionary<string, ZfsProperty> Of(string name) => _things.GetValueOrDefault(name) ?? [];

    /// <summary>A value; null when the property does not exist there (<c>-</c>).</summary>
    public string? Value(string name, string property) =>
        _things.GetValueOrDefault(name)?.GetValueOrDefault(property) is { Value: not "-" } found ? found.Value : null;

    /// <summary>A value that was set on the thing itself; null when it was not.</summary>
    public string? Own(string name, string property) =>
        _things.GetValueOrDefault(name)?.GetValueOrDefault(property) is { Value: not "-", Source: PropertySource.Local or PropertySource.Received } found ? found.Value : null;

    /// <summary>A number; null when the property does not exist there.</summary>
    /// <exception cref="Core.Errors.MetisException">16: the value is no number.</exception>
    public ulong? Number(string name, string property) => Value(name, property) is { } value ? ZfsTable.Number("zfs get", value) : null;

    /// <summary>
    /// The four cells of each property. What a user wrote into one may have tabs and ends of line, which ZFS prints as they are; so a row goes on until
    /// a source ends it. A line that is a whole row by itself is no part of another one.
    /// </summary>
    private static IEnumerable<string[]> Rows(string text)
    {
        string? begun = null;
        foreach (var line in ZfsTable.Lines(text))
        {
            if (begun is null ? !line.Contains('\t', StringComparison.Ordinal) : begun.Length > LongestRow || Cells(line) is not null)
            {
                throw ZfsTable.Unreadable("zfs get", line);
            }

            begun = begun is null ? line : $"{begun}\n{line}";
            if (Cells(begun) is { } cells)
            {
                yield return cells;
                begun = null;
            }
        }

        if (begun is not null)
        {
            throw ZfsTable.Unreadable("zfs get", begun);
        }
    }

    /// <summary>The cells of a row that is complete; null when it is not.</summary>
    private static string[]? Cells(string row)
    {
        var cells = row.Split('\t');
        if (cells.Length < 4 || cells[0].Contains('\n', StringComparison.Ordinal) || cells[1].Contains('\n', StringComparison.Ordinal) || !IsSource(cells[^1]))
        {
            return null;
        }

        return cells.Length == 4 ? cells : [cells[0], cells[1], string.Join('\t', cells[2..^1]), cells[^1]];
    }

    private static bool IsSource(string text) =>
        text is "-" or "default" or "local" or "received" or "temporary" || text.StartsWith("inherited from ", StringComparison.Ordinal);

    private static PropertySource SourceOf(string text) => text switch
    {
        "-" => PropertySource.None,
        "default" => PropertySource.Default,
        "local" => PropertySource.Local,
        "received" => PropertySource.Received,
        "temporary" => PropertySource.Temporary,
        _ when text.StartsWith("inherited", StringComparison.Ordinal) => PropertySource.Inherited,
        _ => throw ZfsTable.Unreadable("zfs get", text),
    };
}
