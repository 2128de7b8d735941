namespace MetisBackup.Core.Snapshots;

/// <summary>What is known about a snapshot without reading its data.</summary>
public enum SnapshotState
{
    /// <summary>Committed in a format that this version reads.</summary>
    Complete,

    /// <summary>A part that every snapshot has is missing or unreadable.</summary>
    Damaged,

    /// <summary>Written by the earlier tool: a dump with metadata, in a folder or an archive, but neither manifest nor hashes.</summary>
    Legacy,

    /// <summary>What a run left behind that ended before it was complete. Never taken for a snapshot, and never removed by a rule.</summary>
    Leftover,

    /// <summary>Written by a newer version of this program.</summary>
    Newer,
}
