namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[bulk]</c>: files beside the database that belong to a snapshot.</summary>
internal sealed record BulkSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("bulk.include", SettingType.Flag, false, "capture the files with every snapshot, as with --include-bulk"),
        new("bulk.path", SettingType.Path, "/bulk-store/metis/experiments", "the directory of the files"),
        new("bulk.exclude", SettingType.Patterns, Exclude, "names that are neither captured nor touched by a restore"),
        new("bulk.keep_trash", SettingType.Duration, "30d", "how long what a restore removed stays in the trash"),
    ];

    /// <summary>The files belong to every snapshot.</summary>
    public required bool Include { get; init; }

    /// <summary>The directory.</summary>
    public required string Path { get; init; }

    /// <summary>Patterns of names that are passed over, both ways.</summary>
    public required IReadOnlyList<string> Excluded { get; init; }

    /// <summary>How long removed files stay.</summary>
    public required TimeSpan KeepTrash { get; init; }

    private static IReadOnlyList<string> Exclude => ["*.tmp", "__pycache__", ".git"];

    /// <summary>Reads the section.</summary>
    public static BulkSection Read(SettingSection section) => new()
    {
        Include = section.Flag("include"),
        Path = section.Text("path"),
        Excluded = section.Texts("exclude"),
        KeepTrash = section.Duration("keep_trash"),
    };
}
