namespace MetisBackup.App.Configuration.Sections;

/// <summary>Somebody who is told.</summary>
internal abstract record Notifier
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the targets that it hears about; empty for all.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The keys that every notifier has.</summary>
    protected static IEnumerable<SettingKey> Common(string kind, bool hasEvents) =>
    [
        .. hasEvents ? (SettingKey[])[new($"alarms.{kind}.*.on", SettingType.Choices(Words.All<AlarmEvent>()), null, "what it tells about; as alarms.on when not given")] : [],
        new($"alarms.{kind}.*.targets", SettingType.Texts, null, "the targets that it tells about; all when not given"),
    ];

    /// <summary>The keys of an address, which may be kept as a secret.</summary>
    protected static IEnumerable<SettingKey> Address(string kind, string meaning) =>
    [
        new($"alarms.{kind}.*.url", SettingType.Address, null, meaning) { Group = $"alarms.{kind}.url" },
        new($"alarms.{kind}.*.url_file", SettingType.Path, null, "file that holds the address and nothing else") { Group = $"alarms.{kind}.url" },
        new($"alarms.{kind}.*.url_env", SettingType.Variable, null, "variable of the environment that holds the address") { Group = $"alarms.{kind}.url" },
    ];

    /// <summary>Whether one of the keys of an address is set.</summary>
    protected static bool HasAddress(SettingSection section, string path, ICollection<SettingFault> faults) =>
        section.Has("url_file") || section.Has("url_env") || Requirements.Meet(section, path, faults, "url");
}

/// <summary><c>[alarms.webhook.NAME]</c>: a JSON document is sent to an address.</summary>
internal sealed record WebhookAlarm : Notifier
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        .. Address("webhook", "where the document is sent"),
        new("alarms.webhook.*.template", SettingType.Template, null, "the document, with {placeholders}; everything as JSON when not given"),
        .. SecretReference.Keys("alarms.webhook.*.authorization", null, "the value of the header Authorization"),
        .. Common("webhook", hasEvents: true),
    ];

    /// <summary>What it tells about.</summary>
    public required IReadOnlyList<AlarmEvent> On { get; init; }

    /// <summary>The address; null when it is kept as a secret.</summary>
    public required string? Url { get; init; }

    /// <summary>Where the address is kept; null when it is <see cref="Url"/>.</summary>
    public required SecretReference? UrlSecret { get; init; }

    /// <summary>The document with placeholders; null for the usual one.</summary>
    public required string? Template { get; init; }

    /// <summary>Where the value of the header Authorization is kept; null for none.</summary>
    public required SecretReference? Authorization { get; init; }

    /// <summary>Reads the section; null when something is missing.</summary>
    public static WebhookAlarm? Read(SettingSection section, IReadOnlyList<AlarmEvent> usual, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var path = $"alarms.webhook.{section.Name}";
        return HasAddress(section, path, faults) & Requirements.KnowTargets(section, path, targets, faults)
            ? new WebhookAlarm
            {
                Name = section.Name,
                Targets = section.Texts("targets"),
                On = AlarmSection.Events(section) ?? usual,
                Url = section.TextOrNull("url"),
                UrlSecret = SecretReference.Read(section, "url"),
                Template = section.TextOrNull("template"),
                Authorization = SecretReference.Read(section, "authorization"),
            }
            : null;
    }
}

/// <summary>How a connection to a mail server is protected.</summary>
internal enum MailSecurity
{
    /// <summary>TLS when the server offers it.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>TLS after a plain beginning; without it nothing is sent.</summary>
    Starttls,

    /// <summary>TLS from the beginning.</summary>
    Tls,
}

/// <summary><c>[alarms.email.NAME]</c>: a mail is sent.</summary>
internal sealed record EmailAlarm : Notifier
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("alarms.email.*.host", SettingType.Text, null, "the mail server"),
        new("alarms.email.*.port", SettingType.Count(1, 65_535), 25L, "its port"),
        new("alarms.email.*.security", SettingType.Choice(Words.All<MailSecurity>()), "auto", "how the connection is protected"),
        new("alarms.email.*.user", SettingType.Text, null, "account on it"),
        .. SecretReference.Keys("alarms.email.*.password", null, "the account's password"),
        new("alarms.email.*.from", SettingType.Mailbox, null, "the sender"),
        new("alarms.email.*.to", SettingType.Mailboxes, null, "the receivers"),
        .. Common("email", hasEvents: true),
    ];

    /// <summary>What it tells about.</summary>
    public required IReadOnlyList<AlarmEvent> On { get; init; }

    /// <summary>The mail server.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>How the connection is protected.</summary>
    public required MailSecurity Security { get; init; }

    /// <summary>Account; null when none is needed.</summary>
    public required string? User { get; init; }

    /// <summary>Where its password is kept; null when none is needed.</summary>
    public required SecretReference? Password { get; init; }

    /// <summary>The sender.</summary>
    public required string From { get; init; }

    /// <summary>The receivers; at least one.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>Reads the section; null when something is missing.</summary>
    public static EmailAlarm? Read(SettingSection section, IReadOnlyList<AlarmEvent> usual, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var path = $"alarms.email.{section.Name}";
        if (section.Has("to") && section.Texts("to").Count == 0)
        {
            faults.Add(new SettingFault(section.Origin("to"), path + ".to", "names nobody"));
        }

        return Requirements.Meet(section, path, faults, "host", "from", "to") & Requirements.KnowTargets(section, path, targets, faults)
            ? new EmailAlarm
            {
                Name = section.Name,
                Targets = section.Texts("targets"),
                On = AlarmSection.Events(section) ?? usual,
                Host = section.Text("host"),
                Port = section.Count("port"),
                Security = section.Word<MailSecurity>("security"),
                User = section.TextOrNull("user"),
                Password = SecretReference.Read(section, "password"),
                From = section.Text("from"),
                To = section.Texts("to"),
            }
            : null;
    }
}

/// <summary><c>[alarms.command.NAME]</c>: a program is run.</summary>
internal sealed record CommandAlarm : Notifier
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("alarms.command.*.command", SettingType.Program, null, "the program and its arguments; no shell takes them apart"),
        .. Common("command", hasEvents: true),
    ];

    /// <summary>What it tells about.</summary>
    public required IReadOnlyList<AlarmEvent> On { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Reads the section; null when something is missing.</summary>
    public static CommandAlarm? Read(SettingSection section, IReadOnlyList<AlarmEvent> usual, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var path = $"alarms.command.{section.Name}";
        return Requirements.Meet(section, path, faults, "command") & Requirements.KnowTargets(section, path, targets, faults)
            ? new CommandAlarm { Name = section.Name, Targets = section.Texts("targets"), On = AlarmSection.Events(section) ?? usual, Command = section.Texts("command") }
            : null;
    }
}

/// <summary><c>[alarms.ping.NAME]</c>: an address is called after each success, so that somebody else notices when it is not.</summary>
internal sealed record PingAlarm : Notifier
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } = [
        .. Address("ping", "what is called after each snapshot that was made"),
        new("alarms.ping.*.failures", SettingType.Flag, false, "after one that failed, call the address with /fail behind it"),
        .. Common("ping", hasEvents: false),
    ];

    /// <summary>The address; null when it is kept as a secret.</summary>
    public required string? Url { get; init; }

    /// <summary>Where the address is kept; null when it is <see cref="Url"/>.</summary>
    public required SecretReference? UrlSecret { get; init; }

    /// <summary>Failures are told too, at the address with <c>/fail</c> behind it.</summary>
    public required bool Failures { get; init; }

    /// <summary>Reads the section; null when something is missing.</summary>
    public static PingAlarm? Read(SettingSection section, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var path = $"alarms.ping.{section.Name}";
        return HasAddress(section, path, faults) & Requirements.KnowTargets(section, path, targets, faults)
            ? new PingAlarm { Name = section.Name, Targets = section.Texts("targets"), Url = section.TextOrNull("url"), UrlSecret = SecretReference.Read(section, "url"), Failures = section.Flag("failures") }
            : null;
    }
}
