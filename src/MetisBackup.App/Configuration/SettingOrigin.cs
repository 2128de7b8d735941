namespace MetisBackup.App.Configuration;

/// <summary>Where a value comes from. A later kind overrides an earlier one.</summary>
internal enum OriginKind
{
    /// <summary>Nobody said anything.</summary>
    Default,

    /// <summary>A line of a file.</summary>
    File,

    /// <summary>A variable of the environment.</summary>
    Environment,

    /// <summary>An option of the command line.</summary>
    Option,
}

/// <summary>Where a value comes from.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Name">Path of the file, name of the variable or of the option; empty for a default.</param>
/// <param name="Line">The line of the file, from 1; 0 elsewhere.</param>
internal sealed record SettingOrigin(OriginKind Kind, string Name, int Line)
{
    /// <summary>The origin of what nobody set.</summary>
    public static SettingOrigin Default { get; } = new(OriginKind.Default, "", 0);

    /// <summary>The place as it stands in messages: <c>/etc/metis-backup/config.toml:3</c>, <c>variable METIS_BACKUP_STORE</c>, <c>option --store</c>.</summary>
    public override string ToString() => Kind switch
    {
        OriginKind.Default => "default",
        OriginKind.File when Line == 0 => Name,
        OriginKind.File => $"{Name}:{Line}",
        OriginKind.Environment => $"variable {Name}",
        _ => $"option {Name}",
    };
}
