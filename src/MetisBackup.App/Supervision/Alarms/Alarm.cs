using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>What somebody is told.</summary>
internal sealed record Alarm
{
    private const string Test = "test";

    /// <summary>What it is about; null for a test.</summary>
    public required AlarmEvent? Event { get; init; }

    /// <summary>The series, from <see cref="RunSeries"/>; empty for a test.</summary>
    public required string Series { get; init; }

    /// <summary>One of <see cref="RunOperation"/>; null when it is about no run.</summary>
    public string? Operation { get; init; }

    /// <summary>One sentence: what is wrong, or what is well again.</summary>
    public required string Message { get; init; }

    /// <summary>What to do; null when there is nothing to say.</summary>
    public string? Hint { get; init; }

    /// <summary>How the run ended; null when it is about no run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The snapshot that the run made or worked on; null when there is none.</summary>
    public string? Point { get; init; }

    /// <summary>When this is told.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Since when the trouble is, or was, there; null when it is new.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>The last run that went well: its snapshot and when that was; null when there is none, or it is not known.</summary>
    public LastSuccess? LastSuccess { get; init; }

    /// <summary>The event as it is written in documents and in the configuration.</summary>
    public string EventName => Event is { } known ? known.ToString().ToLowerInvariant() : Test;

    /// <summary>The tier; empty for a test.</summary>
    public string Tier => Series.Length == 0 ? "" : RunSeries.IsDr(Series) ? "dr" : "operational";

    /// <summary>The database or the data set; empty for a test.</summary>
    public string Subject => Series.Length == 0 ? "" : RunSeries.SubjectOf(Series);

    /// <summary>What it is about, for a person: <c>create of database shop</c>.</summary>
    public string About => Event is null ? "test of the alarms" : Operation is null ? Thing : $"{Operation} of {Thing}";

    /// <summary>Everything that matters in a few words.</summary>
    public string Headline => $"{Label}: {About} on {Host}";

    private string Label => Event switch
    {
        AlarmEvent.Failure => ExitCode == IncompleteCode ? "INCOMPLETE" : "FAILED",
        AlarmEvent.Missed => "MISSED",
        AlarmEvent.Recovery => "OK again",
        AlarmEvent.Size => "UNUSUAL SIZE",
        AlarmEvent.Space => "SPACE RUNS OUT",
        _ => "TEST",
    };

    private string Thing => (RunSeries.IsDr(Series), Subject) switch
    {
        (true, _) => $"data set {Subject}",
        (false, "*") => "every database",
        _ => RunSeries.TargetOf(Series) is { } target ? $"database {Subject} of target {target}" : $"database {Subject}",
    };

    private const int IncompleteCode = (int)Core.Errors.ErrorCode.Incomplete;
}

/// <summary>A run that went well.</summary>
/// <param name="Point">Its snapshot; null when it made none.</param>
/// <param name="Time">When it ended.</param>
internal sealed record LastSuccess(string? Point, DateTimeOffset Time);
