using System.Globalization;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Puts the snapshots of a data set before the retention engine, label by label.</summary>
/// <param name="snapshots">All of the DR tier, with details, the oldest first.</param>
/// <param name="states">Names of kept states, which are clones of snapshots.</param>
internal sealed class PrunePlan(IReadOnlyList<DrSnapshot> snapshots, IReadOnlySet<string> states)
{
    private readonly IReadOnlyList<DrSnapshot> _snapshots = snapshots;
    private readonly IReadOnlySet<string> _states = states;

    /// <summary>What becomes of each, newest first.</summary>
    public List<PrunedItem> Decide((RetentionPolicy Nightly, RetentionPolicy Safety) rules, DateTimeOffset now, List<string> warnings)
    {
        var items = new Dictionary<string, PrunedItem>(StringComparer.Ordinal);
        foreach (var series in _snapshots.GroupBy(static one => one.Label, StringComparer.Ordinal))
        {
            if (SeriesListing.Of($"the snapshots dr_{series.Key}", series.Select(Point), witness: null) is { } listing)
            {
                var policy = series.Key == DrSnapshotName.BeforeRollback ? rules.Safety : rules.Nightly;
                var plan = RetentionPlanner.Plan(listing, policy, now);
                warnings.AddRange(plan.Warnings);
                foreach (var decision in plan.Decisions)
                {
                    items[decision.Point.Name] = Item(decision);
                }
            }
        }

        return [.. _snapshots.Reverse().Select(one => items[one.FullName])];
    }

    /// <summary>What becomes of the nightly ones when new ones come at these times.</summary>
    public RetentionForecast Forecast(RetentionPolicy nightly, IReadOnlyList<DateTimeOffset> arrivals, DateTimeOffset end) =>
        RetentionSimulation.Run("nightly snapshots", [.. _snapshots.Where(static one => one.Label == DrSnapshotName.Nightly).Select(Point)], nightly, arrivals, end);

    private PrunedItem Item(RetentionDecision decision)
    {
        var obstacles = decision.Keep && decision.Reasons.All(static reason => reason.Rule is KeepRule.Held or KeepRule.InUse);
        var ownClones = decision.Point.Holders.Count == 0 && decision.Point.Users.All(_states.Contains);
        var outcome = !decision.Keep ? PruneOutcome.Removed : obstacles && !ownClones ? PruneOutcome.Skipped : PruneOutcome.Kept;
        return new PrunedItem(decision.Point.Name, outcome, decision.Explanation);
    }

    private static RecoveryPoint Point(DrSnapshot snapshot) => new()
    {
        Id = snapshot.Zfs.Identity.ToString(CultureInfo.InvariantCulture),
        Name = snapshot.FullName,
        Order = (long)snapshot.Zfs.CreateTxg,
        Time = snapshot.TakenAt,
        Owned = true,
        Permanent = snapshot.Label is not (DrSnapshotName.Nightly or DrSnapshotName.BeforeRollback),
        Proof = snapshot.Details!.Drill switch { null => PointProof.None, { Passed: true } => PointProof.Proven, _ => PointProof.Failed },
        Holders = snapshot.Details.Holders,
        Users = snapshot.Details.Clones,
    };
}
