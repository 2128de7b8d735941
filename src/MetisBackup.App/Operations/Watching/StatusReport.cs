namespace MetisBackup.App.Operations.Watching;

/// <summary>How everything stands.</summary>
internal sealed record StatusReport
{
    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The worst of all series; unknown when there is none.</summary>
    public required Health Health { get; init; }

    /// <summary>In the order of the configuration.</summary>
    public required IReadOnlyList<SeriesStatus> Series { get; init; }

    /// <summary>Targets that the configuration says not to watch.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>What it was judged by.</summary>
    public required StatusLimits Limits { get; init; }
}

/// <summary>How one target stands. Null stands for what is not there or could not be read; a concern tells which.</summary>
internal sealed record SeriesStatus
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary><c>operational</c> or <c>dr</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>The series, as in the history.</summary>
    public required string Series { get; init; }

    /// <summary>The database, or the data set.</summary>
    public required string Subject { get; init; }

    /// <summary>The worst of the concerns; OK when there is none.</summary>
    public required Health Health { get; init; }

    /// <summary>What speaks against relying on it, the worst first.</summary>
    public required IReadOnlyList<Concern> Concerns { get; init; }

    /// <summary>The newest point to go back to.</summary>
    public WatchedPoint? Newest { get; init; }

    /// <summary>Greatest age of the newest point; null when it may have any.</summary>
    public TimeSpan? AllowedAge { get; init; }

    /// <summary>The median size of the points before the newest; null when they are too few.</summary>
    public long? UsualBytes { get; init; }

    /// <summary>When the schedule comes next; null when none does.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>How many points there are.</summary>
    public PointCounts? Points { get; init; }

    /// <summary>The room.</summary>
    public SpaceStatus? Space { get; init; }

    /// <summary>Copies of the points on other disks than the points themselves.</summary>
    public int OffPoolCopies { get; init; }

    /// <summary>The last drill or verification.</summary>
    public ProofStatus? Proof { get; init; }

    /// <summary>What runs now.</summary>
    public RunningStatus? Running { get; init; }

    /// <summary>The last run that took, or should have taken, a point; null when none is remembered.</summary>
    public LastRunStatus? LastRun { get; init; }
}

/// <summary>A point to go back to.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Taken">When it was begun.</param>
/// <param name="Kind">What it is.</param>
internal sealed record WatchedPoint(string Name, DateTimeOffset Taken, PointKind Kind)
{
    /// <summary>Size of the content in bytes; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>No rule removes it.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Of a database: collections could not be shown to be complete. Of a data set: no drill passed on it.</summary>
    public bool IsUnproven { get; init; }

    /// <summary>What the last drill on it found; null when there was none.</summary>
    public ProofStatus? Drill { get; init; }

    /// <summary>Of another server, whose snapshots lie beside it: no point of the series.</summary>
    public bool IsForeign { get; init; }

    /// <summary>One can go back to it, and it was not taken beside something else.</summary>
    public bool IsBackup => Kind is PointKind.Own or PointKind.Legacy;
}

/// <summary>What a point is.</summary>
internal enum PointKind
{
    /// <summary>A complete one of ours.</summary>
    Own,

    /// <summary>Of the earlier tool or script.</summary>
    Legacy,

    /// <summary>Taken before a restore or rollback.</summary>
    Safety,

    /// <summary>It cannot be used.</summary>
    Damaged,
}

/// <summary>How many points there are.</summary>
/// <param name="Own">Of ours.</param>
/// <param name="Legacy">Of the earlier tool or script.</param>
/// <param name="Safety">Taken before restores and rollbacks.</param>
/// <param name="Damaged">That cannot be used.</param>
/// <param name="Permanent">Those of all these that no rule removes.</param>
/// <param name="Unproven">Those of ours that are not proven.</param>
internal sealed record PointCounts(int Own, int Legacy, int Safety, int Damaged, int Permanent, int Unproven)
{
    /// <summary>Counts.</summary>
    public static PointCounts Of(IReadOnlyList<WatchedPoint> points) => new(
        points.Count(static one => one.Kind == PointKind.Own),
        points.Count(static one => one.Kind == PointKind.Legacy),
        points.Count(static one => one.Kind == PointKind.Safety),
        points.Count(static one => one.Kind == PointKind.Damaged),
        points.Count(static one => one.IsPermanent),
        points.Count(static one => one is { Kind: PointKind.Own, IsUnproven: true }));
}

/// <summary>The room where points are kept.</summary>
/// <param name="Place">The store, or the data set.</param>
/// <param name="FreeBytes">What can still be written.</param>
/// <param name="FreePercent">The part of the whole that is free, 0 to 100.</param>
internal sealed record SpaceStatus(string Place, long FreeBytes, double FreePercent)
{
    /// <summary>How long it lasts at the present rate; null when it does not shrink, or not enough is known.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>By how many bytes a day it shrinks; null when not enough is known.</summary>
    public double? ShrinksPerDay { get; init; }
}

/// <summary>A drill or a verification.</summary>
/// <param name="Operation"><c>drill</c> or <c>verify</c>.</param>
/// <param name="At">When.</param>
/// <param name="Passed">It found nothing wrong.</param>
/// <param name="Seconds">How long the way back took; null when that was not measured.</param>
internal sealed record ProofStatus(string Operation, DateTimeOffset At, bool Passed, double? Seconds);

/// <summary>A run that goes on.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Since">Since when.</param>
internal sealed record RunningStatus(string Operation, DateTimeOffset Since);

/// <summary>A run that took, or should have taken, a point.</summary>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="ExitCode">How; null while it goes on.</param>
/// <param name="Message">One sentence about what was not done; null when all was.</param>
internal sealed record LastRunStatus(DateTimeOffset Started, DateTimeOffset? Ended, int? ExitCode, string? Message);
