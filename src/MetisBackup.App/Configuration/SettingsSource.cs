namespace MetisBackup.App.Configuration;

/// <summary>What there is to merge.</summary>
internal sealed record SettingsSource
{
    /// <summary>The files that were read, the least important first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What the files and the environment say, the least important first.</summary>
    public required IReadOnlyList<IReadOnlyList<SettingEntry>> Layers { get; init; }

    /// <summary>What the command line says; it holds over everything, the target included.</summary>
    public required IReadOnlyList<SettingEntry> Options { get; init; }

    /// <summary>The target that was chosen; null for none.</summary>
    public required string? Target { get; init; }

    /// <summary>What is wrong with the form of a file, or with the name of a variable.</summary>
    public required IReadOnlyList<SettingFault> Faults { get; init; }

    /// <summary>Zone of the machine.</summary>
    public required TimeZoneInfo LocalZone { get; init; }

    /// <summary>Reads the files and the environment.</summary>
    /// <param name="file">The one file to read; null to look for it.</param>
    /// <param name="target">The target that the command line chooses; null for none.</param>
    /// <param name="options">What else the command line says.</param>
    /// <param name="localZone">Zone of the machine.</param>
    /// <exception cref="Core.Errors.MetisException">2, 10, 12, 15: a file cannot be used.</exception>
    public static SettingsSource Read(string? file, string? target, IReadOnlyList<SettingEntry> options, TimeZoneInfo localZone)
    {
        var faults = new List<SettingFault>();
        var files = ConfigurationFiles.Find(file);
        var layers = new List<IReadOnlyList<SettingEntry>>();
        foreach (var path in files)
        {
            var toml = ConfigurationFiles.Read(path);
            faults.AddRange(toml.Faults);
            layers.Add(toml.Known);
        }

        layers.Add(EnvironmentVariables.Read(Environment.GetEnvironmentVariables(), faults));
        return new SettingsSource { Files = files, Layers = layers, Options = options, Target = target, Faults = faults, LocalZone = localZone };
    }
}
