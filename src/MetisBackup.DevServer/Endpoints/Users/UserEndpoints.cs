using System.Text.Json;
using System.Text.Json.Nodes;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Users;

/// <summary><c>/_api/user</c>: accounts (arangodb-protocol 2.3).</summary>
internal sealed class UserEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new UserEndpoints(server);
        routes.Map("GET /_api/user", endpoints.List);
        routes.Map("POST /_api/user", endpoints.Create);
        routes.Map("GET /_api/user/{user}", endpoints.Get, RouteAccess.Authenticated);
        routes.Map("PUT /_api/user/{user}", endpoints.Replace, RouteAccess.Authenticated);
        routes.Map("PATCH /_api/user/{user}", endpoints.Update, RouteAccess.Authenticated);
        routes.Map("DELETE /_api/user/{user}", endpoints.Delete);
        UserGrantEndpoints.Map(routes, server);
    }

    /// <summary>Users may look after their own account.</summary>
    /// <exception cref="ArangoException">403/E11 for callers that are neither administrators nor this user.</exception>
    public static void RequireSelfOrAdmin(Caller caller, string user)
    {
        if (!caller.IsAdmin && caller.Name != user)
        {
            throw ArangoErrors.Forbidden();
        }
    }

    private ArangoResponse List(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var user in server.Users.Documents)
            {
                writer.WriteStartObject();
                WriteUser(writer, user);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Get(ArangoRequest request)
    {
        var name = request.Route["user"];
        RequireSelfOrAdmin(request.Caller, name);
        return Answer(200, name);
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        server.RequireWritable();
        using var body = ParseUser(request);
        var name = body.RootElement.TextOf("user");
        if (string.IsNullOrEmpty(name) || name.StartsWith(":role:", StringComparison.Ordinal))
        {
            throw new ArangoException(400, 1700, "invalid user name");
        }

        server.Users.Add(UserDocument.Create(name, body.RootElement.TextOf("passwd") ?? "", body.RootElement.OptionalFlagOf("active") ?? true, Extra(body.RootElement)));
        return Answer(201, name);
    }

    private ArangoResponse Replace(ArangoRequest request) => Change(request, (document, body) =>
    {
        SetPassword(document, body.TextOf("passwd") ?? "");
        SetActive(document, body.OptionalFlagOf("active") ?? true);
        document["userData"] = Extra(body) ?? new JsonObject();
    });

    private ArangoResponse Update(ArangoRequest request) => Change(request, (document, body) =>
    {
        if (body.TextOf("passwd") is { } password)
        {
            SetPassword(document, password);
        }

        if (body.OptionalFlagOf("active") is { } active)
        {
            SetActive(document, active);
        }

        if (Extra(body) is { } extra)
        {
            document["userData"] = extra;
        }
    });

    private ArangoResponse Change(ArangoRequest request, Action<JsonObject, JsonElement> change)
    {
        var name = request.Route["user"];
        RequireSelfOrAdmin(request.Caller, name);
        server.RequireWritable();
        using var body = ParseUser(request);
        server.Users.Change(name, document => change(document, body.RootElement));
        return Answer(200, name);
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        server.RequireWritable();
        if (request.Route["user"] == UserAccounts.RootName)
        {
            throw ArangoErrors.Forbidden("the user 'root' cannot be removed");
        }

        server.Users.Remove(request.Route["user"]);
        return ArangoResponse.Success(202);
    }

    private ArangoResponse Answer(int status, string name)
    {
        var user = server.Users.FindDocument(name) ?? throw UserAccounts.NotFound();
        return ArangoResponse.Success(status, writer => WriteUser(writer, user));
    }

    private static void WriteUser(Utf8JsonWriter writer, JsonElement user)
    {
        writer.WriteString("user"u8, UserDocument.Name(user));
        writer.WriteBoolean("active"u8, UserDocument.IsActive(user));
        writer.WritePropertyName("extra"u8);
        if (user.TryGetProperty("userData", out var extra) && extra.ValueKind == JsonValueKind.Object)
        {
            extra.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
    }

    private static void SetPassword(JsonObject document, string password) => AuthData(document)["simple"] = UserDocument.Hash(password);

    private static void SetActive(JsonObject document, bool active) => AuthData(document)["active"] = active;

    private static JsonObject AuthData(JsonObject document)
    {
        if (document["authData"] is not JsonObject data)
        {
            document["authData"] = data = [];
        }

        return data;
    }

    private static JsonDocument ParseUser(ArangoRequest request)
    {
        try
        {
            return request.ParseObject();
        }
        catch (ArangoException e)
        {
            throw ArangoErrors.BadParameter(e.Message);
        }
    }

    private static JsonObject? Extra(JsonElement body) =>
        body.ObjectOf("extra") is { } extra ? JsonObject.Create(extra.Clone()) : null;
}
