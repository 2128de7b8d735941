namespace MetisBackup.Arango.Protocol;

/// <summary>Answer of <c>POST /_api/replication/batch</c> (arangodb-protocol 5).</summary>
public sealed record BatchAnswer
{
    /// <summary>Id of the batch.</summary>
    public string? Id { get; init; }

    /// <summary>WAL sequence number of the snapshot.</summary>
    public string? LastTick { get; init; }
}
