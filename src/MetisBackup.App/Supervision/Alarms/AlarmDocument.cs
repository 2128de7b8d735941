using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>An alarm as a webhook gets it. Attributes are only ever added; a change of meaning raises the schema.</summary>
internal sealed record AlarmDocument
{
    /// <summary>Version of the document.</summary>
    public int Schema { get; } = 1;

    /// <summary><c>failure</c>, <c>missed</c>, <c>recovery</c>, <c>size</c>, <c>space</c> or <c>test</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Everything that matters in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>One sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do, or null.</summary>
    public required string? Hint { get; init; }

    /// <summary><c>operational</c> or <c>dr</c>; empty for a test.</summary>
    public required string Tier { get; init; }

    /// <summary>Tier and subject, for example <c>operational:shop</c>.</summary>
    public required string Series { get; init; }

    /// <summary>The database or the data set.</summary>
    public required string Subject { get; init; }

    /// <summary>The operation, or null.</summary>
    public required string? Operation { get; init; }

    /// <summary>How the run ended, or null.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>The snapshot, or null.</summary>
    public required string? Point { get; init; }

    /// <summary>When this is told.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Since when the trouble is, or was, there; or null.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>The snapshot of the last run that went well, or null.</summary>
    public required string? LastGoodPoint { get; init; }

    /// <summary>When that ended, or null.</summary>
    public required DateTimeOffset? LastGoodTime { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>The document of an alarm.</summary>
    public static byte[] Of(Alarm alarm) => JsonSerializer.SerializeToUtf8Bytes(
        new AlarmDocument
        {
            Event = alarm.EventName,
            Summary = alarm.Headline,
            Message = alarm.Message,
            Hint = alarm.Hint,
            Tier = alarm.Tier,
            Series = alarm.Series,
            Subject = alarm.Subject,
            Operation = alarm.Operation,
            ExitCode = alarm.ExitCode,
            Point = alarm.Point,
            Time = alarm.Time,
            Since = alarm.Since,
            LastGoodPoint = alarm.LastSuccess?.Point,
            LastGoodTime = alarm.LastSuccess?.Time,
            Host = alarm.Host,
        },
        AlarmJson.Default.AlarmDocument);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlarmDocument))]
internal sealed partial class AlarmJson : JsonSerializerContext;
