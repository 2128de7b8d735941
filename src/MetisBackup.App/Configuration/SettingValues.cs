namespace MetisBackup.App.Configuration;

/// <summary>All values, each with its origin. Values are laid over each other; of two for the same key the later one holds.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, SettingValue> _values;

    private SettingValues(Dictionary<string, SettingValue> values) => _values = values;

    /// <summary>What holds when nobody says anything.</summary>
    public static SettingValues Defaults { get; } = new(
        Schema.Keys.Where(static key => !key.IsNamed).ToDictionary(static key => key.Path, static key => new SettingValue(key, key.Path, key.Default, SettingOrigin.Default), StringComparer.Ordinal));

    /// <summary>Every value, in the order of the manual; sections that the user named in the order of their names.</summary>
    public IEnumerable<SettingValue> All => Schema.Keys
        .Select((key, at) => (key, at))
        .Join(_values.Values, static one => one.key.Path, static value => value.Key.Path, static (one, value) => (one.at, value), StringComparer.Ordinal)
        .OrderBy(static one => one.value.Key.Path.Split('.')[0] is var top ? FirstOf(top) : 0)
        .ThenBy(static one => one.value.Key.IsNamed ? SectionOf(one.value.Path) : "", StringComparer.Ordinal)
        .ThenBy(static one => one.at)
        .Select(static one => one.value);

    /// <summary>The value of a full path; null when the key was never heard of.</summary>
    public SettingValue? Find(string path) => _values.GetValueOrDefault(path);

    /// <summary>A section.</summary>
    public SettingSection Section(string path) => new(path, _values);

    /// <summary>The sections that the user named below <paramref name="path"/>, sorted.</summary>
    public IEnumerable<SettingSection> Named(string path) => _values.Values
        .Where(value => value.Key.Path.StartsWith(path + ".*.", StringComparison.Ordinal))
        .Select(static value => Schema.NameIn(value.Key, value.Path))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(name => Section($"{path}.{name}"));

    /// <summary>The values with another layer over them.</summary>
    /// <param name="layer">The layer, of one origin.</param>
    /// <param name="faults">Receives what is wrong with it; what is wrong is left out.</param>
    public SettingValues With(IEnumerable<SettingEntry> layer, ICollection<SettingFault> faults)
    {
        var values = new Dictionary<string, SettingValue>(_values, StringComparer.Ordinal);
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in layer)
        {
            if (Judge(entry) is { } fault)
            {
                faults.Add(fault);
                continue;
            }

            var key = Schema.Find(entry.Path)!;
            if (key.Group is { } group && !taken.TryAdd($"{SectionOf(entry.Path)} {group}", entry.Path))
            {
                faults.Add(new SettingFault(entry.Origin, entry.Path, $"excludes {taken[$"{SectionOf(entry.Path)} {group}"]}; give one of them"));
                continue;
            }

            Put(values, key, entry);
        }

        return new SettingValues(values);
    }

    private static void Put(Dictionary<string, SettingValue> values, SettingKey key, SettingEntry entry)
    {
        var section = SectionOf(entry.Path);
        if (key.IsNamed)
        {
            // a section that the user named begins with what holds in all of its kind
            foreach (var other in Schema.Keys.Where(one => one.Section == key.Section))
            {
                var path = $"{section}.{other.Name}";
                _ = values.TryAdd(path, new SettingValue(other, path, other.Default, SettingOrigin.Default));
            }
        }

        if (key.Group is not null)
        {
            foreach (var rival in Schema.Keys.Where(one => one.Section == key.Section && one.Group == key.Group && one != key))
            {
                values[$"{section}.{rival.Name}"] = new SettingValue(rival, $"{section}.{rival.Name}", null, entry.Origin);
            }
        }

        values[entry.Path] = new SettingValue(key, entry.Path, entry.Raw, entry.Origin);
    }

    private static SettingFault? Judge(SettingEntry entry)
    {
        if (Schema.Find(entry.Path) is not { } key)
        {
            return new SettingFault(entry.Origin, entry.Path, Schema.WhyUnknown(entry.Path));
        }

        if (key.IsNamed && !Schema.IsName(Schema.NameIn(key, entry.Path)))
        {
            return new SettingFault(entry.Origin, entry.Path, "the name of the section must be made of letters, digits, - and _");
        }

        var form = key.Type.Form == SettingForm.Texts && entry.Origin.Kind is (OriginKind.Environment or OriginKind.Option) ? ", in JSON" : "";
        return key.Type.Fault(entry.Raw) is { } fault ? new SettingFault(entry.Origin, entry.Path, fault + form) : null;
    }

    private static string SectionOf(string path) => path[..path.LastIndexOf('.')];

    private static int FirstOf(string top) => Schema.Keys.Select(static (key, at) => (key, at)).First(one => one.key.Path.StartsWith(top + ".", StringComparison.Ordinal)).at;
}
