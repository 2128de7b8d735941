using System.Globalization;
using System.Text.Json;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Examining;

namespace MetisBackup.App.Commands.Documents;

/// <summary>From the results of the DR tier to its published documents.</summary>
internal static class DrMapping
{
    public static DrCreateDocument ToDocument(this CreateDrSnapshotResult result) => new()
    {
        Command = "dr create",
        Name = result.Name,
        Label = result.Label,
        Guid = Text(result.Identity),
        Timestamp = result.TakenAt,
        Datasets = result.Datasets,
        Held = result.Held,
        Flushed = result.Flushed,
        Databases = result.Content?.Count,
        Removed = result.Pruned is { } pruned ? [.. pruned.Removed.Select(static one => one.Name)] : null,
        Incomplete = result.Incomplete,
        DurationSeconds = Seconds(result.Duration),
        Warnings = result.Warnings,
    };

    public static DrListDocument ToDocument(this ListDrSnapshotsResult result) => new()
    {
        Command = "dr list",
        Snapshots = [.. result.Snapshots.Select(ToDetail)],
        KeptStates = [.. result.KeptStates.Select(static one => new KeptStateDetail(one.Dataset.Value, one.Kind, one.Since, one.Expires, one.Because, (long)one.Used))],
    };

    public static DrPruneDocument ToDocument(this PruneDrSnapshotsResult result) => new()
    {
        Command = "dr prune",
        Executed = result.Executed,
        Policy = result.Policy,
        Incomplete = result.Incomplete,
        Forecast = result.Forecast.ToDetail(),
        Items = [.. result.Items.Select(static one => new PrunedDetail(one.Name, one.Outcome.ToString().ToLowerInvariant(), one.Reason))],
        Warnings = result.Warnings,
    };

    public static DrRollbackDocument ToDocument(this RollbackResult result, string command) => new()
    {
        Command = command,
        Dataset = result.Dataset,
        Target = result.Target,
        Executed = result.Executed,
        Returned = result.Returned,
        Steps = result.Plan is { } plan ? [.. plan.Steps.Select(static one => new RollbackStepDetail(JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Step.ToString()), one.Text))] : null,
        Lost = result.Plan?.Lost ?? [],
        SafetySnapshot = result.SafetySnapshot,
        Kept = result.Kept,
        KeptUntil = result.KeptUntil,
        ServerAnswers = result.ServerAnswers,
        DurationSeconds = Seconds(result.Duration),
        Warnings = result.Warnings,
    };

    public static DrDrillDocument ToDocument(this DrillSnapshotResult result) => new()
    {
        Command = "dr drill",
        Name = result.Name,
        Passed = result.Passed,
        Compared = result.Compared,
        ReadySeconds = Seconds(result.TimeToReady),
        Databases = result.Databases,
        Collections = result.Collections,
        Documents = result.Documents,
        Problems = result.Problems,
        DurationSeconds = Seconds(result.Duration),
        Warnings = result.Warnings,
    };

    public static DoctorDocument ToDocument(this IReadOnlyList<Finding> findings) =>
        new() { Command = "doctor", Findings = [.. findings.Select(static one => new FindingDetail(one.Area, one.Severity.ToString().ToLowerInvariant(), one.Text, one.Mend, one.Fixed))] };

    private static DrSnapshotDetail ToDetail(DrSnapshot snapshot) => new()
    {
        Name = snapshot.FullName,
        Label = snapshot.Label,
        Guid = Text(snapshot.Zfs.Identity),
        Createtxg = (long)snapshot.Zfs.CreateTxg,
        Timestamp = snapshot.TakenAt,
        UsedBytes = (long?)snapshot.Details?.Used,
        ReferencedBytes = (long?)snapshot.Details?.Referenced,
        Holds = snapshot.Details?.Holders,
        Clones = snapshot.Details?.Clones,
        EarlierScript = snapshot.Details is { } details ? details.Id is null : null,
        Drill = snapshot.Details?.Drill is { } drill ? new DrillDetail(drill.At, drill.Passed, drill.Seconds) : null,
    };

    private static string Text(ulong identity) => identity.ToString(CultureInfo.InvariantCulture);

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 3);
}
