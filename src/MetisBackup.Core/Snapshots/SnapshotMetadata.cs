using System.Text.Json.Serialization;

namespace MetisBackup.Core.Snapshots;

/// <summary>
/// <c>metadata.json</c>: what a person wants to know about a snapshot. A superset of what the earlier tool wrote, with the same names;
/// its files have no <c>schema</c>. Unknown attributes are passed over.
/// </summary>
public sealed record SnapshotMetadata
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Schema of the file; 0 when the earlier tool wrote it.</summary>
    public int Schema { get; init; }

    /// <summary>Name of the folder. Filled in by the store.</summary>
    public string SnapshotName { get; init; } = string.Empty;

    /// <summary>Identity of the snapshot, 16 hexadecimal digits, the same in every copy. Filled in by the store.</summary>
    public string? Id { get; init; }

    /// <summary>Grows with every snapshot of a store and orders them, whatever the clock did. Filled in by the store.</summary>
    public long Sequence { get; init; }

    /// <summary>When the snapshot was begun: ISO 8601, UTC. The earlier tool wrote local time without an offset. Filled in by the store.</summary>
    public string Timestamp { get; init; } = string.Empty;

    /// <summary>When it was committed: ISO 8601, UTC. Filled in by the store.</summary>
    public string? CompletedAt { get; init; }

    /// <summary>What the user wrote. Filled in by the store.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>The database that was captured; the earlier tool did not record it.</summary>
    public string? Database { get; init; }

    /// <summary>Commit of the user's working copy at that time, if there was one.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Branch of the user's working copy at that time, if there was one.</summary>
    public string? GitBranch { get; init; }

    /// <summary>Whether the snapshot was made to be kept for ever; <c>pin.json</c> overrides it.</summary>
    public bool Permanent { get; init; }

    /// <summary>Documents per collection. Filled in by the store.</summary>
    public IReadOnlyDictionary<string, long> Collections { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Names of the collections that could not be shown to be complete. Filled in by the store.</summary>
    public IReadOnlyList<string> UnprovenCollections { get; init; } = [];

    /// <summary>Whether a restore took it before it overwrote something; such a snapshot is never the latest.</summary>
    public bool Safety { get; init; }

    /// <summary>Size of the bulk files, in MB of 1,000,000 bytes. Filled in by the store.</summary>
    public double BulkStoreSizeMb { get; init; }

    /// <summary>Number of bulk files; null when none were captured. Filled in by the store.</summary>
    public long? BulkFiles { get; init; }

    /// <summary>Length of the bulk files in bytes; null when none were captured. Filled in by the store.</summary>
    public long? BulkBytes { get; init; }

    /// <summary>Size of the documents as the server sent them, in MB of 1,000,000 bytes. Filled in by the store.</summary>
    public double DatabaseSizeMb { get; init; }

    /// <summary>The same in bytes. Filled in by the store.</summary>
    public long DocumentBytes { get; init; }

    /// <summary>How the documents are compressed; null when they are not.</summary>
    public string? Compression { get; init; }

    /// <summary>Size of the whole folder, in bytes. Filled in by the store.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The part of it that no older snapshot had when it was written; null in snapshots that did not record it. Filled in by the store.</summary>
    public long? NewBytes { get; init; }

    /// <summary>Identity of the snapshot that unchanged documents were shared with; null when all were read from the server.</summary>
    public string? ParentId { get; init; }

    /// <summary>What read the database: <c>native</c> or <c>arangodump</c>.</summary>
    public string? Engine { get; init; }

    /// <summary>Version of the program that wrote the snapshot.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The server that the documents came from; null in snapshots that did not record it.</summary>
    public SnapshotServer? Server { get; init; }

    /// <summary>Its version.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Number of documents in all collections.</summary>
    [JsonIgnore]
    public long Documents => Collections.Values.Sum();
}
