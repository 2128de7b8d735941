using System.CommandLine;
using MetisBackup.App.Configuration;

namespace MetisBackup.App.Commands;

/// <summary>An option in place of a key that has one value.</summary>
internal sealed class SettingOption : Option<string?>, ISettingOption
{
    private readonly SettingKey _key;
    private readonly Func<string, string> _meaning;

    /// <summary>Makes the option; help shows the key's default.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="path">The key.</param>
    /// <param name="helpName">What stands for the value in help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="unit">Unit of a time span that is typed as a number alone.</param>
    public SettingOption(string name, string path, string helpName, string description, char? unit = null)
        : base(name)
    {
        _key = Schema.Find(path) ?? throw new InvalidOperationException($"no key {path}");
        _meaning = _key.Type == SettingType.Path ? Path.GetFullPath : text => unit is { } letter && text.Length > 0 && text.All(char.IsAsciiDigit) ? text + letter : text;
        Description = description;
        HelpName = helpName;
        if (_key.Default is string or long)
        {
            var usual = _key.Default.ToString();
            DefaultValueFactory = _ => usual;
        }
    }

    /// <inheritdoc/>
    public SettingEntry? Entry(ParseResult parsed) => Text(parsed) is { } text ? new SettingEntry(_key.Path, _key.Type.Read(text), new SettingOrigin(OriginKind.Option, Name, 0)) : null;

    /// <inheritdoc/>
    public IEnumerable<string> Typed(ParseResult parsed) => Text(parsed) is { } text ? [Name, text] : [];

    private string? Text(ParseResult parsed) => parsed.GetResult(this) is { Implicit: false } && parsed.GetValue(this) is { } text ? text.Length > 0 ? _meaning(text) : text : null;
}
