namespace MetisBackup.Arango.Dump;

/// <summary>What a database consists of at the point in time of a batch. Texts are the server's own bytes.</summary>
public sealed record Inventory
{
    /// <summary>The <c>properties</c> object of the database as JSON.</summary>
    public required ReadOnlyMemory<byte> Properties { get; init; }

    /// <summary>All collections, system ones included, in the server's order.</summary>
    public required IReadOnlyList<CollectionEntry> Collections { get; init; }

    /// <summary>All views.</summary>
    public required IReadOnlyList<ViewEntry> Views { get; init; }

    /// <summary>Server tick: informative, not a WAL position (arangodb-protocol 4.3).</summary>
    public required string Tick { get; init; }

    /// <summary>WAL sequence number of the snapshot.</summary>
    public required string LastLogTick { get; init; }

    /// <summary>The server's clock as it wrote it; empty when it did not tell.</summary>
    public required string ServerTime { get; init; }
}

/// <summary>One collection of an inventory.</summary>
public sealed record CollectionEntry
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Identity across renames; not safe across re-creation (arangodb-protocol 9.1).</summary>
    public required string GloballyUniqueId { get; init; }

    /// <summary>An edge collection.</summary>
    public required bool IsEdge { get; init; }

    /// <summary>Its name begins with an underscore.</summary>
    public required bool IsSystem { get; init; }

    /// <summary>Half gone: to be skipped.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary>The server keeps a revision tree of it (arangodb-protocol 10.1).</summary>
    public required bool HasRevisionTree { get; init; }

    /// <summary>The prototype whose sharding it follows; null for none.</summary>
    public string? DistributeShardsLike { get; init; }

    /// <summary>The whole entry, <c>{"indexes":[…],"parameters":{…}}</c>.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The <c>parameters</c> object.</summary>
    public required ReadOnlyMemory<byte> Parameters { get; init; }

    /// <summary>All indexes but the primary and the edge one.</summary>
    public required IReadOnlyList<IndexEntry> Indexes { get; init; }
}

/// <summary>One index of a collection.</summary>
/// <param name="Id">Id as the server gave it.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">persistent, geo, inverted, vector and so on.</param>
/// <param name="Json">The whole definition.</param>
public sealed record IndexEntry(string Id, string Name, string Type, ReadOnlyMemory<byte> Json);

/// <summary>One view.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">arangosearch or search-alias.</param>
/// <param name="Json">The whole definition.</param>
public sealed record ViewEntry(string Name, string Type, ReadOnlyMemory<byte> Json);
