namespace MetisBackup.App.Configuration.Sections;

/// <summary>Where a secret is kept. The secret itself is never part of the configuration.</summary>
/// <param name="File">A file that holds it and nothing else; null when it is in a variable.</param>
/// <param name="Variable">A variable of the environment; null when it is in a file.</param>
internal sealed record SecretReference(string? File, string? Variable)
{
    /// <summary>Where the secret <paramref name="name"/> of a section is kept; null when it has none.</summary>
    public static SecretReference? Read(SettingSection section, string name) => section.Has(name + "_file") || section.Has(name + "_env")
        ? new SecretReference(section.TextOrNull(name + "_file"), section.TextOrNull(name + "_env"))
        : null;

    /// <summary>The two keys of a secret.</summary>
    /// <param name="path">Section and name without the ending.</param>
    /// <param name="variable">The variable that holds it when nobody says otherwise; null for none.</param>
    /// <param name="meaning">What it is.</param>
    public static IEnumerable<SettingKey> Keys(string path, string? variable, string meaning) =>
    [
        new(path + "_file", SettingType.Path, null, $"file that holds {meaning} and nothing else") { Group = path },
        new(path + "_env", SettingType.Variable, variable, $"variable of the environment that holds {meaning}") { Group = path },
    ];
}
