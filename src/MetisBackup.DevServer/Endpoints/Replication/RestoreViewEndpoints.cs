using MetisBackup.DevServer.Endpoints.Views;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>restore-view</c> (arangodb-protocol 9.6).</summary>
internal sealed class RestoreViewEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new RestoreViewEndpoints(server);
        routes.Map("PUT /_api/replication/restore-view", endpoints.Restore);
    }

    private ArangoResponse Restore(ArangoRequest request)
    {
        RestoreStructureEndpoints.RequireRights(request, server);
        using var body = request.ParseBody();
        var definition = body.RootElement;
        if (definition.TextOf("name") is not { Length: > 0 } name || definition.TextOf("type") is null)
        {
            throw ArangoErrors.BadParameter("expecting 'name' and 'type' of a view");
        }

        var overwrite = request.Query.Flag("overwrite");
        server.Engine.Write(transaction =>
        {
            if (transaction.Catalog.Database(request.Database).Views.GetValueOrDefault(name) is { } existing)
            {
                if (!overwrite)
                {
                    throw ArangoErrors.DuplicateName();
                }

                transaction.DropView(request.Database, existing);
            }

            ViewEndpoints.Create(transaction, request, definition);
        });
        return RestoreStructureEndpoints.Done();
    }
}
