using System.Text.Json;
using MetisBackup.App.Operations.Watching;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>status</c>.</summary>
internal sealed record StatusDocument : Document
{
    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>ok</c>, <c>warning</c>, <c>critical</c> or <c>unknown</c>: the worst of all.</summary>
    public required string Health { get; init; }

    /// <summary>Targets that are not watched.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>One for each target, in the order of the configuration.</summary>
    public required IReadOnlyList<SeriesDetail> Series { get; init; }
}

/// <summary>How one target stands; null stands for what is not there or could not be read, and a concern of the kind <c>unread</c> tells which.</summary>
internal sealed record SeriesDetail
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary><c>operational</c> or <c>dr</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>The series, as in the history.</summary>
    public required string Series { get; init; }

    /// <summary>The worst of the concerns.</summary>
    public required string Health { get; init; }

    /// <summary>The worst first.</summary>
    public required IReadOnlyList<ConcernDetail> Concerns { get; init; }

    /// <summary>Name of the newest point.</summary>
    public required string? LastPoint { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Its age.</summary>
    public required double? AgeSeconds { get; init; }

    /// <summary>The greatest age that is allowed; null when points are made by hand only.</summary>
    public required double? AllowedAgeSeconds { get; init; }

    /// <summary>Size of the newest point.</summary>
    public required long? Bytes { get; init; }

    /// <summary>The median size of the points before it; null when they are too few.</summary>
    public required long? UsualBytes { get; init; }

    /// <summary>When the schedule comes next.</summary>
    public required DateTimeOffset? NextRun { get; init; }

    /// <summary>How many points there are.</summary>
    public required PointsDetail? Points { get; init; }

    /// <summary>The room.</summary>
    public required SpaceDetail? Space { get; init; }

    /// <summary>Copies on other disks.</summary>
    public required int OffPoolCopies { get; init; }

    /// <summary>The last drill or verification.</summary>
    public required ProofStatusDetail? Proof { get; init; }

    /// <summary>What runs now.</summary>
    public required RunningDetail? Running { get; init; }

    /// <summary>The last run that took, or should have taken, a point.</summary>
    public required LastRunDetail? LastRun { get; init; }
}

/// <summary>Something that speaks against relying on a series.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Health">How bad it is.</param>
/// <param name="Text">One sentence.</param>
internal sealed record ConcernDetail(string Kind, string Health, string Text);

/// <summary>How many points there are.</summary>
/// <param name="Own">Complete ones of ours.</param>
/// <param name="Legacy">Of the earlier tool or script.</param>
/// <param name="Safety">Taken before restores and rollbacks.</param>
/// <param name="Damaged">That cannot be used.</param>
/// <param name="Permanent">Those of all these that no rule removes.</param>
/// <param name="Unproven">Those of ours that are not proven.</param>
internal sealed record PointsDetail(int Own, int Legacy, int Safety, int Damaged, int Permanent, int Unproven);

/// <summary>The room.</summary>
/// <param name="Place">The store, or the data set.</param>
/// <param name="FreeBytes">What can still be written.</param>
/// <param name="FreePercent">0 to 100.</param>
/// <param name="ShrinksPerDayBytes">Null when not enough is known.</param>
/// <param name="LastsSeconds">Null when it is not used up within ten years, or not enough is known.</param>
internal sealed record SpaceDetail(string Place, long FreeBytes, double FreePercent, double? ShrinksPerDayBytes, double? LastsSeconds);

/// <summary>A drill or a verification.</summary>
/// <param name="Operation"><c>drill</c> or <c>verify</c>.</param>
/// <param name="At">When.</param>
/// <param name="Passed">Nothing wrong was found.</param>
/// <param name="ReadySeconds">From the clone to the first answer of the server; null when that was not measured.</param>
internal sealed record ProofStatusDetail(string Operation, DateTimeOffset At, bool Passed, double? ReadySeconds);

/// <summary>A run that goes on.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Since">Since when.</param>
internal sealed record RunningDetail(string Operation, DateTimeOffset Since);

/// <summary>A run that took, or should have taken, a point.</summary>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="ExitCode">How; null while it goes on.</param>
/// <param name="Message">One sentence about what was not done, or null.</param>
internal sealed record LastRunDetail(DateTimeOffset Started, DateTimeOffset? Ended, int? ExitCode, string? Message);

/// <summary>From the report to its document.</summary>
internal static class StatusMapping
{
    /// <summary>The document.</summary>
    public static StatusDocument ToDocument(this StatusReport report) => new()
    {
        Command = "status",
        At = report.At,
        Health = Word(report.Health),
        Ignored = report.Ignored,
        Series = [.. report.Series.Select(one => ToDetail(one, report.At))],
    };

    /// <summary>A word as documents and metrics write it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static SeriesDetail ToDetail(SeriesStatus one, DateTimeOffset now) => new()
    {
        Target = one.Target,
        Tier = one.Tier,
        Series = one.Series,
        Health = Word(one.Health),
        Concerns = [.. one.Concerns.Select(static concern => new ConcernDetail(Word(concern.Kind), Word(concern.Health), concern.Text))],
        LastPoint = one.Newest?.Name,
        LastSuccess = one.Newest?.Taken,
        AgeSeconds = one.Newest is { } newest ? Math.Round((now - newest.Taken).TotalSeconds, 3) : null,
        AllowedAgeSeconds = one.AllowedAge?.TotalSeconds,
        Bytes = one.Newest?.Bytes,
        UsualBytes = one.UsualBytes,
        NextRun = one.NextRun,
        Points = one.Points is { } points ? new PointsDetail(points.Own, points.Legacy, points.Safety, points.Damaged, points.Permanent, points.Unproven) : null,
        Space = one.Space is { } space ? new SpaceDetail(space.Place, space.FreeBytes, Math.Round(space.FreePercent, 2), space.ShrinksPerDay, space.Lasts?.TotalSeconds) : null,
        OffPoolCopies = one.OffPoolCopies,
        Proof = one.Proof is { } proof ? new ProofStatusDetail(proof.Operation, proof.At, proof.Passed, proof.Seconds) : null,
        Running = one.Running is { } running ? new RunningDetail(running.Operation, running.Since) : null,
        LastRun = one.LastRun is { } last ? new LastRunDetail(last.Started, last.Ended, last.ExitCode, last.Message) : null,
    };
}
