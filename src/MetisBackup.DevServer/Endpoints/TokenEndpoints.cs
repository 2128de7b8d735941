using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary><c>/_open/auth</c>: a name and a password for a token (arangodb-protocol 1.4).</summary>
internal static class TokenEndpoints
{
    public static void Map(RouteTable routes, ServerContext server, AuthenticationGate gate) =>
        routes.Map("POST /_open/auth", request => Issue(request, server, gate), RouteAccess.Open);

    private static ArangoResponse Issue(ArangoRequest request, ServerContext server, AuthenticationGate gate)
    {
        if (!server.AuthenticationEnabled)
        {
            return ArangoResponse.Error(404, ErrorNumber.HttpNotFound, $"unknown path '{request.Path}'");
        }

        using var body = request.ParseObject();
        var user = Text(body.RootElement, "username");
        var password = Text(body.RootElement, "password");
        if (server.Users.Authenticate(user, password) is null)
        {
            return ArangoResponse.Error(401, ErrorNumber.HttpUnauthorized, "Wrong credentials");
        }

        var token = gate.Tokens.Issue(user);
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("jwt"u8, token);
            writer.WriteEndObject();
        });
    }

    private static string Text(JsonElement body, string attribute) =>
        body.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw ArangoErrors.HttpBadParameter("invalid login parameters");
}
