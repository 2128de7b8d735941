namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[status]</c>: from when on something is not well.</summary>
internal sealed record StatusSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("status.allowed_age", SettingType.Duration, "26h", "the age from which on the last success of a target is too old"),
        new("status.size_change", SettingType.Count(0, 10_000), 50L, "the difference from the usual size, in percent, that is unusual; 0 is off"),
        new("status.free_warning", SettingType.Count(0, 100), 15L, "free space, in percent, below which there is a warning"),
        new("status.free_critical", SettingType.Count(0, 100), 5L, "free space, in percent, below which it is critical"),
        new("status.forecast", SettingType.DurationOrOff, "14d", "warn when the space would be used up within this time"),
        new("status.drill_age", SettingType.DurationOrOff, DurationText.Off, "the age from which on the last drill or verification is too old"),
        new("status.ignore", SettingType.Texts, null, "targets that are not watched"),
    ];

    /// <summary>Greatest age of the last success.</summary>
    public required TimeSpan AllowedAge { get; init; }

    /// <summary>Unusual difference of size in percent; null when off.</summary>
    public required int? SizeChangePercent { get; init; }

    /// <summary>Free space that warns, in percent.</summary>
    public required int FreeWarningPercent { get; init; }

    /// <summary>Free space that is critical, in percent.</summary>
    public required int FreeCriticalPercent { get; init; }

    /// <summary>How far ahead the space must last; null when off.</summary>
    public required TimeSpan? Forecast { get; init; }

    /// <summary>Greatest age of the last proof; null when off.</summary>
    public required TimeSpan? DrillAge { get; init; }

    /// <summary>Names of targets that are not watched.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="targets">All targets.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static StatusSection Read(SettingSection section, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        foreach (var name in section.Texts("ignore").Where(name => !targets.Any(one => one.Name == name)))
        {
            faults.Add(new SettingFault(section.Origin("ignore"), "status.ignore", $"there is no target '{name}'; there are {string.Join(", ", targets.Select(static one => one.Name))}"));
        }

        return Read(section);
    }

    private static StatusSection Read(SettingSection section) => new()
    {
        AllowedAge = section.Duration("allowed_age"),
        SizeChangePercent = section.Count("size_change") is var change and > 0 ? change : null,
        FreeWarningPercent = section.Count("free_warning"),
        FreeCriticalPercent = section.Count("free_critical"),
        Forecast = section.DurationOrNull("forecast"),
        DrillAge = section.DurationOrNull("drill_age"),
        Ignored = section.Texts("ignore"),
    };
}
