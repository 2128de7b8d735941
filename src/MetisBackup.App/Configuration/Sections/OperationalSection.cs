namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[operational]</c>: snapshots of one database.</summary>
internal sealed record OperationalSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("operational.database", SettingType.Database, Defaults.Database, "the database that is captured when no other is named"),
        new("operational.store", SettingType.Path, Defaults.Store, "root directory of the snapshot store"),
        new("operational.cleanup_after_create", SettingType.Flag, true, "remove what no retention rule keeps after each successful create"),
    ];

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>Root directory of the store, absolute.</summary>
    public required string Store { get; init; }

    /// <summary>Retention runs after each create.</summary>
    public required bool CleanupAfterCreate { get; init; }

    /// <summary>Reads the section.</summary>
    public static OperationalSection Read(SettingSection section) => new()
    {
        Database = section.Text("database"),
        Store = section.Text("store"),
        CleanupAfterCreate = section.Flag("cleanup_after_create"),
    };
}
