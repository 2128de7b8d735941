namespace MetisBackup.Core.Snapshots;

/// <summary><c>pin.json</c>: whether a committed snapshot is permanent now. The only file of a snapshot that may change, hence not among its hashes.</summary>
public sealed record SnapshotPin
{
    /// <summary>Whether the snapshot is kept for ever, or until <see cref="Until"/>.</summary>
    public required bool Permanent { get; init; }

    /// <summary>When that was decided: ISO 8601, UTC.</summary>
    public string? ChangedAt { get; init; }

    /// <summary>Why, in the user's words; null when nothing was said.</summary>
    public string? Reason { get; init; }

    /// <summary>From then on it is an ordinary snapshot again; null for never.</summary>
    public DateTimeOffset? Until { get; init; }
}
