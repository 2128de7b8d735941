using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Running;

/// <summary>What is worth remembering of each operation's result, the same for commands and for the scheduler.</summary>
internal static class RunFactsOf
{
    /// <summary>Of a new snapshot.</summary>
    public static RunFacts ToFacts(this CreateSnapshotResult result) => new() { Point = result.Name, Bytes = result.StoredBytes, NewBytes = result.NewBytes };

    /// <summary>Of a new snapshot and what went for it.</summary>
    public static RunFacts ToFacts(this CreateAndCleanUpResult result) => result.Snapshot.ToFacts() with { ExitCode = Code(result.Incomplete), Message = First(result.Failures) };

    /// <summary>Of the removal of operational snapshots.</summary>
    public static RunFacts ToFacts(this CleanUpSnapshotsResult result) => new() { ExitCode = Code(result.Incomplete), Message = First(result.Obstacles) };

    /// <summary>Of a restore.</summary>
    public static RunFacts ToFacts(this RestoreDatabaseResult result) => new() { Point = result.Snapshot, Bytes = result.DocumentBytes };

    /// <summary>Of a restore of files alone.</summary>
    public static RunFacts ToFacts(this RestoreFilesResult result) => new() { Point = result.Snapshot, Bytes = result.Plan.Bytes };

    /// <summary>Of a verification; a single snapshot is named.</summary>
    public static RunFacts ToFacts(this VerifySnapshotResult result)
    {
        var problem = result.Snapshots.Where(static one => one.Problems.Count > 0).OrderBy(static one => one.Unread).FirstOrDefault();
        return new RunFacts
        {
            ExitCode = result.Problem is { } code ? (int)code : 0,
            Point = result.Snapshots.Count == 1 ? result.Snapshots[0].Name : null,
            Bytes = result.Snapshots.Sum(static one => one.Bytes),
            Message = problem is null ? null : $"{problem.Name}: {problem.Problems[0]}",
        };
    }

    /// <summary>Of a new snapshot of a data set.</summary>
    public static RunFacts ToFacts(this CreateDrSnapshotResult result) =>
        new() { ExitCode = Code(result.Incomplete), Point = result.Name, Message = result.Incomplete ? First(result.Warnings) : null };

    /// <summary>Of the removal of a data set's snapshots.</summary>
    public static RunFacts ToFacts(this PruneDrSnapshotsResult result) =>
        new() { ExitCode = Code(result.Incomplete), Message = First(result.Obstacles) };

    /// <summary>Of a rollback or its undoing.</summary>
    public static RunFacts ToFacts(this RollbackResult result) => new() { Point = result.Target };

    /// <summary>Of a drill.</summary>
    public static RunFacts ToFacts(this DrillSnapshotResult result) =>
        new() { ExitCode = result.Passed ? 0 : (int)ErrorCode.VerificationFailed, Point = result.Name, Message = First(result.Problems) };

    private static int Code(bool incomplete) => incomplete ? (int)ErrorCode.Incomplete : 0;

    private static string? First(IReadOnlyList<string> sentences) => sentences.Count > 0 ? sentences[0] : null;
}
