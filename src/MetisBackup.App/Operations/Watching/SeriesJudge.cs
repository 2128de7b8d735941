using System.Globalization;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Watching;

/// <summary>Judges what was read of a series. Knows no clock, no disk and no server: the same readings always mean the same.</summary>
/// <param name="limits">From when on something is not well.</param>
/// <param name="now">The time.</param>
internal sealed class SeriesJudge(StatusLimits limits, DateTimeOffset now)
{
    /// <summary>How far a clock may be off without a word.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How long after its time a run may make its point before its absence is told.</summary>
    private static readonly TimeSpan RunTolerance = TimeSpan.FromHours(1);

    /// <summary>How far back a missed time is looked for.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(40);

    private readonly StatusLimits _limits = limits;
    private readonly DateTimeOffset _now = now;

    /// <summary>Judges.</summary>
    public SeriesStatus Judge(WatchedSeries series, SeriesReadings read)
    {
        var space = read.SpaceWithForecast;
        var newest = read.Points.Value?.Where(one => one.IsBackup && !IsFuture(one)).MaxBy(static one => one.Taken);
        var usual = newest is null ? null : SizeHistory.Usual(read.Points.Value!, newest);
        var proof = Proof(read);
        List<Concern> concerns =
        [
            .. Unread(read),
            .. read.Points.Value is { } points ? OfPoints(series, points, newest, read.Runs.Value) : [],
            .. (read.Troubles.Value ?? []).Where(one => one.Kind != ConcernKind.Unfinished || !IsUnderWay(read.Runs.Value)),
            .. read.Runs.Value is { } runs ? OfRuns(series, runs, newest) : [],
            .. OfSize(newest, usual),
            .. space is null ? [] : OfSpace(space),
            .. OfProof(proof, read),
        ];
        return new SeriesStatus
        {
            Target = series.Target,
            Tier = series.Place.Tier,
            Series = series.Place.Series,
            Subject = series.Place.Subject,
            Health = concerns.Select(static one => one.Health).Worst(),
            Concerns = [.. concerns.OrderByDescending(static one => Rank(one.Health))],
            Newest = newest,
            AllowedAge = series.AllowedAge,
            UsualBytes = usual,
            NextRun = series.Times.Select(times => times.Next(_now)).Min(),
            Points = read.Points.Value is { } all ? PointCounts.Of(all) : null,
            Space = space,
            Proof = proof,
            Running = read.Runs.Value?.Running is { } running ? new RunningStatus(running.Operation, running.Started) : null,
            LastRun = read.Runs.Value?.Creates is [{ } last, ..] ? new LastRunStatus(last.Start.Started, last.End?.Ended, last.End?.ExitCode, last.End?.Message) : null,
        };
    }

    private static int Rank(Health health) => health switch { Health.Critical => 3, Health.Unknown => 2, Health.Warning => 1, _ => 0 };

    private static IEnumerable<Concern> Unread(SeriesReadings read) => ((string?[])[read.Points.Fault, read.Troubles.Fault, read.Space.Fault, read.Runs.Fault])
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Select(static fault => new Concern(ConcernKind.Unread, Health.Unknown, fault));

    private static bool IsUnderWay(RememberedRuns? runs) => runs?.RunningOperations.Any(static one => one is Running.RunOperation.Restore or Running.RunOperation.Rollback) == true;

    private IEnumerable<Concern> OfPoints(WatchedSeries series, IReadOnlyList<WatchedPoint> points, WatchedPoint? newest, RememberedRuns? runs)
    {
        if (newest is null)
        {
            yield return runs?.LastMade is { } made
                ? new Concern(ConcernKind.Unread, Health.Unknown, $"{series.Place.Place} shows no snapshot, although {made.End!.Point} was made there {Date(made.End.Ended)}: is it the right one, and mounted?")
                : new Concern(ConcernKind.NoPoint, series.AllowedAge is null ? Health.Warning : Health.Critical, $"There is no snapshot of {series.Place.Subject} yet.");
        }
        else
        {
            if (series.AllowedAge is { } allowed && _now - newest.Taken > allowed)
            {
                yield return new Concern(ConcernKind.Age, Health.Critical, $"The newest snapshot is {SpanText.Of(_now - newest.Taken)} old; {SpanText.Of(allowed)} are allowed.");
            }

            if (newest is { Kind: PointKind.Own, IsUnproven: true } && series.Place is StorePlace)
            {
                yield return new Concern(ConcernKind.Unproven, Health.Warning, "The newest snapshot has collections that could not be shown to be complete.");
            }

            if (runs?.LastMade is { End: { Point: { } name } end } && end.Ended > newest.Taken + ClockTolerance && !points.Any(one => one.Name == name))
            {
                yield return new Concern(ConcernKind.Gone, Health.Warning, $"Snapshot {name}, made {Date(end.Ended)}, is not there any more.");
            }
        }

        if (points.Count(static one => one.Kind == PointKind.Damaged) is > 0 and var damaged)
        {
            yield return new Concern(ConcernKind.Damaged, Health.Warning, $"{damaged} {(damaged == 1 ? "snapshot is" : "snapshots are")} damaged or cannot be read.");
        }

        if (points.Count(IsFuture) is > 0 and var future)
        {
            yield return new Concern(ConcernKind.Future, Health.Warning, $"{future} {(future == 1 ? "snapshot is" : "snapshots are")} dated in the future: a clock is or was wrong.");
        }
    }

    private IEnumerable<Concern> OfRuns(WatchedSeries series, RememberedRuns runs, WatchedPoint? newest)
    {
        if (runs.Creates.FirstOrDefault(static one => one.End is not null) is { End: { } end } last)
        {
            var made = newest is not null && newest.Taken > end.Ended; // by somebody whom the history does not know
            if (end.ExitCode == (int)ErrorCode.Incomplete && !made)
            {
                yield return new Concern(ConcernKind.Incomplete, Health.Warning, $"The last run made its snapshot, and something beside it was not done: {end.Message ?? "see its log"}");
            }
            else if (end.ExitCode != 0 && !made)
            {
                yield return new Concern(ConcernKind.Failed, IsTypo(last, end) ? Health.Warning : Health.Critical, $"The last run, {Date(end.Ended)}, failed with {end.ExitCode}: {end.Message ?? "see its log"}");
            }
        }

        foreach (var times in series.Times)
        {
            if (LastDue(times) is { } due && due + times.Delay + RunTolerance < _now && (newest is null || newest.Taken < due - JobTimes.Tolerance) && !runs.Creates.Any(one => one.Start.Started >= due - JobTimes.Tolerance))
            {
                yield return new Concern(ConcernKind.Missed, Health.Warning, $"The schedule {times.Name} was due {Date(due)}, and nothing was run.");
            }
        }
    }

    /// <summary>Nothing is wrong with the backups when a person mistyped, met another run, or stopped it.</summary>
    private static bool IsTypo(RunRecord run, RunEnd end) => run.Start.Cause == RunCause.Command
        && (ErrorCode)end.ExitCode is ErrorCode.Usage or ErrorCode.Locked or ErrorCode.Refused or ErrorCode.Interrupted or ErrorCode.Terminated;

    private DateTimeOffset? LastDue(JobTimes times) => times.Look(_now - LookBack, _now) is { Kind: not DueKind.NotYet } state ? state.Due : null;

    private IEnumerable<Concern> OfSize(WatchedPoint? newest, long? usual)
    {
        if (_limits.SizeChangePercent is { } limit && newest?.Bytes is { } bytes && usual is > 0 and { } median && Math.Abs(bytes - median) * 100.0 / median > limit)
        {
            yield return new Concern(ConcernKind.Size, Health.Warning, string.Create(CultureInfo.InvariantCulture, $"The newest snapshot has {100.0 * bytes / median:0} % of the usual size."));
        }
    }

    private IEnumerable<Concern> OfSpace(SpaceStatus space)
    {
        if (space.FreePercent < _limits.FreeWarningPercent)
        {
            var health = space.FreePercent < _limits.FreeCriticalPercent ? Health.Critical : Health.Warning;
            yield return new Concern(ConcernKind.Space, health, string.Create(CultureInfo.InvariantCulture, $"{space.FreePercent:0.#} % of {space.Place} are free."));
        }

        if (_limits.Forecast is { } horizon && space.Lasts < horizon)
        {
            yield return new Concern(ConcernKind.Forecast, Health.Warning, $"At the present rate {space.Place} is full in {SpanText.Of(space.Lasts.Value)}.");
        }
    }

    private static ProofStatus? Proof(SeriesReadings read)
    {
        IEnumerable<ProofStatus?> proofs = [.. (read.Points.Value ?? []).Select(static one => one.Drill), read.Runs.Value?.Verification, read.Runs.Value?.Drill];
        return proofs.OfType<ProofStatus>().MaxBy(static one => (one.At, one.Seconds));
    }

    private IEnumerable<Concern> OfProof(ProofStatus? proof, SeriesReadings read)
    {
        if (proof is { Passed: false })
        {
            yield return new Concern(ConcernKind.Proof, Health.Critical, $"The last {proof.Operation}, {Date(proof.At)}, found that the snapshot cannot be relied on.");
        }
        else if (_limits.ProofAge is { } limit && read.Points.Value is { Count: > 0 } && (proof is null || _now - proof.At > limit))
        {
            yield return new Concern(ConcernKind.Proof, Health.Warning, proof is null ? "No snapshot was ever drilled or verified." : $"The last {proof.Operation} is {SpanText.Of(_now - proof.At)} ago; {SpanText.Of(limit)} are allowed.");
        }
    }

    private bool IsFuture(WatchedPoint point) => point.Taken > _now + ClockTolerance;

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm' UTC'", CultureInfo.InvariantCulture);
}
