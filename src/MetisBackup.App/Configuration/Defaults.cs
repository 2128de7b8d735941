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
}
