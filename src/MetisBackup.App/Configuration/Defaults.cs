namespace MetisBackup.App.Configuration;

/// <summary>What holds when the user says nothing.</summary>
internal static class Defaults
{
    /// <summary>Address of the ArangoDB server.</summary>
    public const string Endpoint = "http://127.0.0.1:8529";

    /// <summary>Account on that server.</summary>
    public const string User = "root";

    /// <summary>Environment variable that holds the account's password.</summary>
    public const string PasswordVariable = "ARANGO_PASSWORD";

    /// <summary>Database of operational snapshots.</summary>
    public const string Database = "arxiv_datastore";

    /// <summary>Root directory of the snapshot store.</summary>
    public const string Store = "/bulk-store/metis/snapshots";

    /// <summary>Data set of the server's data.</summary>
    public const string Dataset = "dbpool/arangodb";

    /// <summary>The server's systemd unit.</summary>
    public const string Service = "arangodb3";

    /// <summary>Log of the DR tier.</summary>
    public const string DrLog = "/var/log/metis-dr-backup.log";

    /// <summary>Directory of locks and journals of the DR tier.</summary>
    public const string State = "/var/lib/metis-backup";

    /// <summary>The server's own configuration.</summary>
    public const string ServerConfiguration = "/etc/arangodb3/arangod.conf";
}
