using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.App.Commands.Documents;

/// <summary>From the results of operations to the published documents: the only place where a rename inside could reach the outside.</summary>
internal static class DocumentMapping
{
    public static CreateDocument ToDocument(this CreateAndCleanUpResult whole) => ToDocument(whole.Snapshot) with
    {
        Removed = whole.CleanUp is { } cleanUp ? [.. cleanUp.Removed.Select(static one => one.Name)] : null,
        Incomplete = whole.Incomplete,
        Warnings = [.. whole.Snapshot.Warnings, .. whole.CleanUp?.Warnings ?? [], .. whole.Failures],
    };

    private static CreateDocument ToDocument(CreateSnapshotResult result) => new()
    {
        Command = "create",
        Name = result.Name,
        Path = result.Path,
        Database = result.Database,
        ServerVersion = result.ServerVersion,
        Timestamp = result.Timestamp,
        Documents = result.Documents,
        DocumentBytes = result.DocumentBytes,
        StoredBytes = result.StoredBytes,
        NewBytes = result.NewBytes,
        Parent = result.Parent,
        DurationSeconds = Seconds(result.Duration),
        Collections = [.. result.Collections.Select(one => ToDetail(one, result.Captures[one.Name]))],
        Views = result.Views,
        Graphs = result.Graphs,
        Files = result.Files is { } files ? ToDetail(files.Record) with { FilesRead = files.FilesRead, SharedBytes = files.SharedBytes } : null,
        Warnings = result.Warnings,
    };

    public static ListDocument ToDocument(this ListSnapshotsResult result) => new()
    {
        Command = "list",
        Snapshots = [.. result.Snapshots.Select(ToDetail)],
        UnfinishedRestores = [.. result.UnfinishedRestores.Select(ToDetail)],
        DamagedJournals = result.DamagedJournals,
    };

    public static ShowDocument ToDocument(this ShowSnapshotResult result) => new()
    {
        Command = "show",
        Snapshot = ToDetail(result.Summary),
        Path = result.Path,
        ServerVersion = result.ServerVersion,
        GitCommit = result.GitCommit,
        GitBranch = result.GitBranch,
        Collections = [.. result.Collections.Select(static one => new CollectionDetail(one.Name, Type(one.IsEdge), one.IsSystem, one.Documents, one.Bytes, one.Indexes))],
        Unproven = [.. result.Unproven.Select(ToDetail)],
        Bulk = [.. result.Bulk.Select(static one => new BulkFolderDetail(one.Name, one.Files, one.Bytes))],
        Remarks = result.Remarks,
        Views = result.Views,
        Graphs = result.Graphs,
        Analyzers = result.Analyzers,
        Functions = result.Functions,
        Files = result.Files is { } files ? ToDetail(files) : null,
        UnfinishedRestores = [.. result.UnfinishedRestores.Select(ToDetail)],
    };

    public static VerifyDocument ToDocument(this VerifySnapshotResult result) => new()
    {
        Command = "verify",
        Sound = result.Sound,
        Snapshots = [.. result.Snapshots.Select(static one => new VerdictDetail(one.Name, one.Files, one.Bytes, one.Documents, one.Problems, one.Unread, one.IsLegacy, [.. one.Unproven.Select(ToDetail)]))],
        Warnings = result.Warnings,
    };

    public static RestoreDocument ToDocument(this RestoreDatabaseResult result) => new()
    {
        Command = "restore",
        Snapshot = result.Snapshot,
        Database = result.Database,
        Executed = result.Executed,
        Plan = new PlanDetail(result.Plan.CreatesDatabase, result.Plan.Partial, [.. result.Plan.Steps.Select(ToDetail)]),
        SafetySnapshot = result.SafetySnapshot,
        InterimSnapshots = result.InterimSnapshots,
        BaselineSnapshot = result.BaselineSnapshot,
        Documents = result.Documents,
        DocumentBytes = result.DocumentBytes,
        RevisionsKept = result.RevisionsKept,
        DurationSeconds = Seconds(result.Duration),
        Collections = [.. result.Collections.Select(ToDetail)],
        Files = result.Files is { } files ? FilesMapping.ToDetail(files) : null,
        Warnings = result.Warnings,
    };

    public static DeleteDocument ToDocument(this DeleteSnapshotResult result) =>
        new() { Command = "delete", Name = result.Name, FreedBytes = result.FreedBytes };

    public static PinDocument ToDocument(this PinSnapshotResult result, string command) =>
        new() { Command = command, Name = result.Name, Permanent = result.Permanent, Reason = result.Reason, Until = result.Until, Changed = result.Changed };

    private static SnapshotDetail ToDetail(SnapshotSummary summary) => new()
    {
        Name = summary.Name,
        Database = summary.Database,
        Server = summary.Server,
        Description = summary.Description,
        Timestamp = summary.Timestamp,
        Permanent = summary.Permanent,
        PinReason = summary.PinReason,
        PinnedUntil = summary.PinnedUntil,
        Safety = summary.Safety,
        Collections = summary.Collections,
        Documents = summary.Documents,
        DocumentBytes = summary.DocumentBytes,
        StoredBytes = summary.StoredBytes,
        OwnBytes = summary.OwnBytes,
        BulkFiles = summary.BulkFiles,
        BulkBytes = summary.BulkBytes,
        UnprovenCollections = summary.UnprovenCollections,
        Legacy = summary.IsLegacy,
        Leftover = summary.IsLeftover,
        Problem = summary.Problem,
    };

    private static ProofDetail ToDetail(CollectionProof proof) =>
        new(proof.Name, Type(proof.IsEdge), proof.Documents, proof.RevisionHash, proof.Proof switch { ProofKind.RevisionTree => "revision_tree", ProofKind.Count => "count", _ => "none" });

    private static CapturedDetail ToDetail(CollectionProof proof, CaptureDetail capture)
    {
        var (name, type, documents, hash, kind) = ToDetail(proof);
        return new CapturedDetail(
            name, type, documents, hash, kind, new CaptureMethodDetail(CaptureLines.Name(capture.Method), capture.Added, capture.Removed, capture.Reason));
    }

    private static UnfinishedRestoreDetail ToDetail(UnfinishedRestore restore) =>
        new(restore.Database, restore.Snapshot, restore.SafetySnapshot, restore.InterimSnapshots, restore.Started, restore.Endpoint, restore.Collections);

    private static StepDetail ToDetail(RestoreStep step) => new()
    {
        Action = step.Action.ToString().ToLowerInvariant(),
        Kind = step.Kind.ToString().ToLowerInvariant(),
        Name = step.Name,
        Documents = step.Written,
        LiveDocuments = step.Lost,
        Reason = step.Reason,
        Changes = step.Changes is { } changes ? new ChangesDetail(changes.Added, changes.Removed, changes.Changed) : null,
        RenamedFrom = step.RenamedFrom,
    };

    private static BulkDetail ToDetail(BulkRecord files) =>
        new(files.Root, files.Files, files.Directories, files.Links, files.Bytes, files.StoredBytes);

    private static UnprovenDetail ToDetail(UnprovenCollection collection) => new(collection.Name, collection.Reason);

    private static string Type(bool isEdge) => isEdge ? "edge" : "document";

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 3);
}
