using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Core.Snapshots;

/// <summary>
/// <c>manifest.json</c>: what the program needs to verify and restore a snapshot. Paths are relative to the snapshot's folder and
/// use <c>/</c>. Unknown attributes are passed over, so a later version may add some without a new schema.
/// </summary>
public sealed record Manifest
{
    /// <summary>The schema that this version writes, and the newest one that it reads.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Schema of the whole folder.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Identity of the snapshot, as in the metadata. Filled in by the store.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>The database that was captured.</summary>
    public required string Database { get; init; }

    /// <summary>The server that the documents came from.</summary>
    public ServerFacts? Server { get; init; }

    /// <summary>The point in time that the snapshot stands for.</summary>
    public ConsistencyFacts? Consistency { get; init; }

    /// <summary>Properties of the database as the server gave them.</summary>
    public JsonElement? DatabaseProperties { get; init; }

    /// <summary>The collections, in the order of the inventory.</summary>
    public IReadOnlyList<CollectionRecord> Collections { get; init; } = [];

    /// <summary>The views, in the order of the inventory.</summary>
    public IReadOnlyList<StructureRecord> Views { get; init; } = [];

    /// <summary>
    /// The documents came from a dump, which may leave out system collections that were there: those that are not listed here stay as they
    /// are in a restore, and so do the graphs, analyzers and functions in them.
    /// </summary>
    public bool LeavesUnlistedSystemCollections { get; init; }

    /// <summary>Analyzers that were saved by definition, besides the documents of <c>_analyzers</c>.</summary>
    public IReadOnlyList<StructureRecord> Analyzers { get; init; } = [];

    /// <summary>The files beside the database; null when none were captured.</summary>
    public BulkRecord? Bulk { get; init; }
}

/// <summary>Facts about the server that a restore may want to compare.</summary>
public sealed record ServerFacts
{
    /// <summary>Version text, like <c>3.12.4</c>.</summary>
    public required string Version { get; init; }

    /// <summary><c>community</c> or <c>enterprise</c>.</summary>
    public string? License { get; init; }

    /// <summary>Storage engine.</summary>
    public string? Engine { get; init; }

    /// <summary>Role in a cluster, <c>SINGLE</c> outside of one.</summary>
    public string? Role { get; init; }
}

/// <summary>How the point in time of a snapshot was fixed.</summary>
public sealed record ConsistencyFacts
{
    /// <summary>Server tick of the inventory, as text.</summary>
    public string? Tick { get; init; }

    /// <summary>Last sequence number of the write-ahead log that the batch saw, as text.</summary>
    public string? LastLogTick { get; init; }

    /// <summary>The server's clock at the inventory, as it gave it.</summary>
    public string? ServerTime { get; init; }
}

/// <summary>One collection of a snapshot.</summary>
public sealed record CollectionRecord
{
    /// <summary>Name on the server.</summary>
    public required string Name { get; init; }

    /// <summary>2 for documents, 3 for edges.</summary>
    public required int Type { get; init; }

    /// <summary>A collection of the server itself, named with a leading <c>_</c>.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Identity on the server; a snapshot can continue another one's collection only when it is the same.</summary>
    public string? GloballyUniqueId { get; init; }

    /// <summary>File with parameters and indexes exactly as the server gave them.</summary>
    public required string Structure { get; init; }

    /// <summary>Root of the server's revision tree at the point of the snapshot; null where the collection has none.</summary>
    public TreeRoot? Tree { get; init; }

    /// <summary>Why the documents could not be shown to be all of the collection, as half a sentence; null when they were.</summary>
    public string? Unproven { get; init; }

    /// <summary>Number of documents: those of the segments less the excluded ones.</summary>
    public long Documents { get; init; }

    /// <summary>XOR of the revision hashes of those documents, as decimal text.</summary>
    public string RevisionHash { get; init; } = "0";

    /// <summary>
    /// An upper bound of the revisions, as decimal text: whatever the server lists above it is new. Null in snapshots of version 0.1, which
    /// did not write it, and where no document was.
    /// </summary>
    public string? HighestRevision { get; init; }

    /// <summary>The segments, in the order in which their documents are read.</summary>
    public IReadOnlyList<SegmentRecord> Segments { get; init; } = [];

    /// <summary>The same as a revision; null when unknown.</summary>
    public RevisionId? Highest() => HighestRevision is { } text
        && ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? new RevisionId(number)
        : null;

    /// <summary>Count and hash of the documents, comparable with <see cref="Tree"/>.</summary>
    public RevisionSummary Summary() => TreeRoot.Read(Documents, RevisionHash);
}

/// <summary>Count and hash of the root of a revision tree; the hash as decimal text because many JSON readers cut 64-bit numbers.</summary>
public sealed record TreeRoot
{
    /// <summary>Number of revisions.</summary>
    public required long Count { get; init; }

    /// <summary>XOR of their hashes, decimal.</summary>
    public required string Hash { get; init; }

    /// <summary>The root that a tree or a summary states.</summary>
    public static TreeRoot Of(RevisionSummary summary) => new() { Count = (long)summary.Count, Hash = summary.Hash.ToString() };

    /// <summary>The same as numbers.</summary>
    public RevisionSummary Summary() => Read(Count, Hash);

    /// <summary>Reads the decimal text of a hash.</summary>
    /// <exception cref="FormatException">The text is no unsigned 64-bit number, or the count is negative.</exception>
    internal static RevisionSummary Read(long count, string hash) =>
        count >= 0 && ulong.TryParse(hash, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new RevisionSummary((ulong)count, number)
            : throw new FormatException("A count or hash of revisions is not a number.");
}

/// <summary>A file of documents and its list of revisions. Both never change once written and may be shared with other snapshots.</summary>
public sealed record SegmentRecord
{
    /// <summary>JSON Lines in zstd frames.</summary>
    public required string Documents { get; init; }

    /// <summary>The revisions of that file, sorted.</summary>
    public required string Revisions { get; init; }

    /// <summary>Number of documents in the file, excluded ones included.</summary>
    public required long Count { get; init; }

    /// <summary>XOR of the hashes of their revisions, decimal.</summary>
    public required string RevisionHash { get; init; }

    /// <summary>Size of the documents when unpacked.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Size of the file of documents.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The revisions of this segment that are not part of this snapshot; null when all are.</summary>
    public ExclusionRecord? Excluded { get; init; }

    /// <summary>Count and hash of all documents in the file.</summary>
    public RevisionSummary Summary() => TreeRoot.Read(Count, RevisionHash);

    /// <summary>Count and hash of the documents that belong to this snapshot.</summary>
    public RevisionSummary KeptSummary() => Excluded?.Summary() is { } left
        ? new RevisionSummary(Summary().Count - left.Count, Summary().Hash ^ left.Hash)
        : Summary();

    /// <summary>Size of those documents when unpacked; where some are excluded, their share by number.</summary>
    public long KeptBytes() => Excluded is { } left && Count > 0 ? (long)(RawBytes * ((double)(Count - left.Count) / Count)) : RawBytes;
}

/// <summary>Revisions of a segment that a snapshot leaves out.</summary>
public sealed record ExclusionRecord
{
    /// <summary>File with their sorted list.</summary>
    public required string File { get; init; }

    /// <summary>How many there are.</summary>
    public required long Count { get; init; }

    /// <summary>XOR of their hashes, decimal.</summary>
    public required string RevisionHash { get; init; }

    /// <summary>Count and hash of the excluded revisions.</summary>
    public RevisionSummary Summary() => TreeRoot.Read(Count, RevisionHash);
}

/// <summary>A definition that was saved as a file, exactly as the server gave it.</summary>
public sealed record StructureRecord
{
    /// <summary>Name on the server.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of thing it is: a view's or an analyzer's type.</summary>
    public string? Type { get; init; }

    /// <summary>The file.</summary>
    public required string Structure { get; init; }
}
