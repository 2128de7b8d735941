namespace MetisBackup.Arango.Protocol;

/// <summary>The <c>errorNum</c> values that the client decides by (arangodb-protocol 1.7).</summary>
public static class ErrorNumber
{
    /// <summary>No envelope, or none of interest.</summary>
    public const int None = 0;

    /// <summary>Internal error; also "revision tree can no longer be reconstructed".</summary>
    public const int Internal = 4;

    /// <summary>Not implemented; also "collection keeps no revision tree".</summary>
    public const int NotImplemented = 9;

    /// <summary>Forbidden.</summary>
    public const int Forbidden = 11;

    /// <summary>A resource limit of the server, for instance its dump memory budget.</summary>
    public const int ResourceLimit = 32;

    /// <summary>The server does not accept writes.</summary>
    public const int ReadOnly = 1004;

    /// <summary>Another writer holds the document.</summary>
    public const int WriteConflict = 1200;

    /// <summary>No such document.</summary>
    public const int DocumentNotFound = 1202;

    /// <summary>No such collection or view.</summary>
    public const int CollectionNotFound = 1203;

    /// <summary>The name is taken.</summary>
    public const int DuplicateName = 1207;

    /// <summary>A unique index refuses the document.</summary>
    public const int UniqueViolation = 1210;

    /// <summary>No such database.</summary>
    public const int DatabaseNotFound = 1228;

    /// <summary>Timeout inside a cluster.</summary>
    public const int ClusterTimeout = 1457;

    /// <summary>No such cursor, batch or dump context.</summary>
    public const int ContextNotFound = 1600;

    /// <summary>The scheduler queue is full.</summary>
    public const int QueueFull = 21003;
}
