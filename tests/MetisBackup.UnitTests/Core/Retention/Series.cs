using System.Globalization;
using MetisBackup.Core.Retention;

namespace MetisBackup.UnitTests.Core.Retention;

/// <summary>Points in short: those of a test are numbered in the order of their making.</summary>
internal static class Series
{
    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static RecoveryPoint Point(int order, DateTimeOffset time) => new() { Id = $"id{order}", Name = $"p{order}", Order = order, Time = time, Owned = true };

    /// <summary>Points p1, p2 … at the given times.</summary>
    public static List<RecoveryPoint> Of(params string[] times) => [.. times.Select((time, i) => Point(i + 1, At(time)))];

    /// <summary>One each night at two, p1 is the oldest.</summary>
    public static List<RecoveryPoint> Nightlies(string first, int count) => [.. Enumerable.Range(0, count).Select(i => Point(i + 1, At(first).AddDays(i).AddHours(2)))];

    public static RetentionPlan Plan(IEnumerable<RecoveryPoint> points, RetentionPolicy policy, DateTimeOffset now) =>
        RetentionPlanner.Plan(SeriesListing.Of("dbpool/arangodb", points, witness: null)!, policy, now);

    /// <summary>A plan made a year after the last point.</summary>
    public static RetentionPlan Plan(IReadOnlyList<RecoveryPoint> points, RetentionPolicy policy) => Plan(points, policy, points.Max(point => point.Time).AddDays(365));

    /// <summary>Names of the kept ones, oldest first.</summary>
    public static string KeptNames(this RetentionPlan plan) => string.Join(' ', plan.Kept.Reverse().Select(decision => decision.Point.Name));

    public static RetentionDecision Of(this RetentionPlan plan, string name) => plan.Decisions.Single(decision => decision.Point.Name == name);
}
