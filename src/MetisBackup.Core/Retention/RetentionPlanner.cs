namespace MetisBackup.Core.Retention;

/// <summary>
/// Decides which points of a series stay. Points are ordered by the system's own order; their dates only say which period they lie in and
/// how old they are. Of a period the first point stays, never the latest: a later one cannot push it out.
/// </summary>
public static class RetentionPlanner
{
    /// <summary>A longer way between two points is taken for a jump of the clock until so many newer points agree.</summary>
    private const int PointsThatConfirmAJump = 3;

    private static readonly TimeSpan LongestUsualGap = TimeSpan.FromDays(45);

    /// <summary>Makes the plan.</summary>
    /// <param name="listing">All points of the series.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="now">The present: what is dated later is not believed, and pins end.</param>
    /// <exception cref="Errors.MetisException">2: the policy makes no sense.</exception>
    public static RetentionPlan Plan(SeriesListing listing, RetentionPolicy policy, DateTimeOffset now)
    {
        _ = policy.Checked();
        var points = listing.NewestFirst;
        var reasons = points.ToDictionary(static point => point.Id, _ => new List<KeepReason>(), StringComparer.Ordinal);
        RetentionFloors.Apply(points, reasons, now);

        // what is permanent or pinned stands outside the rotation, and what is not sound or not believed cannot stand in for another
        var counted = points.Where(point => !reasons[point.Id].Exists(static reason =>
            reason.Rule is KeepRule.NotOurs or KeepRule.Permanent or KeepRule.Pinned or KeepRule.FutureDated or KeepRule.NotSound)).ToList();
        var warnings = Warnings(points, now);
        var (reference, doubt) = Reference(counted);
        if (doubt is not null && (policy.Within ?? policy.MaxAge) is not null)
        {
            warnings.Add(doubt);

            // without them the dates of what is left would say something else
            counted.Take(PointsThatConfirmAJump).ToList().ForEach(point => reasons[point.Id].Add(new KeepReason(KeepRule.DateInDoubt, "the clock seems to have jumped, and its date tells when")));
        }

        RetentionRules.Apply(counted, policy, reference, (point, reason) => reasons[point.Id].Add(reason));
        return new RetentionPlan
        {
            Series = listing.Series,
            Policy = policy,
            Decisions = [.. points.Select(point => Decide(point, reasons[point.Id], policy.MaxAge, reference))],
            Warnings = warnings,
        };
    }

    private static RetentionDecision Decide(RecoveryPoint point, List<KeepReason> reasons, TimeSpan? maxAge, DateTimeOffset reference)
    {
        if (reasons.Count == 0)
        {
            return new RetentionDecision(point, [], "no rule keeps it");
        }

        var age = reference - point.Time;
        return age > maxAge && !reasons.Exists(static reason => reason.IsFloor)
            ? new RetentionDecision(point, [], $"older than {RetentionText.Duration(maxAge.Value)}: {RetentionText.Duration(age)} before the newest")
            : new RetentionDecision(point, reasons, RemovalReason: null);
    }

    private static List<string> Warnings(IReadOnlyList<RecoveryPoint> points, DateTimeOffset now)
    {
        var early = points.Where(point => point.Time > now).ToList();
        return early.Count == 0
            ? []
            : [$"{early.Count} of {points.Count} points are dated in the future, the farthest {RetentionText.Minute(early.Max(static point => point.Time))}: check the clock."];
    }

    /// <summary>
    /// The moment that ages are measured from: the date of the newest point. After a jump of the clock it is the last date before the jump,
    /// until enough points agree with the new time; a clock that is wrong for a night must not make everything old.
    /// </summary>
    private static (DateTimeOffset Reference, string? Doubt) Reference(List<RecoveryPoint> newestFirst)
    {
        var reference = newestFirst.Count > 0 ? newestFirst[0].Time : DateTimeOffset.MinValue;
        string? doubt = null;
        for (var i = 1; i < Math.Min(newestFirst.Count, PointsThatConfirmAJump); i++)
        {
            var (newer, older) = (newestFirst[i - 1], newestFirst[i]);
            if ((newer.Time - older.Time).Duration() > LongestUsualGap)
            {
                reference = older.Time;
                doubt = $"Between {older.Name} and {newer.Name} lie more than {RetentionText.Duration(LongestUsualGap)}; ages are measured from the former until {PointsThatConfirmAJump} points agree with the new date: check the clock.";
            }
        }

        return (reference, doubt);
    }
}
