namespace MetisBackup.App.Configuration.Sections;

/// <summary>The two tiers.</summary>
internal enum TargetTier
{
    /// <summary>Snapshots of one database.</summary>
    Operational,

    /// <summary>Snapshots of the data set.</summary>
    Dr,
}

/// <summary>
/// <c>[target.NAME]</c>: one database of a server in a store, or one data set. What it does not say comes from the sections of its tier.
/// <c>operational</c> and <c>dr</c> are always there: they are what these sections themselves say.
/// </summary>
internal sealed record TargetSection
{
    private const string Tables = "target.*";

    /// <summary>For each key of a target, the key that it takes the place of.</summary>
    private static readonly (string Name, string Instead)[] Places =
    [
        ("endpoint", "server.endpoint"), ("user", "server.user"), ("password_file", "server.password_file"), ("password_env", "server.password_env"),
        ("database", "operational.database"), ("store", "operational.store"), ("include_bulk", "bulk.include"),
        ("dataset", "dr.dataset"), ("service", "dr.service"), ("start_command", "dr.start_command"), ("stop_command", "dr.stop_command"), ("status_command", "dr.status_command"),
        ("server_config", "dr.server_config"), ("data_paths", "dr.data_paths"), ("accept_outside", "dr.accept_outside"), ("allowed_age", "status.allowed_age"),
    ];

    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        .. Places.Select(static one => new SettingKey($"{Tables}.{one.Name}", TypeOf(one.Instead), null, MeaningOf(one)) { Group = one.Name.StartsWith("password", StringComparison.Ordinal) ? "target.password" : null }),
        .. RetentionSection.Rules($"{Tables}.retention", usual: null),
    ];

    /// <summary>What commands and schedules call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required TargetTier Tier { get; init; }

    /// <summary>The database, or the data set.</summary>
    public required string Subject { get; init; }

    /// <summary>Reads all targets, the two that are always there first.</summary>
    public static IReadOnlyList<TargetSection> ReadAll(SettingValues values, ICollection<SettingFault> faults)
    {
        List<TargetSection> targets =
        [
            new() { Name = "operational", Tier = TargetTier.Operational, Subject = values.Section("operational").Text("database") },
            new() { Name = "dr", Tier = TargetTier.Dr, Subject = values.Section("dr").Text("dataset") },
        ];
        foreach (var section in values.Named("target"))
        {
            if (targets.Take(2).Any(one => one.Name == section.Name))
            {
                faults.Add(new SettingFault(section.Origin(), $"target.{section.Name}", $"is always there; set [{section.Name}] instead"));
            }
            else
            {
                if (section.Has("database") == section.Has("dataset"))
                {
                    faults.Add(new SettingFault(section.Origin(), $"target.{section.Name}", "needs a database or a data set, and not both"));
                }

                // one with a fault is known all the same, so that who names it is not told otherwise
                var tier = section.Has("dataset") ? TargetTier.Dr : TargetTier.Operational;
                targets.Add(new TargetSection { Name = section.Name, Tier = tier, Subject = section.TextOrNull(tier == TargetTier.Dr ? "dataset" : "database") ?? "" });
            }
        }

        return targets;
    }

    /// <summary>What a target sets, as values of the keys that it takes the place of.</summary>
    public static IEnumerable<SettingEntry> Overlay(SettingValues values, TargetSection target)
    {
        var tier = target.Tier == TargetTier.Operational ? "operational" : "dr";
        var rules = RetentionSection.Rules("", usual: null).Select(key => ($"retention{key.Path}", $"retention.{tier}{key.Path}"));
        foreach (var (name, instead) in Places.Concat(rules))
        {
            if (values.Find($"target.{target.Name}.{name}") is { Raw: { } raw } value)
            {
                yield return new SettingEntry(instead, raw, value.Origin);
            }
        }
    }

    private static SettingKey KeyOf(string path) =>
        ((IEnumerable<SettingKey>)[.. ServerSection.Keys, .. OperationalSection.Keys, .. DrSection.Keys, .. BulkSection.Keys, .. StatusSection.Keys]).First(one => one.Path == path);

    private static SettingType TypeOf(string path) => KeyOf(path).Type;

    private static string MeaningOf((string Name, string Instead) place) => place.Name switch
    {
        "database" => "the database; a target has this or a data set",
        "dataset" => "the data set; a target has this or a database",
        _ => $"in place of {place.Instead}",
    };
}
