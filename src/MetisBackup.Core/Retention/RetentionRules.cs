namespace MetisBackup.Core.Retention;

/// <summary>The rules of a policy, each by itself: a point may be kept by several.</summary>
internal static class RetentionRules
{
    /// <summary>Tells for each point which rules keep it.</summary>
    /// <param name="counted">The points that take part, newest first.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="reference">The moment that ages are measured from.</param>
    /// <param name="keep">Receives each reason.</param>
    public static void Apply(List<RecoveryPoint> counted, RetentionPolicy policy, DateTimeOffset reference, Action<RecoveryPoint, KeepReason> keep)
    {
        var last = counted.Take(policy.Last).ToHashSet();
        foreach (var point in last)
        {
            keep(point, new KeepReason(KeepRule.Last, $"one of the last {policy.Last}"));
        }

        // many in an hour must not push out the state before them; where no hour has more than one, these are the last ones again
        foreach (var (first, hour) in FirstOfEach(counted, CalendarPeriod.Hour, policy.Last).Where(one => !last.Contains(one.First)))
        {
            keep(first, new KeepReason(KeepRule.FirstOfBurst, $"the first of the hour {hour}, whatever came after it"));
        }

        ReadOnlySpan<(CalendarPeriod Period, int Count)> calendar =
        [
            (CalendarPeriod.Hour, policy.Hourly),
            (CalendarPeriod.Day, policy.Daily),
            (CalendarPeriod.Week, policy.Weekly),
            (CalendarPeriod.Month, policy.Monthly),
            (CalendarPeriod.Year, policy.Yearly),
        ];
        foreach (var (period, count) in calendar)
        {
            foreach (var (first, name) in FirstOfEach(counted, period, count))
            {
                keep(first, new KeepReason(period.Rule, $"the first of the {period.Word} {name}"));
            }
        }

        // a limit by itself says what to keep, too
        var isAlone = policy == new RetentionPolicy { MaxAge = policy.MaxAge };
        if ((policy.Within ?? (isAlone ? policy.MaxAge : null)) is { } within)
        {
            foreach (var point in counted.Where(point => reference - point.Time <= within))
            {
                keep(point, new KeepReason(KeepRule.Within, $"within {RetentionText.Duration(within)} of the newest"));
            }
        }
    }

    /// <summary>
    /// The first point of each of the newest periods that have any. Periods come in the order of the calendar, which no removal changes:
    /// what is left after a plan gets the same plan again.
    /// </summary>
    private static IEnumerable<(RecoveryPoint First, string Period)> FirstOfEach(List<RecoveryPoint> newestFirst, CalendarPeriod period, int count) =>
        newestFirst.GroupBy(point => period.Of(point.Time.UtcDateTime), StringComparer.Ordinal)
            .OrderByDescending(static group => group.Key, StringComparer.Ordinal)
            .Take(count)
            .Select(static group => (group.Last(), group.Key));
}
