using System.Globalization;
using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Users;

/// <summary><c>/_api/token</c>: the access tokens of a user (arangodb-protocol 1.4).</summary>
internal sealed class AccessTokenEndpoints(ServerContext server)
{
    private const long DefaultLifeTime = 365L * 24 * 60 * 60;

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new AccessTokenEndpoints(server);
        routes.Map("GET /_api/token/{user}", endpoints.List, RouteAccess.Authenticated);
        routes.Map("POST /_api/token/{user}", endpoints.Create, RouteAccess.Authenticated);
        routes.Map("DELETE /_api/token/{user}/{id}", endpoints.Delete, RouteAccess.Authenticated);
    }

    private long Now => server.Time.GetUtcNow().ToUnixTimeSeconds();

    private ArangoResponse List(ArangoRequest request)
    {
        var user = UserOf(request);
        var document = server.Users.FindDocument(user) ?? throw UserAccounts.NotFound();
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tokens"u8);
            foreach (var token in AccessToken.Of(document))
            {
                writer.WriteStartObject();
                Write(writer, token);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        var user = UserOf(request);
        server.RequireWritable();
        using var body = request.ParseObject();
        if (body.RootElement.TextOf("name") is not { Length: > 0 } name)
        {
            throw ArangoErrors.BadParameter("token name must be a non-empty string");
        }

        var now = Now;
        var validUntil = (long?)body.RootElement.NumberOf("valid_until") ?? now + DefaultLifeTime;
        var (text, id) = ("", 0L);
        server.Users.Change(user, document =>
        {
            if (document["accessTokens"] is System.Text.Json.Nodes.JsonArray tokens && tokens.Any(token => token?["name"]?.GetValue<string>() == name))
            {
                throw new ArangoException(409, ErrorNumber.DuplicateName, "duplicate token name");
            }

            (text, id) = AccessToken.Add(document, name, now, validUntil);
        });
        var token = AccessToken.Of(server.Users.FindDocument(user) ?? throw UserAccounts.NotFound()).Single(one => one.NumberOf("id") == id);
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            Write(writer, token);
            writer.WriteString("token"u8, text);
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        var user = UserOf(request);
        server.RequireWritable();
        if (!long.TryParse(request.Route["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw ArangoErrors.HttpBadParameter("invalid token id");
        }

        server.Users.Change(user, document =>
        {
            if (!AccessToken.Remove(document, id))
            {
                throw new ArangoException(404, ErrorNumber.HttpNotFound, "token not found");
            }
        });
        return ArangoResponse.Empty(200);
    }

    private static string UserOf(ArangoRequest request)
    {
        var user = request.Route["user"];
        UserEndpoints.RequireSelfOrAdmin(request.Caller, user);
        return user;
    }

    private void Write(Utf8JsonWriter writer, JsonElement token)
    {
        writer.WriteNumber("id"u8, (long)(token.NumberOf("id") ?? 0));
        writer.WriteString("name"u8, token.TextOf("name"));
        writer.WriteNumber("valid_until"u8, (long)(token.NumberOf("valid_until") ?? 0));
        writer.WriteNumber("created_at"u8, (long)(token.NumberOf("created_at") ?? 0));
        writer.WriteString("fingerprint"u8, token.TextOf("fingerprint"));
        writer.WriteBoolean("active"u8, AccessToken.IsActive(token, Now));
    }
}
