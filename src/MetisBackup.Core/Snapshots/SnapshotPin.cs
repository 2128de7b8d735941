namespace MetisBackup.Core.Snapshots;

/// <summary><c>pin.json</c>: whether a committed snapshot is permanent now. The only file of a snapshot that may change, hence not among its hashes.</summary>
public sealed record SnapshotPin
{
    /// <summary>Whether the snapshot is kept for ever.</summary>
    public required bool Permanent { get; init; }

    /// <summary>When that was decided: ISO 8601, UTC.</summary>
    public string? ChangedAt { get; init; }
}
