using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>Everything below <c>/_api/replication</c>, and the write-ahead log.</summary>
internal static class ReplicationEndpoints
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var batches = server.Own(new ReplicationBatches(server.Engine));
        ReplicationBatchEndpoints.Map(routes, server, batches);
        ReplicationInventoryEndpoints.Map(routes, server, batches);
        ReplicationDumpEndpoints.Map(routes, server, batches);
        RevisionTreeEndpoints.Map(routes, server, batches);
        RevisionRangesEndpoints.Map(routes, server, batches);
        RevisionDocumentsEndpoints.Map(routes, server, batches);
        RestoreStructureEndpoints.Map(routes, server);
        RestoreDataEndpoints.Map(routes, server);
        RestoreViewEndpoints.Map(routes, server);
        WalEndpoints.Map(routes, server);
    }
}
