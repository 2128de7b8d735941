using MetisBackup.Core.Retention;

namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[retention.operational]</c>, <c>[retention.dr]</c>, <c>[retention.safety]</c>: which points are kept.</summary>
internal sealed record RetentionSection
{
    private static readonly (string Name, string Meaning)[] Counts =
    [
        ("last", "the newest so many, and the first of each burst"), ("hourly", "the first of each of so many hours"), ("daily", "of so many days"),
        ("weekly", "of so many ISO weeks"), ("monthly", "of so many months"), ("yearly", "of so many years"),
    ];

    /// <summary>What can be set. A rule that is 0 or off keeps nothing.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        .. Rules("retention.operational", RetentionPolicy.Operational),
        .. Rules("retention.dr", RetentionPolicy.DisasterRecovery),
        new("retention.safety.within", SettingType.Duration, "30d", "how long the states before restores and rollbacks are kept; the newest one always"),
    ];

    /// <summary>Snapshots of databases.</summary>
    public required RetentionPolicy Operational { get; init; }

    /// <summary>Nightly snapshots of the data set.</summary>
    public required RetentionPolicy Dr { get; init; }

    /// <summary>Safety snapshots of both tiers.</summary>
    public required RetentionPolicy Safety { get; init; }

    /// <summary>The keys of one policy.</summary>
    /// <param name="section">The section.</param>
    /// <param name="usual">What holds when nobody says otherwise; null when another section decides.</param>
    public static IEnumerable<SettingKey> Rules(string section, RetentionPolicy? usual)
    {
        int[]? numbers = usual is null ? null : [usual.Last, usual.Hourly, usual.Daily, usual.Weekly, usual.Monthly, usual.Yearly];
        for (var i = 0; i < Counts.Length; i++)
        {
            yield return new SettingKey($"{section}.{Counts[i].Name}", SettingType.Count(0, 100_000), numbers is null ? null : (long)numbers[i], Counts[i].Meaning);
        }

        yield return new SettingKey($"{section}.within", SettingType.DurationOrOff, usual is null ? null : DurationText.Off, "all that are younger than the newest by less than this");
        yield return new SettingKey($"{section}.max_age", SettingType.DurationOrOff, usual is null ? null : DurationText.Off, "none that is older, except what nothing may remove");
    }

    /// <summary>Reads the sections.</summary>
    public static RetentionSection Read(SettingSection section, ICollection<SettingFault> faults) => new()
    {
        Operational = Policy(section.Inner("operational"), "retention.operational", faults),
        Dr = Policy(section.Inner("dr"), "retention.dr", faults),
        Safety = new RetentionPolicy { MaxAge = section.Inner("safety").Duration("within") },
    };

    private static RetentionPolicy Policy(SettingSection section, string path, ICollection<SettingFault> faults)
    {
        var policy = new RetentionPolicy
        {
            Last = section.Count("last"),
            Hourly = section.Count("hourly"),
            Daily = section.Count("daily"),
            Weekly = section.Count("weekly"),
            Monthly = section.Count("monthly"),
            Yearly = section.Count("yearly"),
            Within = section.DurationOrNull("within"),
            MaxAge = section.DurationOrNull("max_age"),
        };
        if (policy == new RetentionPolicy())
        {
            faults.Add(new SettingFault(section.Origin("last"), path, "keeps nothing; give at least one rule"));
        }

        return policy;
    }
}
