using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>One snapshot as the listing of a store shows it; its data has not been read.</summary>
public sealed record SnapshotEntry
{
    /// <summary>Name of the folder.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>Full path of the archive that the earlier tool packed it into; null when it lies in its folder.</summary>
    public string? Archive { get; init; }

    /// <summary>What can be done with it.</summary>
    public required SnapshotState State { get; init; }

    /// <summary>What is wrong with it, as half a sentence; null when nothing is. A legacy snapshot with a problem may still be readable.</summary>
    public string? Problem { get; init; }

    /// <summary>The metadata; null when it cannot be read.</summary>
    public SnapshotMetadata? Metadata { get; init; }

    /// <summary>Whether it is kept for ever, or by a pin whose time has not come.</summary>
    public bool Permanent { get; init; }

    /// <summary>What a person decided about it after it was made; null when nobody did.</summary>
    public SnapshotPin? Pin { get; init; }

    /// <summary>When it was begun, UTC: from the metadata, else from the name.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Whether it is whole as far as the listing tells: one of ours, or one of the earlier tool with its metadata and dump. What is not is for a
    /// person to judge and never for a rule.
    /// </summary>
    public bool IsWhole => State == SnapshotState.Complete || (State == SnapshotState.Legacy && Problem is null);

    /// <summary>The database, if known.</summary>
    public string? Database => Metadata?.Database;

    /// <summary>What it tells of its server; null for nothing.</summary>
    public SnapshotServer? Server => Metadata?.Server;

    /// <summary>The store's own order; 0 for snapshots of the earlier tool and unreadable ones.</summary>
    public long Sequence => Metadata?.Sequence ?? 0;
}
