using System.Text.Json;
using System.Text.Json.Nodes;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary><c>/_api/database</c> (arangodb-protocol 2.1).</summary>
internal sealed class DatabaseEndpoints(ServerContext server)
{
    private const string SystemDatabase = "_system";

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new DatabaseEndpoints(server);
        routes.Map("GET /_api/database", endpoints.List);
        routes.Map("GET /_api/database/user", endpoints.ListAccessible, RouteAccess.Authenticated);
        routes.Map("GET /_api/database/current", endpoints.Current);
        routes.Map("POST /_api/database", endpoints.Create);
        routes.Map("DELETE /_api/database/{name}", endpoints.Drop);
    }

    private ArangoResponse List(ArangoRequest request)
    {
        RequireSystem(request);
        return WriteNames(server.Engine.Catalog.Databases.Keys);
    }

    private ArangoResponse ListAccessible(ArangoRequest request) =>
        WriteNames(server.Engine.Catalog.Databases.Keys.Where(name => request.Caller.Level(name) > AccessLevel.None));

    private static ArangoResponse WriteNames(IEnumerable<string> names) => ArangoResponse.Result(200, writer =>
    {
        writer.WriteStartArray();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    });

    private ArangoResponse Current(ArangoRequest request)
    {
        var database = server.Engine.Catalog.Database(request.Database);
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, database.Name);
            writer.WriteString("id"u8, database.Id);
            writer.WriteString("path"u8, "none"u8);
            writer.WriteBoolean("isSystem"u8, database.IsSystem);
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        RequireSystem(request);
        server.RequireWritable();
        using var body = request.ParseObject();
        var name = body.RootElement.TextOf("name") ?? "";
        if (!ObjectNames.IsDatabase(name))
        {
            throw !ComposedText.IsComposed(name)
                ? ArangoErrors.IllegalName("illegal name: database name is not properly UTF-8 NFC-normalized")
                : new ArangoException(400, 1229, "database name invalid");
        }

        if (body.RootElement.Find("users") is { } users and not { ValueKind: JsonValueKind.Null }
            && (users.ValueKind != JsonValueKind.Array || users.EnumerateArray().Any(static user => user.ValueKind != JsonValueKind.Object)))
        {
            throw ArangoErrors.BadParameter("invalid 'users': expecting an array of objects");
        }

        var options = body.RootElement.ObjectOf("options")?.Clone() ?? JsonElement.Parse("{}");
        server.Engine.Write(writer => writer.CreateDatabase(name, options));
        GrantUsers(name, body.RootElement);
        return ArangoResponse.Result(201, static writer => writer.WriteBooleanValue(true));
    }

    /// <summary>The users of the request, or root, may do everything in the new database.</summary>
    private void GrantUsers(string database, JsonElement body)
    {
        var users = (body.ItemsOf("users") ?? []).Where(static user => user.TextOf("username") is { Length: > 0 } || user.TextOf("user") is { Length: > 0 }).ToList();
        if (users.Count == 0)
        {
            server.Users.EnsureRoot();
            Grant("root", database);
        }

        foreach (var user in users)
        {
            var name = user.TextOf("username") ?? user.TextOf("user") ?? "";
            if (server.Users.Find(name) is null)
            {
                var extra = user.ObjectOf("extra") is { } given ? JsonObject.Create(given.Clone()) : null;
                server.Users.Add(UserDocument.Create(name, user.TextOf("passwd") ?? user.TextOf("password") ?? "", user.OptionalFlagOf("active") ?? true, extra));
            }

            Grant(name, database);
        }
    }

    private void Grant(string user, string database)
    {
        if (server.Users.Find(user)?.Level(database) == AccessLevel.ReadWrite)
        {
            return;
        }

        server.Users.Change(user, document => UserDocument.Child(document, "databases")[database] = new JsonObject
        {
            ["permissions"] = UserDocument.Permissions(AccessLevel.ReadWrite),
            ["collections"] = new JsonObject { ["*"] = new JsonObject { ["permissions"] = UserDocument.Permissions(AccessLevel.ReadWrite) } },
        });
    }

    private ArangoResponse Drop(ArangoRequest request)
    {
        RequireSystem(request);
        server.RequireWritable();
        var name = request.Route["name"];
        server.Engine.Catalog.Database(name);
        if (name == SystemDatabase)
        {
            throw ArangoErrors.BadParameter("cannot drop the system database");
        }

        server.Queries.KillAll(name);
        server.Engine.Write(writer => writer.DropDatabase(name));
        return ArangoResponse.Result(200, static writer => writer.WriteBooleanValue(true));
    }

    private static void RequireSystem(ArangoRequest request)
    {
        if (request.Database != SystemDatabase)
        {
            throw new ArangoException(403, 1230, "operation only allowed in system database");
        }

        request.Caller.RequireAdmin();
    }
}
