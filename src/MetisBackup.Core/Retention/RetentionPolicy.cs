using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Retention;

/// <summary>
/// Which points of a series are kept. A point is kept when any rule keeps it; <see cref="MaxAge"/> takes the rules' word back for those that
/// are older. What no rule may remove (law 3) is not for a policy to say.
/// </summary>
public sealed record RetentionPolicy
{
    /// <summary>Operational snapshots: the last ten, and the first of each of thirteen weeks.</summary>
    public static RetentionPolicy Operational { get; } = new() { Last = 10, Weekly = 13 };

    /// <summary>Snapshots of the data set: the last thirty.</summary>
    public static RetentionPolicy DisasterRecovery { get; } = new() { Last = 30 };

    /// <summary>The states before restores and rollbacks: thirty days, longer than what a rollback replaced is kept.</summary>
    public static RetentionPolicy Safety { get; } = new() { MaxAge = TimeSpan.FromDays(30) };

    /// <summary>The newest so many; and, so that many within an hour cannot push out the one before them, the first of each of the newest so many hours.</summary>
    public int Last { get; init; }

    /// <summary>The first of each of the newest so many UTC hours that have points.</summary>
    public int Hourly { get; init; }

    /// <summary>The same for UTC days.</summary>
    public int Daily { get; init; }

    /// <summary>The same for ISO weeks, Monday to Sunday.</summary>
    public int Weekly { get; init; }

    /// <summary>The same for months.</summary>
    public int Monthly { get; init; }

    /// <summary>The same for years.</summary>
    public int Yearly { get; init; }

    /// <summary>All that are younger, measured back from the newest point: when no new ones come, none grows older.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>None that is older, measured in the same way. By itself it is <see cref="Within"/>.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The policy as a sentence.</summary>
    public string Sentence
    {
        get
        {
            string?[] rules =
            [
                Last > 0 ? $"the last {Last}" : null,
                Each(Hourly, "hour"),
                Each(Daily, "day"),
                Each(Weekly, "week"),
                Each(Monthly, "month"),
                Each(Yearly, "year"),
                Within is { } within ? $"all within {RetentionText.Duration(within)}" : null,
            ];
            var kept = string.Join(", ", rules.Where(static rule => rule is not null));
            return (kept, MaxAge) switch
            {
                ("", { } age) => $"keep all within {RetentionText.Duration(age)}",
                (_, { } age) => $"keep {kept}, but none older than {RetentionText.Duration(age)}",
                _ => $"keep {kept}",
            };
        }
    }

    /// <summary>Returns the policy when it makes sense.</summary>
    /// <exception cref="MetisException">2: it keeps nothing, or has a negative number.</exception>
    public RetentionPolicy Checked()
    {
        int[] counts = [Last, Hourly, Daily, Weekly, Monthly, Yearly];
        TimeSpan?[] durations = [Within, MaxAge];
        if (counts.Any(static count => count < 0) || durations.Any(static duration => duration <= TimeSpan.Zero))
        {
            throw new MetisException(ErrorCode.Usage, "A retention rule has a number below zero, or no time.", "leave a rule out to switch it off");
        }

        return counts.Any(static count => count > 0) || durations.Any(static duration => duration is not null)
            ? this
            : throw new MetisException(ErrorCode.Usage, "The retention policy keeps nothing.", "give at least one rule, for example the last 30");
    }

    /// <summary>A policy that keeps whatever this one keeps, and whatever another one does.</summary>
    public RetentionPolicy Or(RetentionPolicy other) => new()
    {
        Last = Math.Max(Last, other.Last),
        Hourly = Math.Max(Hourly, other.Hourly),
        Daily = Math.Max(Daily, other.Daily),
        Weekly = Math.Max(Weekly, other.Weekly),
        Monthly = Math.Max(Monthly, other.Monthly),
        Yearly = Math.Max(Yearly, other.Yearly),
        Within = KeptAge is { } age && !(other.KeptAge > age) ? age : other.KeptAge,
        MaxAge = MaxAge is { } oldest && other.MaxAge is { } otherOldest ? TimeSpan.FromTicks(Math.Max(oldest.Ticks, otherOldest.Ticks)) : null,
    };

    private TimeSpan? KeptAge => Within ?? ((Last | Hourly | Daily | Weekly | Monthly | Yearly) == 0 ? MaxAge : null);

    private static string? Each(int count, string period) => count switch
    {
        0 => null,
        1 => $"the first of the newest {period}",
        _ => $"the first of each of {count} {period}s",
    };
}
