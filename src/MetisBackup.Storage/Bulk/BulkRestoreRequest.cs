using MetisBackup.Core.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>Which files are restored where.</summary>
public sealed record BulkRestoreRequest
{
    /// <summary>The snapshot, open.</summary>
    public required SnapshotReader Snapshot { get; init; }

    /// <summary>The directory that becomes what the snapshot holds; made when missing.</summary>
    public required string Root { get; init; }

    /// <summary>What is passed over now, beside what was when the snapshot was taken.</summary>
    public required NameFilter Filter { get; init; }

    /// <summary>Most steps that the plan names.</summary>
    public int MostNamed { get; init; } = 20;
}

/// <summary>What a restore of files did.</summary>
/// <param name="Trash">Folder of what was removed or replaced; null when nothing was.</param>
/// <param name="Moved">Number of entries there.</param>
/// <param name="Warnings">What did not go as it should without spoiling the contents.</param>
public sealed record BulkRestored(string? Trash, long Moved, IReadOnlyList<string> Warnings);
