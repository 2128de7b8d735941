using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Users;

/// <summary><c>/_api/user/{user}/database</c>: who may do what (arangodb-protocol 2.3).</summary>
internal sealed class UserGrantEndpoints(ServerContext server)
{
    private const string Undefined = "undefined";

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new UserGrantEndpoints(server);
        routes.Map("GET /_api/user/{user}/database", endpoints.List, RouteAccess.Authenticated);
        routes.Map("GET /_api/user/{user}/database/{database}", endpoints.GetDatabase, RouteAccess.Authenticated);
        routes.Map("GET /_api/user/{user}/database/{database}/{collection}", endpoints.GetCollection, RouteAccess.Authenticated);
        routes.Map("PUT /_api/user/{user}/database/{database}", request => endpoints.Grant(request, null));
        routes.Map("PUT /_api/user/{user}/database/{database}/{collection}", request => endpoints.Grant(request, request.Route["collection"]));
        routes.Map("DELETE /_api/user/{user}/database/{database}", request => endpoints.Revoke(request, null));
        routes.Map("DELETE /_api/user/{user}/database/{database}/{collection}", request => endpoints.Revoke(request, request.Route["collection"]));
    }

    private ArangoResponse List(ArangoRequest request)
    {
        var account = Account(request);
        var full = request.Query.Flag("full");
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartObject();
            foreach (var database in server.Engine.Catalog.Databases.Values.OrderBy(static d => d.Name, StringComparer.Ordinal))
            {
                if (full)
                {
                    WriteFull(writer, account, database);
                }
                else if (account.Level(database.Name) > AccessLevel.None)
                {
                    writer.WriteString(database.Name, account.Level(database.Name).ToText());
                }
            }

            if (full)
            {
                writer.WriteStartObject("*"u8);
                writer.WriteString("permission"u8, (account.Databases.GetValueOrDefault("*")?.Level ?? AccessLevel.None).ToText());
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Shows what was configured, not what follows from it.</summary>
    private static void WriteFull(Utf8JsonWriter writer, UserAccount account, DatabaseInfo database)
    {
        var grant = account.Databases.GetValueOrDefault(database.Name);
        writer.WriteStartObject(database.Name);
        writer.WriteString("permission"u8, grant?.Level?.ToText() ?? Undefined);
        writer.WriteStartObject("collections"u8);
        foreach (var collection in database.Collections.Keys.Order(StringComparer.Ordinal).Append("*"))
        {
            var text = grant is not null && grant.Collections.TryGetValue(collection, out var level) ? level.ToText() : Undefined;
            writer.WriteString(collection, text);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private ArangoResponse GetDatabase(ArangoRequest request)
    {
        var level = Account(request).Level(request.Route["database"]);
        return ArangoResponse.Result(200, writer => writer.WriteStringValue(level.ToText()));
    }

    private ArangoResponse GetCollection(ArangoRequest request)
    {
        var level = Account(request).Level(request.Route["database"], request.Route["collection"]);
        return ArangoResponse.Result(200, writer => writer.WriteStringValue(level.ToText()));
    }

    private ArangoResponse Grant(ArangoRequest request, string? collection)
    {
        request.Caller.RequireAdmin();
        server.RequireWritable();
        using var body = request.ParseObject();
        if (!body.RootElement.TryGetProperty("grant", out var grant) || AccessLevels.Parse(grant.ValueKind == JsonValueKind.String ? grant.GetString() : null) is not { } level)
        {
            throw ArangoErrors.BadParameter("bad parameter");
        }

        var database = request.Route["database"];
        CheckTarget(database, collection);
        RequireTarget(database, collection);
        if (collection is null && level != AccessLevel.ReadWrite)
        {
            KeepRoot(request.Route["user"], database);
        }

        server.Users.Change(request.Route["user"], document =>
        {
            var target = UserDocument.Child(UserDocument.Child(document, "databases"), database);
            target = collection is null ? target : UserDocument.Child(UserDocument.Child(target, "collections"), collection);
            target["permissions"] = UserDocument.Permissions(level);
        });
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(collection is null ? database : $"{database}/{collection}", level.ToText());
            writer.WriteNumber("code"u8, 200);
            writer.WriteBoolean("error"u8, false);
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Revoke(ArangoRequest request, string? collection)
    {
        request.Caller.RequireAdmin();
        server.RequireWritable();
        var database = request.Route["database"];
        CheckTarget(database, collection);
        if (collection is null)
        {
            KeepRoot(request.Route["user"], database);
        }

        server.Users.Change(request.Route["user"], document =>
        {
            var databases = UserDocument.Child(document, "databases");
            if (collection is null)
            {
                databases.Remove(database);
            }
            else
            {
                UserDocument.Child(UserDocument.Child(databases, database), "collections").Remove(collection);
            }
        });
        return ArangoResponse.Success(202);
    }

    /// <summary>Rights on system collections follow from the database and cannot be granted.</summary>
    private static void CheckTarget(string database, string? collection)
    {
        if (database.Length == 0 || (collection is not null && collection.StartsWith('_')))
        {
            throw ArangoErrors.BadParameter("bad parameter");
        }
    }

    /// <summary>Rights are given on what exists, or on everything.</summary>
    /// <exception cref="ArangoException">404/E1228, 404/E1203.</exception>
    private void RequireTarget(string database, string? collection)
    {
        if (database != "*")
        {
            server.Engine.Catalog.Database(database);
            if (collection is not (null or "*"))
            {
                server.Engine.Catalog.Collection(database, collection);
            }
        }
    }

    /// <summary><c>root</c> always keeps <c>rw</c> on <c>_system</c>.</summary>
    /// <exception cref="ArangoException">403/E11 when it would lose them.</exception>
    private static void KeepRoot(string user, string database)
    {
        if (user == UserAccounts.RootName && database == "_system")
        {
            throw ArangoErrors.Forbidden("cannot lower the access level of 'root' to the _system database");
        }
    }

    private UserAccount Account(ArangoRequest request)
    {
        var name = request.Route["user"];
        UserEndpoints.RequireSelfOrAdmin(request.Caller, name);
        return server.Users.Find(name) ?? throw UserAccounts.NotFound();
    }
}
