using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>Definition of one database: immutable, replaced as a whole by a write transaction.</summary>
internal sealed record DatabaseInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public bool IsSystem => Name == "_system";

    /// <summary>Options given at creation: sharding, replicationFactor, writeConcern.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>Collections by name.</summary>
    public ImmutableDictionary<string, CollectionInfo> Collections { get; init; } = ImmutableDictionary<string, CollectionInfo>.Empty;

    /// <summary>Views by name.</summary>
    public ImmutableDictionary<string, ViewInfo> Views { get; init; } = ImmutableDictionary<string, ViewInfo>.Empty;
}

/// <summary>Definition of one collection.</summary>
internal sealed record CollectionInfo
{
    /// <summary>Decimal text, unique in the server.</summary>
    public required string Id { get; init; }

    /// <summary>The id as a number.</summary>
    public long Number => long.Parse(Id, CultureInfo.InvariantCulture);

    public required string Name { get; init; }

    public required string DatabaseId { get; init; }

    /// <summary>2 document, 3 edge.</summary>
    public required int Type { get; init; }

    public required string GloballyUniqueId { get; init; }

    public bool IsSystem { get; init; }

    /// <summary>The collection keeps a revision tree (arangodb-protocol 10.1).</summary>
    public bool SyncByRevision { get; init; } = true;

    /// <summary>The record id of a document is its revision.</summary>
    public bool UsesRevisionsAsDocumentIds { get; init; } = true;

    /// <summary>Every other property as the API shows it: waitForSync, keyOptions, schema, computedValues, cacheEnabled ….</summary>
    public required JsonElement Properties { get; init; }

    /// <summary>Every write is to survive a power cut.</summary>
    public bool WaitForSync => Properties.TryGetProperty("waitForSync"u8, out var sync) && sync.ValueKind == JsonValueKind.True;

    /// <summary>All indexes, the primary one (and the edge index) first.</summary>
    public ImmutableArray<IndexInfo> Indexes { get; init; } = [];
}

/// <summary>Definition of one index; only unique persistent ones have data of their own.</summary>
internal sealed record IndexInfo
{
    /// <summary>Decimal text without the collection name.</summary>
    public required string Id { get; init; }

    /// <summary>Names the table of a unique index; ids may repeat between collections, because restored indexes keep theirs. 0 for none.</summary>
    public long Storage { get; init; }

    public required string Name { get; init; }

    /// <summary>primary, edge, persistent, geo, fulltext, ttl, inverted, mdi, mdi-prefixed, zkd, vector ….</summary>
    public required string Type { get; init; }

    public bool Unique { get; init; }

    public bool Sparse { get; init; }

    /// <summary>The whole definition as the API shows it, without <c>id</c>, <c>name</c>, <c>type</c>, <c>unique</c>, <c>sparse</c>.</summary>
    public required JsonElement Definition { get; init; }
}

/// <summary>Definition of one view.</summary>
internal sealed record ViewInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string GloballyUniqueId { get; init; }

    /// <summary>arangosearch or search-alias.</summary>
    public required string Type { get; init; }

    /// <summary>Every other property as the API shows it.</summary>
    public required JsonElement Properties { get; init; }
}
