using MetisBackup.App.Configuration;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>config show</c> and <c>config check</c>.</summary>
internal sealed record ConfigDocument : Document
{
    /// <summary>The files that were read, the least important first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The target whose settings these are; null when none was chosen.</summary>
    public required string? Target { get; init; }

    /// <summary>Everything that can be set.</summary>
    public required IReadOnlyList<SettingDetail> Settings { get; init; }

    /// <summary>Things worth knowing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The document of some settings.</summary>
    public static ConfigDocument Of(string command, Settings settings, IReadOnlyList<string> warnings) => new()
    {
        Command = command,
        Files = settings.Files,
        Target = settings.Target?.Name,
        Settings = [.. settings.Values.All.Select(static one => new SettingDetail(one.Path, one.Shown, new OriginDetail(one.Origin.Kind.ToString().ToLowerInvariant(), one.Origin.Name, one.Origin.Line), one.Key.Variable))],
        Warnings = warnings,
    };
}

/// <summary>A setting.</summary>
/// <param name="Key">Section and name.</param>
/// <param name="Value">As it stands in a file, addresses without what may be secret; null when it is not set.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Variable">The variable of the environment that sets it; null when there is none.</param>
internal sealed record SettingDetail(string Key, string? Value, OriginDetail Origin, string? Variable);

/// <summary>Where a value comes from.</summary>
/// <param name="Kind"><c>default</c>, <c>file</c>, <c>environment</c> or <c>option</c>.</param>
/// <param name="Name">Path of the file, name of the variable or of the option; empty for a default.</param>
/// <param name="Line">Line of the file, from 1; 0 elsewhere.</param>
internal sealed record OriginDetail(string Kind, string Name, int Line);
