using System.Text.Json.Serialization;

namespace MetisBackup.Arango.Protocol;

/// <summary>Answer of <c>GET /_api/version</c> (arangodb-protocol 1.5).</summary>
public sealed record VersionAnswer
{
    /// <summary>Version text; hardened servers leave it out.</summary>
    public string? Version { get; init; }

    /// <summary>community or enterprise.</summary>
    public string? License { get; init; }
}

/// <summary>Answer of <c>GET /_api/engine</c>.</summary>
public sealed record EngineAnswer
{
    /// <summary>Name of the storage engine.</summary>
    public string? Name { get; init; }
}

/// <summary>Answer of <c>GET /_admin/server/role</c>.</summary>
public sealed record RoleAnswer
{
    /// <summary>SINGLE, COORDINATOR and so on.</summary>
    public string? Role { get; init; }
}

/// <summary>Answer of <c>GET /_admin/server/mode</c>.</summary>
public sealed record ModeAnswer
{
    /// <summary>default or readonly.</summary>
    public string? Mode { get; init; }
}

/// <summary>Answer of <c>GET /_api/wal/lastTick</c> (arangodb-protocol 13.2) and of <c>GET /_api/replication/logger-state</c>.</summary>
public sealed record LogAnswer
{
    /// <summary>Who keeps the log.</summary>
    public LogServer? Server { get; init; }
}

/// <summary>The server that a log belongs to.</summary>
public sealed record LogServer
{
    /// <summary>Made when the server first started on its data, decimal.</summary>
    public string? ServerId { get; init; }
}

/// <summary>Answer of <c>GET /_admin/time</c>.</summary>
public sealed record TimeAnswer
{
    /// <summary>Seconds since 1970.</summary>
    public double Time { get; init; }
}

/// <summary>Answer of <c>GET /_api/collection/…/count</c> and <c>…/revision</c>.</summary>
public sealed record CollectionFigures
{
    /// <summary>Number of documents.</summary>
    public long Count { get; init; }

    /// <summary>Highest revision seen.</summary>
    public string? Revision { get; init; }
}

/// <summary>Answer of <c>GET /_api/user/…/database?full=true</c> (arangodb-protocol 2.3).</summary>
public sealed record RightsAnswer
{
    /// <summary>Rights by database; <c>*</c> stands for all others.</summary>
    public IReadOnlyDictionary<string, DatabaseRights>? Result { get; init; }
}

/// <summary>Rights in one database.</summary>
public sealed record DatabaseRights
{
    /// <summary>rw, ro or none.</summary>
    public string? Permission { get; init; }

    /// <summary>Every collection that exists, with rw, ro, none or undefined.</summary>
    public IReadOnlyDictionary<string, string>? Collections { get; init; }
}

/// <summary>Answer of <c>PUT /_api/replication/revisions/ranges</c> (arangodb-protocol 10.7).</summary>
public sealed record RangesAnswer
{
    /// <summary>Ids per pair of the request.</summary>
    public string[][]? Ranges { get; init; }

    /// <summary>Where the next request goes on; null when this was all.</summary>
    [JsonPropertyName("resumeHLC")]
    public string? ResumeHlc { get; init; }
}

/// <summary>Answer of <c>GET /_api/database/user</c>.</summary>
public sealed record NameList
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string>? Result { get; init; }
}

/// <summary>Answer of <c>GET /_api/user</c>.</summary>
public sealed record AccountList
{
    /// <summary>The accounts.</summary>
    public IReadOnlyList<AccountAnswer>? Result { get; init; }
}

/// <summary>One account, without its secrets.</summary>
public sealed record AccountAnswer
{
    /// <summary>Its name.</summary>
    public string? User { get; init; }
}

/// <summary>Answer of <c>GET /_api/collection</c>.</summary>
public sealed record CollectionList
{
    /// <summary>The collections.</summary>
    public IReadOnlyList<CollectionNameAnswer>? Result { get; init; }
}

/// <summary>One collection, as far as its name is needed.</summary>
public sealed record CollectionNameAnswer
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }
}
