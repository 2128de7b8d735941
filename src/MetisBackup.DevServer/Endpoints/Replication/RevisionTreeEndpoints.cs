using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>/_api/replication/revisions/tree</c> (arangodb-protocol 10.6).</summary>
internal sealed class RevisionTreeEndpoints(ServerContext server, ReplicationBatches batches)
{
    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new RevisionTreeEndpoints(server, batches);
        routes.Map("GET /_api/replication/revisions/tree", endpoints.Read);
        routes.Map("POST /_api/replication/revisions/tree", endpoints.Rebuild);
    }

    private ArangoResponse Read(ArangoRequest request)
    {
        var (collection, batch) = RevisionRequest.Read(request, server, batches);
        if (batch is null)
        {
            throw TreeGone();
        }

        var form = FormOf(request.Query);
        if (request.Query.Flag("verification"))
        {
            return Verify(collection, batch, form);
        }

        var tree = batch.TakePrefetchedTree(request.Query.Text("collection") ?? "") ?? batch.TakeTree(collection) ?? throw TreeGone();
        var output = new PooledBuffer();
        tree.WriteJson(output, form);
        return ArangoResponse.FromBuffer(200, output);
    }

    private static ArangoResponse Verify(CollectionInfo collection, ReplicationBatch batch, RevisionTreeForm form)
    {
        var stored = batch.TakeTree(collection) ?? throw TreeGone();
        var computed = batch.Snapshot.Read(reader => reader.ComputeTree(collection));
        var output = new PooledBuffer();
        output.Append("{\"computed\":"u8);
        computed.WriteJson(output, form);
        output.Append(",\"stored\":"u8);
        stored.WriteJson(output, form);
        output.Append(",\"equal\":"u8);
        output.Append(stored.Diff(computed).Count == 0 ? "true}"u8 : "false}"u8);
        return ArangoResponse.FromBuffer(200, output);
    }

    private ArangoResponse Rebuild(ArangoRequest request)
    {
        server.RequireWritable();
        if (request.Query.Text("collection") is not { Length: > 0 } name)
        {
            throw ArangoErrors.HttpBadParameter("invalid collection parameter");
        }

        var collection = RevisionRequest.FindCollection(request, server, name, AccessLevel.ReadWrite);
        server.Engine.Write(transaction => transaction.RebuildTree(collection));
        return ArangoResponse.Empty(204);
    }

    /// <summary>Servers of the 3.8 line wrote <c>{}</c> for every empty leaf; a fault switch asks for that spelling.</summary>
    private RevisionTreeForm FormOf(QueryParameters query)
    {
        if (!query.Flag("onlyPopulated"))
        {
            return RevisionTreeForm.Full;
        }

        return server.Faults.TreesWithoutSkips ? RevisionTreeForm.PopulatedWithoutSkips : RevisionTreeForm.Populated;
    }

    private static ArangoException TreeGone() => new(500, 4, "could not get revision tree from context");
}
