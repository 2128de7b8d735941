namespace MetisBackup.Arango.Protocol;

/// <summary>What matters of <c>GET /_admin/status</c> (arangodb-protocol 1.5).</summary>
public sealed record StatusAnswer
{
    /// <summary>The server runs Foxx services.</summary>
    public bool FoxxApi { get; init; }
}
