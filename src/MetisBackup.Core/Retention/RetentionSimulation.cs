namespace MetisBackup.Core.Retention;

/// <summary>Plays a policy forward: which points will there be, and when does each go, if new ones come as they are due.</summary>
public static class RetentionSimulation
{
    /// <summary>Plays the times in their order: a point is made, then the policy runs, as it does after each backup.</summary>
    /// <param name="series">What the points have in common.</param>
    /// <param name="present">The points there are now.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="arrivals">When new points come, the earliest first.</param>
    /// <param name="end">The end of the simulation; the policy runs once more then.</param>
    /// <exception cref="Errors.MetisException">2: the policy makes no sense; 16: the points cannot be those of one listing.</exception>
    public static RetentionForecast Run(string series, IReadOnlyList<RecoveryPoint> present, RetentionPolicy policy, IEnumerable<DateTimeOffset> arrivals, DateTimeOffset end)
    {
        var points = present.ToList();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        var removals = new List<ForecastRemoval>();
        var order = points.Count > 0 ? points.Max(static point => point.Order) : 0;
        RetentionPlan? plan = null;
        foreach (var time in arrivals.TakeWhile(time => time <= end))
        {
            order++;
            var fresh = new RecoveryPoint { Id = $"expected {order}", Name = $"expected {RetentionText.Minute(time)}", Order = order, Time = time, Owned = true };
            _ = expected.Add(fresh.Id);
            points.Add(fresh);
            plan = Apply(time);
        }

        plan = Apply(end) ?? plan;
        return new RetentionForecast
        {
            Series = series,
            Policy = policy,
            End = end,
            Arrivals = expected.Count,
            Removals = removals,
            Remaining = [.. plan?.Kept.Select(decision => new ForecastPoint(decision.Point.Name, decision.Point.Time, expected.Contains(decision.Point.Id), decision.Explanation)) ?? []],
        };

        RetentionPlan? Apply(DateTimeOffset now)
        {
            if (SeriesListing.Of(series, points, witness: null) is not { } listing)
            {
                return null;
            }

            var next = RetentionPlanner.Plan(listing, policy, now);
            foreach (var removal in next.Removals)
            {
                removals.Add(new ForecastRemoval(removal.Point.Name, removal.Point.Time, now, expected.Contains(removal.Point.Id), removal.RemovalReason!));
                _ = points.Remove(removal.Point);
            }

            return next;
        }
    }
}
