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
        var password = Text(body.RootElement, "password");
        var isToken = AccessToken.UserOf(password) is not null;
        var user = isToken && body.RootElement.Find("username") is null ? "" : Text(body.RootElement, "username");
        if (server.Users.Authenticate(user, password) is not { } account)
        {
            return ArangoResponse.Error(401, ErrorNumber.HttpUnauthorized, "Wrong credentials");
        }

        var token = gate.Tokens.Issue(account.Name);
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
