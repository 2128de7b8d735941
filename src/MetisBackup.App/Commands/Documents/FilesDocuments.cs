using MetisBackup.App.Operations;
using MetisBackup.Core.Bulk;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>restore --only-bulk</c>, also of its dry run.</summary>
internal sealed record RestoreFilesDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>What was, or would be, done.</summary>
    public required FilesRestoreDetail Files { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A restore of files.</summary>
internal sealed record FilesRestoreDetail
{
    /// <summary>The directory.</summary>
    public required string Path { get; init; }

    /// <summary>It was missing.</summary>
    public required bool CreatesDirectory { get; init; }

    /// <summary>Entries that are made.</summary>
    public required long Created { get; init; }

    /// <summary>Entries that take the place of others.</summary>
    public required long Replaced { get; init; }

    /// <summary>Entries of which only rights, owner, time or attributes are set.</summary>
    public required long Adjusted { get; init; }

    /// <summary>Entries that are removed.</summary>
    public required long Removed { get; init; }

    /// <summary>Entries that are as they should be.</summary>
    public required long Kept { get; init; }

    /// <summary>Entries of the snapshot that are left out because their names are excluded now.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Bytes that are written.</summary>
    public required long Bytes { get; init; }

    /// <summary>The first steps, at most 1,000.</summary>
    public required IReadOnlyList<FileStepDetail> Steps { get; init; }

    /// <summary>Why it cannot be done, sentences; empty when it can.</summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>Folder of what was removed or replaced; null when nothing was.</summary>
    public required string? Trash { get; init; }
}

/// <summary>A step of a restore of files.</summary>
/// <param name="Action"><c>create</c>, <c>replace</c>, <c>adjust</c> or <c>remove</c>.</param>
/// <param name="Type"><c>file</c>, <c>directory</c> or <c>link</c>; null for anything else that is replaced.</param>
/// <param name="Path">Below the directory; bytes that are no text as <c>\x</c> and two digits.</param>
/// <param name="Reason">A clause; empty where the action says it all.</param>
internal sealed record FileStepDetail(string Action, string? Type, string Path, string Reason);

/// <summary>From the results to the documents.</summary>
internal static class FilesMapping
{
    public static RestoreFilesDocument ToDocument(this RestoreFilesResult result) => new()
    {
        Command = "restore",
        Snapshot = result.Snapshot,
        Executed = result.Executed,
        Files = ToDetail(result),
        DurationSeconds = Math.Round(result.Duration.TotalSeconds, 3),
        Warnings = result.Warnings,
    };

    public static FilesRestoreDetail ToDetail(RestoreFilesResult result) => new()
    {
        Path = result.Plan.Root,
        CreatesDirectory = result.Plan.CreatesRoot,
        Created = result.Plan.Created,
        Replaced = result.Plan.Replaced,
        Adjusted = result.Plan.Adjusted,
        Removed = result.Plan.Removed,
        Kept = result.Plan.Kept,
        LeftOut = result.Plan.LeftOut,
        Bytes = result.Plan.Bytes,
        Steps = [.. result.Plan.Changes.Select(ToDetail)],
        Obstacles = result.Plan.Obstacles,
        Trash = result.Trash,
    };

    private static FileStepDetail ToDetail(TreeChange change) =>
        new(change.Action.ToString().ToLowerInvariant(), (change.Entry?.Kind ?? change.Was)?.ToString().ToLowerInvariant(), change.Path.ToString(), change.Reason);
}
