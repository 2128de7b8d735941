using System.CommandLine;
using MetisBackup.App.Configuration;

namespace MetisBackup.App.Commands;

/// <summary>An option, typed once for each value, in place of a key that has a list of paths.</summary>
internal sealed class SettingListOption : Option<string[]>, ISettingOption
{
    private readonly SettingKey _key;

    /// <summary>Makes the option.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="path">The key.</param>
    /// <param name="description">What it does.</param>
    public SettingListOption(string name, string path, string description)
        : base(name)
    {
        _key = Schema.Find(path) ?? throw new InvalidOperationException($"no key {path}");
        Description = description;
        HelpName = "PATH";
        DefaultValueFactory = static _ => [];
    }

    /// <inheritdoc/>
    public SettingEntry? Entry(ParseResult parsed) => Paths(parsed) is { Count: > 0 } paths ? new SettingEntry(_key.Path, paths, new SettingOrigin(OriginKind.Option, Name, 0)) : null;

    /// <inheritdoc/>
    public IEnumerable<string> Typed(ParseResult parsed) => Paths(parsed).SelectMany(path => (string[])[Name, path]);

    private IReadOnlyList<string> Paths(ParseResult parsed) => parsed.GetResult(this) is { Implicit: false } ? [.. parsed.GetRequiredValue(this).Select(static path => path.Length > 0 ? Path.GetFullPath(path) : path)] : [];
}
