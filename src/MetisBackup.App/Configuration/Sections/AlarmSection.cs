namespace MetisBackup.App.Configuration.Sections;

/// <summary>What there can be an alarm about.</summary>
internal enum AlarmEvent
{
    /// <summary>A run failed.</summary>
    Failure,

    /// <summary>A run did not happen.</summary>
    Missed,

    /// <summary>All is well again.</summary>
    Recovery,

    /// <summary>A snapshot has an unusual size.</summary>
    Size,

    /// <summary>Space runs out.</summary>
    Space,
}

/// <summary><c>[alarms]</c> and the sections below it: who is told, about what.</summary>
internal sealed record AlarmSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("alarms.on", SettingType.Choices(Words.All<AlarmEvent>()), (IReadOnlyList<string>)Words.All<AlarmEvent>(), "what there is an alarm about"),
        new("alarms.repeat", SettingType.DurationOrOff, "24h", "how soon the same alarm is given again while nothing gets better"),
        new("alarms.timeout", SettingType.Limit, "30s", "how long one attempt may take"),
        new("alarms.retries", SettingType.Count(0, 20), 3L, "how many more attempts follow one that failed"),
        .. WebhookAlarm.Keys,
        .. EmailAlarm.Keys,
        .. CommandAlarm.Keys,
        .. PingAlarm.Keys,
    ];

    /// <summary>What there is an alarm about, where a notifier does not say otherwise.</summary>
    public required IReadOnlyList<AlarmEvent> On { get; init; }

    /// <summary>How soon the same alarm is given again; null for never.</summary>
    public required TimeSpan? Repeat { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Attempts after the first.</summary>
    public required int Retries { get; init; }

    /// <summary><c>[alarms.webhook.NAME]</c>.</summary>
    public required IReadOnlyList<WebhookAlarm> Webhooks { get; init; }

    /// <summary><c>[alarms.email.NAME]</c>.</summary>
    public required IReadOnlyList<EmailAlarm> Emails { get; init; }

    /// <summary><c>[alarms.command.NAME]</c>.</summary>
    public required IReadOnlyList<CommandAlarm> Commands { get; init; }

    /// <summary><c>[alarms.ping.NAME]</c>.</summary>
    public required IReadOnlyList<PingAlarm> Pings { get; init; }

    /// <summary>Reads the sections.</summary>
    public static AlarmSection Read(SettingValues values, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var section = values.Section("alarms");
        var on = Events(section)!;
        return new AlarmSection
        {
            On = on,
            Repeat = section.DurationOrNull("repeat"),
            Timeout = section.Duration("timeout"),
            Retries = section.Count("retries"),
            Webhooks = [.. values.Named("alarms.webhook").Select(one => WebhookAlarm.Read(one, on, targets, faults)).OfType<WebhookAlarm>()],
            Emails = [.. values.Named("alarms.email").Select(one => EmailAlarm.Read(one, on, targets, faults)).OfType<EmailAlarm>()],
            Commands = [.. values.Named("alarms.command").Select(one => CommandAlarm.Read(one, on, targets, faults)).OfType<CommandAlarm>()],
            Pings = [.. values.Named("alarms.ping").Select(one => PingAlarm.Read(one, targets, faults)).OfType<PingAlarm>()],
        };
    }

    /// <summary>The events that a section names; null when it names none.</summary>
    public static IReadOnlyList<AlarmEvent>? Events(SettingSection section) => section.TextsOrNull("on")?.Select(Words.Of<AlarmEvent>).ToList();
}
