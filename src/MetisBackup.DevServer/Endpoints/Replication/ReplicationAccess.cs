using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>
/// Rights in the calls that read for replication: administrators may read everything, <c>_users</c> included, which the document calls
/// refuse to everybody.
/// </summary>
internal static class ReplicationAccess
{
    public static bool MayRead(this Caller caller, string database, CollectionInfo collection) =>
        caller.IsAdmin || caller.Level(database, collection.Name) >= AccessLevel.ReadOnly;

    /// <summary>Passes callers that may read the collection.</summary>
    /// <exception cref="ArangoException">403/E11 for all others.</exception>
    public static void RequireRead(this Caller caller, string database, CollectionInfo collection)
    {
        if (!caller.MayRead(database, collection))
        {
            throw ArangoErrors.Forbidden($"forbidden: {collection.Name} [read]");
        }
    }
}
