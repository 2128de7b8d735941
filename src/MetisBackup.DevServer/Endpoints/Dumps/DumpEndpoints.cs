using MetisBackup.DevServer.Endpoints.Replication;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary><c>/_api/dump</c>: several collections read by several threads from one snapshot (arangodb-protocol 7).</summary>
internal sealed class DumpEndpoints(ServerContext server, DumpContexts contexts)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new DumpEndpoints(server, server.Own(new DumpContexts(server.Engine)));
        routes.Map("POST /_api/dump/start", endpoints.Start);
        routes.Map("POST /_api/dump/next/{id}", endpoints.Next);
        routes.Map("DELETE /_api/dump/{id}", endpoints.Delete);
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
        {
            routes.Map($"{method} /_api/dump/{{*rest}}", static request => throw BadShape(request));
        }
    }

    private ArangoResponse Start(ArangoRequest request)
    {
        if (server.Faults.ParallelDumpMissing)
        {
            throw new ArangoException(501, 9, "API only expected to be called on DBServers");
        }

        if (request.Query.Flag("useVPack"))
        {
            throw new ArangoException(501, 9, "VelocyPack dumps are not supported");
        }

        var options = Parse(request);
        var collections = new List<CollectionInfo>();
        foreach (var name in options.Shards)
        {
            var collection = server.Engine.Catalog.Collection(request.Database, name);
            request.Caller.RequireRead(request.Database, collection);
            collections.Add(collection);
        }

        var context = contexts.Open(request.Database, request.Caller.Name, options, collections);
        return ArangoResponse.Empty(201).With("x-arango-dump-id", context.Id);
    }

    private ArangoResponse Next(ArangoRequest request)
    {
        var number = request.Query.Number("batchId") ?? throw ArangoErrors.BadParameter("expecting a batchId");
        var context = contexts.Find(request.Route["id"], request.Database, request.Caller.Name);
        if (request.Query.Number("lastBatch") is { } stored)
        {
            context.Release(stored);
        }

        return context.Batch(number) is not { } batch
            ? ArangoResponse.Empty(204)
            : ArangoResponse.Bytes(200, "application/x-arango-dump", batch.Lines)
                .With("x-arango-dump-shard-id", batch.Collection)
                .With("x-arango-dump-block-counts", "0");
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        contexts.Close(contexts.Find(request.Route["id"], request.Database, request.Caller.Name));
        return ArangoResponse.Success(200);
    }

    private static DumpOptions Parse(ArangoRequest request)
    {
        try
        {
            using var body = request.ParseBody();
            return DumpOptions.Parse(body.RootElement);
        }
        catch (ArangoException e) when (e.ErrorNumber == 600)
        {
            throw ArangoErrors.BadParameter(e.Message);
        }
    }

    /// <summary>Known paths take one method each; everything else below the prefix has the wrong shape.</summary>
    private static ArangoException BadShape(ArangoRequest request)
    {
        var parts = request.Segments.Skip(2).ToList();
        var isKnown = parts is ["start"] or ["next", _] || (parts is [_] && request.Method != "POST");
        return isKnown ? new ArangoException(405, 405, "method not supported") : ArangoErrors.HttpBadParameter("bad path");
    }
}
