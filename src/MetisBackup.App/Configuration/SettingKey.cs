namespace MetisBackup.App.Configuration;

/// <summary>Something that can be set.</summary>
/// <param name="Path">Section and name: <c>server.endpoint</c>; in sections that are named by the user a star stands for the name: <c>target.*.database</c>.</param>
/// <param name="Type">What its value must be.</param>
/// <param name="Default">What holds when nobody sets it, in the form of <see cref="SettingType.Form"/>; null for nothing.</param>
/// <param name="Meaning">Half a sentence for the manual.</param>
internal sealed record SettingKey(string Path, SettingType Type, object? Default, string Meaning)
{
    /// <summary>The name without its section.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>The section.</summary>
    public string Section => Path[..Path.LastIndexOf('.')];

    /// <summary>Keys of the same section and group exclude each other: a later one takes the earlier one's place.</summary>
    public string? Group { get; init; }

    /// <summary>The user names the section.</summary>
    public bool IsNamed => Path.Contains('*', StringComparison.Ordinal);

    /// <summary>The variable that sets it; none in sections that the user names.</summary>
    public string? Variable => IsNamed ? null : Schema.VariablePrefix + Path.Replace('.', '_').ToUpperInvariant();
}

/// <summary>A value before it is judged.</summary>
/// <param name="Path">The full path of the key.</param>
/// <param name="Raw">A text, a whole number, a truth value or a list of texts; null for anything else that a file can hold.</param>
/// <param name="Origin">Where it stands.</param>
internal sealed record SettingEntry(string Path, object? Raw, SettingOrigin Origin);

/// <summary>A value that holds.</summary>
/// <param name="Key">What it is the value of.</param>
/// <param name="Path">The full path, with the user's name in place of the star.</param>
/// <param name="Raw">The value, in the form of its type; null when the key is not set.</param>
/// <param name="Origin">Where it comes from.</param>
internal sealed record SettingValue(SettingKey Key, string Path, object? Raw, SettingOrigin Origin)
{
    /// <summary>The value as it stands in a file, with what may be secret left out; null when the key is not set.</summary>
    public string? Shown => Raw is null ? null : TomlText.Of(Key.Type.IsAddress && Raw is string address ? WebAddress.Shown(address) : Raw);
}

/// <summary>Something wrong with the configuration.</summary>
/// <param name="Place">Where.</param>
/// <param name="Key">The key, or the section; empty when it is about a whole file.</param>
/// <param name="Text">What, without the value when that may be secret.</param>
internal sealed record SettingFault(SettingOrigin Place, string Key, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Place.Kind == OriginKind.Option ? $"{Place.Name} {Text}" : Key.Length > 0 ? $"{Place}: {Key}: {Text}" : $"{Place}: {Text}";
}
