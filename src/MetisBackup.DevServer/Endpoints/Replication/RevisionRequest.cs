using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>What the three revision calls have in common: the checks of collection, batch and rights (arangodb-protocol 10.6).</summary>
/// <param name="Collection">The collection as it is now.</param>
/// <param name="Batch">Null for an id that is unknown or expired: not every call minds.</param>
internal readonly record struct RevisionRequest(CollectionInfo Collection, ReplicationBatch? Batch)
{
    /// <summary>Checks in the order of the real server.</summary>
    /// <exception cref="ArangoException">400/E400, 404/E400, 404/E1203, 403/E11, 501/E9.</exception>
    public static RevisionRequest Read(ArangoRequest request, ServerContext server, ReplicationBatches batches)
    {
        if (request.Query.Text("collection") is not { Length: > 0 } name)
        {
            throw ArangoErrors.HttpBadParameter("invalid collection parameter");
        }

        if (request.Query.Text("batchId") is not { Length: > 0 } batchId)
        {
            throw new ArangoException(404, 400, "replication revision tree - request body must contain 'batchId'");
        }

        var collection = FindCollection(request, server, name, AccessLevel.ReadOnly);
        return new RevisionRequest(collection, batches.Find(batchId));
    }

    /// <summary>The collection, when the caller may touch it and it keeps revisions.</summary>
    /// <exception cref="ArangoException">404/E1203, 403/E11, 501/E9.</exception>
    public static CollectionInfo FindCollection(ArangoRequest request, ServerContext server, string name, AccessLevel level)
    {
        var collection = server.Engine.Catalog.Collection(request.Database, name);
        if (level == AccessLevel.ReadOnly || request.Caller.IsAdmin)
        {
            request.Caller.RequireRead(request.Database, collection);
        }
        else
        {
            request.Caller.RequireCollection(request.Database, collection.Name, level);
        }

        return collection.SyncByRevision
            ? collection
            : throw new ArangoException(501, 9, "collection does not support revision-based replication");
    }

    /// <summary>Reads the batch's snapshot or, where there is none, the current state: the documented trap of arangodb-protocol 10.8.</summary>
    public T ReadState<T>(ServerContext server, Func<ReadTransaction, T> work) =>
        Batch is null ? server.Engine.Read(work) : Batch.Snapshot.Read(work);
}
