using Cronos;

namespace MetisBackup.App.Configuration.Sections;

/// <summary>What is done when a schedule is due.</summary>
internal enum ScheduledAction
{
    /// <summary>A snapshot of the target, then retention.</summary>
    Create,

    /// <summary>Retention alone.</summary>
    Prune,

    /// <summary>The newest snapshot of the target is read and compared with its hashes.</summary>
    Verify,

    /// <summary>A server is started on a clone of the newest snapshot of the data set.</summary>
    Drill,
}

/// <summary><c>[schedule.NAME]</c>: when something is done by the service. Without any, the DR tier takes its nightly snapshot.</summary>
internal sealed record ScheduleSection
{
    /// <summary>The schedule that holds when none is written.</summary>
    public const string Nightly = "dr-nightly";

    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("schedule.*.target", SettingType.Text, null, "the target: operational, dr, or one of yours"),
        new("schedule.*.action", SettingType.Choice(Words.All<ScheduledAction>()), "create", "what is done"),
        new("schedule.*.cron", SettingType.Cron, null, "when: minute, hour, day of month, month, day of week"),
        new("schedule.*.zone", SettingType.Zone, SettingType.LocalZone, "the time zone that the hours are of"),
        new("schedule.*.jitter", SettingType.DurationOrOff, "off", "a random delay of up to this long"),
        new("schedule.*.catch_up", SettingType.Flag, true, "run once when a time was missed because the machine or the service was down"),
        new("schedule.*.description", SettingType.Text, "Scheduled", "description of the operational snapshots that it makes"),
        new("schedule.*.enabled", SettingType.Flag, true, "false rests it"),
    ];

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its target; it exists.</summary>
    public required string Target { get; init; }

    /// <summary>What is done.</summary>
    public required ScheduledAction Action { get; init; }

    /// <summary>When, in five fields.</summary>
    public required string Cron { get; init; }

    /// <summary>The zone of <see cref="Cron"/>.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The longest random delay; zero for none.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>A missed time is made up for once.</summary>
    public required bool CatchUp { get; init; }

    /// <summary>Description of operational snapshots.</summary>
    public required string Description { get; init; }

    /// <summary>It is not resting.</summary>
    public required bool Enabled { get; init; }

    /// <summary>
    /// The next time after <paramref name="after"/>, without jitter. A time that the change to summer time leaves out comes at the end of the
    /// gap; one that the change back repeats comes once.
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public DateTimeOffset? Next(DateTimeOffset after) => CronExpression.Parse(Cron).GetNextOccurrence(after, Zone);

    /// <summary>Reads all schedules.</summary>
    /// <param name="values">All values.</param>
    /// <param name="targets">All targets.</param>
    /// <param name="local">The zone of the machine.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static IReadOnlyList<ScheduleSection> ReadAll(SettingValues values, IReadOnlyList<TargetSection> targets, TimeZoneInfo local, ICollection<SettingFault> faults)
    {
        var sections = values.Named("schedule").ToList();
        if (sections.Count == 0)
        {
            var at = values.Section("dr").TimeOfDay("at");
            return [new ScheduleSection { Name = Nightly, Target = "dr", Action = ScheduledAction.Create, Cron = $"{at.Minute} {at.Hour} * * *", Zone = local, Jitter = TimeSpan.Zero, CatchUp = true, Description = "Scheduled", Enabled = true }];
        }

        var schedules = new List<ScheduleSection>();
        foreach (var section in sections)
        {
            foreach (var missing in (string[])[.. ((string[])["target", "cron"]).Where(name => !section.Has(name))])
            {
                faults.Add(new SettingFault(section.Origin(), $"schedule.{section.Name}", $"has no {missing}"));
            }

            var target = targets.FirstOrDefault(one => one.Name == section.TextOrNull("target"));
            if (target is null && section.Has("target"))
            {
                faults.Add(new SettingFault(section.Origin("target"), $"schedule.{section.Name}.target", $"there is no target of that name; there are {string.Join(", ", targets.Select(static one => one.Name))}"));
            }

            if (target is not null && section.Has("cron"))
            {
                schedules.Add(Read(section, target, local, faults));
            }
        }

        return schedules;
    }

    private static ScheduleSection Read(SettingSection section, TargetSection target, TimeZoneInfo local, ICollection<SettingFault> faults)
    {
        var action = section.Word<ScheduledAction>("action");
        var misfit = (action, target.Tier) is (ScheduledAction.Verify, TargetTier.Dr) or (ScheduledAction.Drill, TargetTier.Operational);
        if (misfit)
        {
            faults.Add(new SettingFault(section.Origin("action"), $"schedule.{section.Name}.action", "a data set is drilled and a database is verified, not the other way round"));
        }

        if (CronExpression.Parse(section.Text("cron")).GetNextOccurrence(DateTime.UnixEpoch, TimeZoneInfo.Utc) is null)
        {
            faults.Add(new SettingFault(section.Origin("cron"), $"schedule.{section.Name}.cron", "names a day that no year has"));
        }

        return new ScheduleSection
        {
            Name = section.Name,
            Target = target.Name,
            Action = action,
            Cron = section.Text("cron"),
            Zone = section.Text("zone") is var zone && zone == SettingType.LocalZone ? local : TimeZoneInfo.FindSystemTimeZoneById(zone),
            Jitter = section.DurationOrNull("jitter") ?? TimeSpan.Zero,
            CatchUp = section.Flag("catch_up"),
            Description = section.Text("description"),
            Enabled = section.Flag("enabled"),
        };
    }
}
