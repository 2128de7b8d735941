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

/// <summary><c>[log]</c>: how runs tell of themselves.</summary>
internal sealed record LogSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } = [new("log.format", SettingType.Choice(Words.All<LogFormat>()), "auto", "how messages are written to standard error")];

    /// <summary>How messages are written.</summary>
    public required LogFormat Format { get; init; }

    /// <summary>The format of a word that nobody has judged yet; what is none is told when the configuration is read.</summary>
    public static LogFormat FormatOf(string? word) => word is not null && Words.All<LogFormat>().Contains(word, StringComparer.Ordinal) ? Words.Of<LogFormat>(word) : LogFormat.Auto;

    /// <summary>Reads the section.</summary>
    public static LogSection Read(SettingSection section) => new() { Format = section.Word<LogFormat>("format") };
}
