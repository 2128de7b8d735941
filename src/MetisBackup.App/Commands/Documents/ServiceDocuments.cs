using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>serve</c>, once, when it listens.</summary>
internal sealed record ServeDocument : Document
{
    /// <summary>Where it listens.</summary>
    public required string Endpoint { get; init; }

    /// <summary>File of the token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Names of the jobs.</summary>
    public required IReadOnlyList<string> Jobs { get; init; }
}

/// <summary>The schedule of the service.</summary>
internal sealed record ScheduleDocument : Document
{
    /// <summary>When the service began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<JobDetail> Jobs { get; init; }
}

/// <summary>A job.</summary>
/// <param name="Name">Name of the schedule.</param>
/// <param name="Target">Its target.</param>
/// <param name="Action">What is done.</param>
/// <param name="Series">What it belongs to.</param>
/// <param name="Cron">When, in five fields.</param>
/// <param name="Zone">The zone of these.</param>
/// <param name="DelaySeconds">How long after its time it begins.</param>
/// <param name="Enabled">It does not rest.</param>
/// <param name="LastDue">The last time that was dealt with, or null.</param>
/// <param name="Next">When it begins next, or null.</param>
/// <param name="RunningSince">Since when it runs, or null.</param>
/// <param name="Waiting">Its time has come, and another job of the series runs.</param>
internal sealed record JobDetail(
    string Name, string Target, string Action, string Series, string Cron, string Zone, long DelaySeconds, bool Enabled, DateTimeOffset? LastDue, DateTimeOffset? Next, DateTimeOffset? RunningSince, bool Waiting);

/// <summary>Past runs.</summary>
internal sealed record RunsDocument : Document
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<RunSummary> Runs { get; init; }
}

/// <summary>A job was begun.</summary>
internal sealed record BegunDocument : Document
{
    /// <summary>Its name.</summary>
    public required string Job { get; init; }
}

/// <summary>Which job is to be begun.</summary>
/// <param name="Job">Its name.</param>
internal sealed record BeginDocument(string? Job);

/// <summary>From the service to its published documents.</summary>
internal static class ServiceMapping
{
    public static RunsDocument ToDocument(this ListRunsResult result) => new() { Command = "runs", Runs = result.Runs };

    public static JobDetail ToDetail(this JobStanding one)
    {
        var times = one.Job.Times;
        return new JobDetail(
            times.Name, one.Job.Target, one.Job.Action, one.Job.Series, times.Cron, times.Zone.Id, (long)times.Delay.TotalSeconds, one.Job.Enabled, one.LastDue, one.Next, one.RunningSince, one.Waiting);
    }
}
