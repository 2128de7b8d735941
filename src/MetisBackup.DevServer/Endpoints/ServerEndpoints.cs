using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>What a client asks before anything else: is the server there (arangodb-protocol 1.5).</summary>
internal static class ServerEndpoints
{
    public static void Map(RouteTable routes, ServerContext server) =>
        routes.Map("GET /_admin/server/availability", _ => Availability(server), RouteAccess.Open);

    private static ArangoResponse Availability(ServerContext server)
    {
        var mode = server.ReadOnly ? "readonly" : "default";
        return ArangoResponse.Success(server.ReadOnly ? 503 : 200, writer => writer.WriteString("mode"u8, mode));
    }
}
