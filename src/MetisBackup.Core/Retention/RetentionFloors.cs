namespace MetisBackup.Core.Retention;

/// <summary>What is kept whatever the policy says (law 3).</summary>
internal static class RetentionFloors
{
    /// <summary>Adds the floors that hold for each point.</summary>
    public static void Apply(IReadOnlyList<RecoveryPoint> newestFirst, Dictionary<string, List<KeepReason>> reasons, DateTimeOffset now)
    {
        foreach (var point in newestFirst)
        {
            reasons[point.Id].AddRange(Of(point, now));
        }

        // a damaged or future-dated one is no proof that anything can come back
        var usable = newestFirst.Where(point => point is { Owned: true, Complete: true } && point.Proof != PointProof.Failed && point.Time <= now).ToList();
        if (usable.Count > 0)
        {
            reasons[usable[0].Id].Add(new KeepReason(KeepRule.NewestComplete, "the newest complete one"));
        }

        if (usable.Find(static point => point.Proof == PointProof.Proven) is { } proven)
        {
            reasons[proven.Id].Add(new KeepReason(KeepRule.NewestProven, "the newest one that was proven"));
        }
    }

    private static IEnumerable<KeepReason> Of(RecoveryPoint point, DateTimeOffset now)
    {
        if (!point.Owned)
        {
            yield return new KeepReason(KeepRule.NotOurs, "not ours");
        }

        if (point.Permanent)
        {
            yield return new KeepReason(KeepRule.Permanent, "permanent");
        }

        if (point.Pin is { } pin && (pin.Until is null || pin.Until > now))
        {
            var until = pin.Until is { } end ? $" until {RetentionText.Minute(end)}" : "";
            yield return new KeepReason(KeepRule.Pinned, pin.Reason.Length > 0 ? $"pinned{until}: {pin.Reason}" : $"pinned{until}");
        }

        if (point.Holders.Count > 0)
        {
            yield return new KeepReason(KeepRule.Held, $"held by {string.Join(", ", point.Holders)}");
        }

        if (point.Users.Count > 0)
        {
            yield return new KeepReason(KeepRule.InUse, $"in use by {string.Join(", ", point.Users)}");
        }

        if (point.Time > now)
        {
            yield return new KeepReason(KeepRule.FutureDated, $"dated in the future ({RetentionText.Minute(point.Time)})");
        }

        if (!point.Complete || point.Proof == PointProof.Failed)
        {
            yield return new KeepReason(KeepRule.NotSound, point.Complete ? "its last drill or verification failed: somebody must look" : "damaged or incomplete: somebody must look");
        }
    }
}
