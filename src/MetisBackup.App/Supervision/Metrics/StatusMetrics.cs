using System.Reflection;
using System.Text.Json;
using MetisBackup.App.Operations.Watching;

namespace MetisBackup.App.Supervision.Metrics;

/// <summary>The status as metrics. What is not known is absent, never 0.</summary>
internal static class StatusMetrics
{
    private static readonly MetricFamily Build = new("metis_backup_build_info", "Version of the program that told, always 1.");
    private static readonly MetricFamily LookedAt = new("metis_backup_status_timestamp_seconds", "When the status was read.");
    private static readonly MetricFamily State = new("metis_backup_status", "How a target stands: 0 OK, 1 warning, 2 critical, 3 unknown.");
    private static readonly MetricFamily Concern = new("metis_backup_concern", "What speaks against relying on a target: 1 warning, 2 critical, 3 unknown. Absent when nothing does.");
    private static readonly MetricFamily LastSuccess = new("metis_backup_last_success_timestamp_seconds", "When the newest point was taken.");
    private static readonly MetricFamily AllowedAge = new("metis_backup_allowed_age_seconds", "Greatest age of the newest point. Absent when points are made by hand only.");
    private static readonly MetricFamily NextRun = new("metis_backup_next_run_timestamp_seconds", "When the schedule makes the next point.");
    private static readonly MetricFamily Size = new("metis_backup_last_point_bytes", "Size of the content of the newest point.");
    private static readonly MetricFamily UsualSize = new("metis_backup_usual_point_bytes", "Median size of the points before the newest.");
    private static readonly MetricFamily Points = new("metis_backup_points", "Points by what they are.");
    private static readonly MetricFamily Permanent = new("metis_backup_points_permanent", "Points that no rule removes.");
    private static readonly MetricFamily Unproven = new("metis_backup_points_unproven", "Points of ours that are not proven: of a database with collections that could not be compared, of a data set without a drill that passed.");
    private static readonly MetricFamily OffPool = new("metis_backup_offpool_copies", "Copies on other disks than the points themselves.");
    private static readonly MetricFamily Free = new("metis_backup_free_bytes", "Room where the points are kept.");
    private static readonly MetricFamily FreeRatio = new("metis_backup_free_ratio", "The part of it that is free, 0 to 1.");
    private static readonly MetricFamily Lasts = new("metis_backup_space_remaining_seconds", "How long the room lasts at the present rate. Absent when it does not shrink, or not enough is known.");
    private static readonly MetricFamily Proven = new("metis_backup_last_proven_timestamp_seconds", "When a drill or a verification passed, if the last one did.");
    private static readonly MetricFamily ProofResult = new("metis_backup_proof_result", "What the last drill or verification found: 1 nothing wrong, 0 that the point cannot be relied on.");
    private static readonly MetricFamily Rto = new("metis_backup_rto_seconds", "How long the way back took when it was last tried.");
    private static readonly MetricFamily LastRun = new("metis_backup_last_run_timestamp_seconds", "When the last run that should make a point ended.");
    private static readonly MetricFamily ExitCode = new("metis_backup_last_run_exit_code", "How it ended.");
    private static readonly MetricFamily Duration = new("metis_backup_run_duration_seconds", "How long it took.");
    private static readonly MetricFamily Running = new("metis_backup_running_since_timestamp_seconds", "Since when a run goes on. Absent when none does.");

    /// <summary>Every metric that there can be.</summary>
    public static IReadOnlyList<MetricFamily> All { get; } =
    [
        Build, LookedAt, State, Concern, LastSuccess, AllowedAge, NextRun, Size, UsualSize, Points, Permanent, Unproven, OffPool, Free, FreeRatio, Lasts, Proven, ProofResult, Rto,
        LastRun, ExitCode, Duration, Running,
    ];

    /// <summary>The metrics of a report.</summary>
    public static string Of(StatusReport report)
    {
        var text = new PrometheusText();
        text.Add(Build, 1, ("version", Version));
        text.Add(LookedAt, Seconds(report.At));
        foreach (var one in report.Series)
        {
            AddPoints(text, one);
            AddRuns(text, one);
        }

        return text.ToString();
    }

    private static string Version => typeof(StatusMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static void AddPoints(PrometheusText text, SeriesStatus one)
    {
        var (target, tier, series) = Labels(one);
        text.Add(State, (int)one.Health, target, tier, series);
        foreach (var kind in one.Concerns.GroupBy(static concern => concern.Kind))
        {
            text.Add(Concern, (int)kind.Select(static concern => concern.Health).Worst(), target, tier, series, ("kind", Word(kind.Key)));
        }

        text.Add(LastSuccess, Seconds(one.Newest?.Taken), target, tier, series);
        text.Add(AllowedAge, one.AllowedAge?.TotalSeconds, target, tier, series);
        text.Add(Size, one.Newest?.Bytes, target, tier, series);
        text.Add(UsualSize, one.UsualBytes, target, tier, series);
        text.Add(Points, one.Points?.Own, target, tier, series, ("state", "own"));
        text.Add(Points, one.Points?.Legacy, target, tier, series, ("state", "legacy"));
        text.Add(Points, one.Points?.Safety, target, tier, series, ("state", "safety"));
        text.Add(Points, one.Points?.Damaged, target, tier, series, ("state", "damaged"));
        text.Add(Permanent, one.Points?.Permanent, target, tier, series);
        text.Add(Unproven, one.Points?.Unproven, target, tier, series);
        text.Add(OffPool, one.OffPoolCopies, target, tier, series);
        text.Add(Free, one.Space?.FreeBytes, target, tier, series);
        text.Add(FreeRatio, one.Space?.FreePercent / 100, target, tier, series);
        text.Add(Lasts, one.Space?.Lasts?.TotalSeconds, target, tier, series);
    }

    private static void AddRuns(PrometheusText text, SeriesStatus one)
    {
        var (target, tier, series) = Labels(one);
        text.Add(NextRun, Seconds(one.NextRun), target, tier, series);
        if (one.Proof is { } proof)
        {
            text.Add(ProofResult, proof.Passed ? 1 : 0, target, tier, series, ("operation", proof.Operation));
            text.Add(Proven, proof.Passed ? Seconds(proof.At) : null, target, tier, series, ("operation", proof.Operation));
            text.Add(Rto, proof.Seconds, target, tier, series, ("way", proof.Operation));
        }

        if (one.LastRun is { Ended: { } ended } last)
        {
            text.Add(LastRun, Seconds(ended), target, tier, series);
            text.Add(ExitCode, last.ExitCode, target, tier, series);
            text.Add(Duration, (ended - last.Started).TotalSeconds, target, tier, series);
        }

        if (one.Running is { } running)
        {
            text.Add(Running, Seconds(running.Since), target, tier, series, ("operation", running.Operation));
        }
    }

    private static ((string Name, string Value) Target, (string Name, string Value) Tier, (string Name, string Value) Series) Labels(SeriesStatus one) =>
        (("target", one.Target), ("tier", one.Tier), ("series", one.Series));

    private static double? Seconds(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() / 1000.0 : null;

    private static string Word(ConcernKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
