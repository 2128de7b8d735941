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
        foreach (var row in ZfsTable.Rows("zfs get", text, 4))
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
