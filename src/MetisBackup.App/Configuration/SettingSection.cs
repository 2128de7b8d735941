using System.Globalization;

namespace MetisBackup.App.Configuration;

/// <summary>The values of one section, each in the type that its key promises.</summary>
/// <param name="path">The section, with the user's name in place of a star.</param>
/// <param name="values">All values by full path.</param>
internal sealed class SettingSection(string path, IReadOnlyDictionary<string, SettingValue> values)
{
    private readonly string _path = path;
    private readonly IReadOnlyDictionary<string, SettingValue> _values = values;

    /// <summary>Name of the section: what the user called it.</summary>
    public string Name => _path[(_path.LastIndexOf('.') + 1)..];

    /// <summary>A section within this one.</summary>
    public SettingSection Inner(string name) => new($"{_path}.{name}", _values);

    /// <summary>Whether the key has a value.</summary>
    public bool Has(string name) => _values.TryGetValue($"{_path}.{name}", out var value) && value.Raw is not null;

    /// <summary>Where the value, or the first one of the section, comes from.</summary>
    public SettingOrigin Origin(string? name = null) => name is not null && _values.TryGetValue($"{_path}.{name}", out var value)
        ? value.Origin
        : _values.Values.Where(one => one.Path.StartsWith(_path + ".", StringComparison.Ordinal) && one.Origin.Kind != OriginKind.Default).Select(static one => one.Origin).FirstOrDefault() ?? SettingOrigin.Default;

    /// <summary>A text that is always there.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw new InvalidOperationException($"{_path}.{name} has no value");

    /// <summary>A text, or null.</summary>
    public string? TextOrNull(string name) => Raw(name) as string;

    /// <summary>A whole number.</summary>
    public int Count(string name) => CountOrNull(name) ?? throw new InvalidOperationException($"{_path}.{name} has no value");

    /// <summary>A whole number, or null.</summary>
    public int? CountOrNull(string name) => Raw(name) is long number ? (int)number : null;

    /// <summary>A truth value.</summary>
    public bool Flag(string name) => FlagOrNull(name) == true;

    /// <summary>A truth value, or null.</summary>
    public bool? FlagOrNull(string name) => Raw(name) as bool?;

    /// <summary>Texts; none when the key is not set.</summary>
    public IReadOnlyList<string> Texts(string name) => TextsOrNull(name) ?? [];

    /// <summary>Texts, or null.</summary>
    public IReadOnlyList<string>? TextsOrNull(string name) => Raw(name) as IReadOnlyList<string>;

    /// <summary>A time span that is always there.</summary>
    public TimeSpan Duration(string name) => DurationOrNull(name) ?? throw new InvalidOperationException($"{_path}.{name} has no value");

    /// <summary>A time span; null when it is off or not set.</summary>
    public TimeSpan? DurationOrNull(string name) => TextOrNull(name) is { } text && DurationText.TryParse(text, out var span) ? span : null;

    /// <summary>A time of day.</summary>
    public TimeOnly TimeOfDay(string name) => TimeOnly.ParseExact(Text(name), "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>One of the words that an enumeration knows, with a dash in place of the change of case.</summary>
    public T Word<T>(string name)
        where T : struct, Enum => Words.Of<T>(Text(name));

    private object? Raw(string name) => _values.TryGetValue($"{_path}.{name}", out var value) ? value.Raw : null;
}
