namespace MetisBackup.App.Operations.Watching;

/// <summary>How something stands. The numbers are those of Nagios.</summary>
internal enum Health
{
    /// <summary>Everything was read, and all of it is as it should be.</summary>
    Ok = 0,

    /// <summary>Somebody should look at it by day.</summary>
    Warning = 1,

    /// <summary>Somebody should look at it now.</summary>
    Critical = 2,

    /// <summary>Something could not be read.</summary>
    Unknown = 3,
}

/// <summary>What a concern is about; the names are part of the documents and of the metrics.</summary>
internal enum ConcernKind
{
    /// <summary>Something could not be read.</summary>
    Unread,

    /// <summary>There is no point to go back to.</summary>
    NoPoint,

    /// <summary>The newest point is too old.</summary>
    Age,

    /// <summary>A time of the schedule passed without a run.</summary>
    Missed,

    /// <summary>The last run failed.</summary>
    Failed,

    /// <summary>The last run made its point, but something beside it was not done.</summary>
    Incomplete,

    /// <summary>The newest point has an unusual size.</summary>
    Size,

    /// <summary>There is little room left.</summary>
    Space,

    /// <summary>The room will be used up soon.</summary>
    Forecast,

    /// <summary>Parts of the newest point could not be shown to be complete.</summary>
    Unproven,

    /// <summary>The last drill or verification failed, or is too long ago.</summary>
    Proof,

    /// <summary>Points are damaged.</summary>
    Damaged,

    /// <summary>Points are dated in the future.</summary>
    Future,

    /// <summary>The newest point that was made is not there.</summary>
    Gone,

    /// <summary>A restore or a rollback did not end.</summary>
    Unfinished,

    /// <summary>The disks of the pool are not well.</summary>
    Pool,
}

/// <summary>Something that speaks against relying on a series.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Health">How bad it is.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Concern(ConcernKind Kind, Health Health, string Text);

/// <summary>The worst of several.</summary>
internal static class HealthOrder
{
    /// <summary>Critical is worse than unknown, unknown worse than a warning: what could not be read may be either.</summary>
    public static Health Worst(this IEnumerable<Health> all) => all.DefaultIfEmpty(Health.Ok).MaxBy(static one => one switch
    {
        Health.Ok => 0,
        Health.Warning => 1,
        Health.Unknown => 2,
        _ => 3,
    });
}
