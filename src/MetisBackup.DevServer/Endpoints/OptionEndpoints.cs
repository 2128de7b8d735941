using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>
/// With which options the server runs (<c>/_admin/options</c>, ArangoDB 3.12). The policy is the default of real servers,
/// <c>--server.options-api jwt</c>: only a superuser may ask, which everybody is when authentication is off.
/// </summary>
internal sealed class OptionEndpoints(ServerContext server)
{
    private const string SystemDatabase = "_system";

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new OptionEndpoints(server);
        routes.Map("GET /_admin/options", endpoints.Read);
    }

    /// <summary>Options that have a meaning here, under the names of real servers; an empty path is their default.</summary>
    private ArangoResponse Read(ArangoRequest request)
    {
        if (!request.Caller.IsSuperuser)
        {
            throw ArangoErrors.Forbidden("insufficient permissions");
        }

        if (request.Database != SystemDatabase)
        {
            throw new ArangoException(403, 1230, "operation only allowed in system database");
        }

        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("database.directory"u8, Path.GetFullPath(server.Options.DataDirectory));
            writer.WriteString("javascript.app-path"u8, ""u8);
            writer.WriteString("rocksdb.wal-directory"u8, ""u8);
            writer.WriteBoolean("server.authentication"u8, server.AuthenticationEnabled);
            writer.WriteString("server.options-api"u8, "jwt"u8);
            writer.WriteEndObject();
        });
    }
}
