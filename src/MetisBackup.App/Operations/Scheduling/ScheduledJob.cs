using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>What is run at times.</summary>
/// <param name="Times">When.</param>
/// <param name="Series">What it belongs to: of one series one job runs at a time.</param>
/// <param name="Work">Does it, and returns when all of it is over; throws what a command would report.</param>
internal sealed record ScheduledJob(JobTimes Times, string Series, Func<RunCause, CancellationToken, Task> Work)
{
    /// <summary>Target of the configuration.</summary>
    public required string Target { get; init; }

    /// <summary>What is done with it.</summary>
    public required string Action { get; init; }

    /// <summary>It has times; otherwise it is begun by hand alone.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>How a job stands, for those who ask.</summary>
/// <param name="Job">The job.</param>
/// <param name="LastDue">The last time, without the delay, that was dealt with; null for none.</param>
/// <param name="Next">When it begins next; null when it rests, or never does.</param>
/// <param name="RunningSince">Since when it runs; null when it does not.</param>
/// <param name="Waiting">Its time has come, and another job of the series runs.</param>
internal sealed record JobStanding(ScheduledJob Job, DateTimeOffset? LastDue, DateTimeOffset? Next, DateTimeOffset? RunningSince, bool Waiting);
