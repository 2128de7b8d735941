namespace MetisBackup.App.Configuration.Sections;

/// <summary>How messages are written.</summary>
internal enum LogFormat
{
    /// <summary>For the journal where it listens, plain lines otherwise.</summary>
    Auto,

    /// <summary>Plain lines.</summary>
    Text,

    /// <summary>One JSON document per line.</summary>
    Json,
}

/// <summary><c>[log]</c> and <c>[lock]</c>: how runs tell of themselves and keep out of each other's way.</summary>
internal sealed record LogSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("log.format", SettingType.Choice(Words.All<LogFormat>()), "auto", "how messages are written to standard error"),
        new("lock.heartbeat", SettingType.Duration, "30s", "how often a run says that it is alive"),
        new("lock.stale_after", SettingType.Duration, "10m", "without a sign for so long, the lock of another host is stale"),
    ];

    /// <summary>How messages are written.</summary>
    public required LogFormat Format { get; init; }

    /// <summary>How often a run says that it is alive.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>When a lock is stale.</summary>
    public required TimeSpan StaleAfter { get; init; }

    /// <summary>Reads the sections.</summary>
    public static LogSection Read(SettingValues values, ICollection<SettingFault> faults)
    {
        var locks = values.Section("lock");
        var section = new LogSection { Format = values.Section("log").Word<LogFormat>("format"), Heartbeat = locks.Duration("heartbeat"), StaleAfter = locks.Duration("stale_after") };
        if (section.StaleAfter < 3 * section.Heartbeat)
        {
            faults.Add(new SettingFault(locks.Origin("stale_after"), "lock.stale_after", "must be at least three times lock.heartbeat"));
        }

        return section;
    }
}
