namespace MetisBackup.Core.Snapshots;

/// <summary>What is known about a snapshot without reading its data.</summary>
public enum SnapshotState
{
    /// <summary>Committed in a format that this version reads.</summary>
    Complete,

    /// <summary>A part that every snapshot has is missing or unreadable.</summary>
    Damaged,

    /// <summary>Written by the earlier tool: it has metadata, but neither manifest nor hashes.</summary>
    Legacy,

    /// <summary>Written by a newer version of this program.</summary>
    Newer,
}
