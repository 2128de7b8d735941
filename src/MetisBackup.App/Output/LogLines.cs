using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.App.Output;

/// <summary>For whom messages are written to standard error.</summary>
internal enum LogStyle
{
    /// <summary>For a person.</summary>
    Plain,

    /// <summary>For systemd's journal: each line begins with its level (sd-daemon(3)).</summary>
    Journal,

    /// <summary>For a program: one JSON document per line.</summary>
    Json,
}

/// <summary>What messages are about.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Series">The series.</param>
internal sealed record LogSubject(string Operation, string Series);

/// <summary>Writes messages as lines of a log.</summary>
/// <param name="style">For whom.</param>
/// <param name="clock">The time.</param>
internal sealed class LogLines(LogStyle style, TimeProvider clock)
{
    private readonly LogStyle _style = style;
    private readonly TimeProvider _clock = clock;

    /// <summary>What the messages are about; null when nothing is under way.</summary>
    public LogSubject? Subject { get; set; }

    /// <summary>The style that fits what standard error is: the journal names its own stream in a variable (systemd.exec(5), <c>JOURNAL_STREAM</c>).</summary>
    public static LogStyle Fitting
    {
        get
        {
            var stream = Environment.GetEnvironmentVariable("JOURNAL_STREAM")?.Split(':');
            return stream is [_, var inode] && Target("/proc/self/fd/2") == $"socket:[{inode}]" ? LogStyle.Journal : LogStyle.Plain;
        }
    }

    /// <summary>The lines of a message.</summary>
    /// <param name="label">What kind of message it is, such as <c>error</c>; null for none.</param>
    /// <param name="tone">Its weight.</param>
    /// <param name="text">The message.</param>
    public string Of(string? label, Tone tone, string text)
    {
        var level = LevelOf(label, tone);
        return string.Join('\n', text.Split('\n').Select(line => _style == LogStyle.Json ? Json(label, level, line) : $"<{level.Number}>{(label is null ? "" : label + ": ")}{line}"));
    }

    private string Json(string? label, Level level, string line) => JsonSerializer.Serialize(
        new LogDocument(_clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), level.Name, line)
        {
            Label = label is null || label == level.Name ? null : label,
            Operation = Subject?.Operation,
            Series = Subject?.Series,
        },
        LogJson.Writing.LogDocument);

    private static Level LevelOf(string? label, Tone tone) => (label, tone) switch
    {
        ("error", _) or (_, Tone.Bad) => new Level(3, "error"),
        ("warning", _) or (_, Tone.Warning) => new Level(4, "warning"),
        ("cause", _) or (_, Tone.Faint) => new Level(7, "debug"),
        _ => new Level(6, "info"),
    };

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A level of syslog.</summary>
    private sealed record Level(int Number, string Name);
}

/// <summary>A line of the log. Attributes are only ever added.</summary>
/// <param name="Time">ISO 8601, UTC, milliseconds.</param>
/// <param name="Level"><c>error</c>, <c>warning</c>, <c>info</c> or <c>debug</c>.</param>
/// <param name="Message">The text.</param>
internal sealed record LogDocument(string Time, string Level, string Message)
{
    /// <summary>What stands before the message on a terminal, such as <c>hint</c>; left out when it is the level.</summary>
    public string? Label { get; init; }

    /// <summary>The operation under way; left out when there is none.</summary>
    public string? Operation { get; init; }

    /// <summary>Its series.</summary>
    public string? Series { get; init; }
}

/// <summary>Writes them: snake_case, letters of all languages as they are.</summary>
[JsonSerializable(typeof(LogDocument))]
internal sealed partial class LogJson : JsonSerializerContext
{
    /// <summary>The context to write with.</summary>
    public static LogJson Writing { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
