using System.Text.Json;
using MetisBackup.DevServer.Endpoints.Analyzers;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Views;

/// <summary><c>/_api/view</c> (arangodb-protocol 12.4).</summary>
internal sealed class ViewEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var views = new ViewEndpoints(server);
        routes.Map("GET /_api/view", views.List);
        routes.Map("POST /_api/view", views.Create);
        routes.Map("GET /_api/view/{view}", request => Answer(views.Find(request), WriteIdentity));
        routes.Map("GET /_api/view/{view}/properties", request => Answer(views.Find(request), WriteAll));
        routes.Map("PUT /_api/view/{view}/properties", request => views.Change(request, partial: false));
        routes.Map("PATCH /_api/view/{view}/properties", request => views.Change(request, partial: true));
        routes.Map("PUT /_api/view/{view}/rename", views.Rename);
        routes.Map("DELETE /_api/view/{view}", views.Drop);
    }

    private ArangoResponse List(ArangoRequest request)
    {
        var views = server.Engine.Catalog.Database(request.Database).Views.Values.OrderBy(static v => v.Name, StringComparer.Ordinal);
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var view in views)
            {
                writer.WriteStartObject();
                WriteIdentity(writer, view);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        RequireRights(request);
        using var body = request.ParseObject();
        var view = server.Engine.Write(writer => Create(writer, request, body.RootElement));
        return Definition(201, view);
    }

    /// <summary>Creates a view from a definition; its ids are made here.</summary>
    /// <exception cref="ArangoException">400/E10, 400/E1208, 409/E1207; 404/E1203 for an unknown collection in it.</exception>
    internal static ViewInfo Create(WriteTransaction writer, ArangoRequest request, JsonElement given)
    {
        var name = given.TextOf("name") ?? throw ArangoErrors.BadParameter("expecting name parameter to be of the form of \"name: string\"");
        var type = given.TextOf("type") ?? throw ArangoErrors.BadParameter("expecting type parameter to be of the form of \"type: string\"");
        if (type is not (ArangoSearchView.Type or SearchAliasView.Type))
        {
            throw ArangoErrors.BadParameter($"unable to find view type '{type}'");
        }

        if (!ObjectNames.IsCollection(name, isSystem: false))
        {
            throw ArangoErrors.IllegalName("illegal name: view name is not allowed");
        }

        var database = writer.Catalog.Database(request.Database);
        RequireFree(database, name);
        var id = writer.NewTick();
        var created = new ViewInfo
        {
            Id = id,
            Name = name,
            Type = type,
            GloballyUniqueId = writer.GloballyUniqueId(name, id, isSystem: false),
            Properties = type == SearchAliasView.Type ? SearchAliasView.Create(database, given) : ArangoSearchView.Create(given),
        };
        CheckLinks(writer, request, created);
        writer.PutView(request.Database, created);
        return created;
    }

    private ArangoResponse Change(ArangoRequest request, bool partial)
    {
        RequireRights(request);
        using var body = request.ParseObject();
        var view = server.Engine.Write(writer =>
        {
            var current = Find(writer.Catalog, request);
            var properties = current.Type == SearchAliasView.Type
                ? SearchAliasView.Change(writer.Catalog.Database(request.Database), current.Properties, body.RootElement, partial)
                : ArangoSearchView.Change(current.Properties, body.RootElement, partial);
            var changed = current with { Properties = properties };
            CheckLinks(writer, request, changed);
            writer.PutView(request.Database, changed);
            return changed;
        });
        return Definition(200, view);
    }

    private ArangoResponse Rename(ArangoRequest request)
    {
        RequireRights(request);
        using var body = request.ParseObject();
        var name = body.RootElement.TextOf("name") ?? throw ArangoErrors.BadParameter("expecting name parameter to be of the form of \"name: string\"");
        if (!ObjectNames.IsCollection(name, isSystem: false))
        {
            throw ArangoErrors.IllegalName("illegal name: view name is not allowed");
        }

        var view = server.Engine.Write(writer =>
        {
            var current = Find(writer.Catalog, request);
            if (current.Name != name)
            {
                RequireFree(writer.Catalog.Database(request.Database), name);
            }

            var renamed = current with { Name = name };
            writer.PutView(request.Database, renamed);
            return renamed;
        });
        return Definition(200, view);
    }

    private ArangoResponse Drop(ArangoRequest request)
    {
        RequireRights(request);
        server.Engine.Write(writer => writer.DropView(request.Database, Find(writer.Catalog, request)));
        return ArangoResponse.Result(200, static writer => writer.WriteBooleanValue(true));
    }

    private ViewInfo Find(ArangoRequest request) => Find(server.Engine.Catalog, request);

    private static ViewInfo Find(Catalog catalog, ArangoRequest request) =>
        catalog.FindView(request.Database, request.Route["view"]) ?? throw ArangoErrors.ViewNotFound();

    private void RequireRights(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
    }

    private static void RequireFree(DatabaseInfo database, string name)
    {
        if (database.Views.ContainsKey(name) || database.Collections.ContainsKey(name))
        {
            throw ArangoErrors.DuplicateName();
        }
    }

    /// <summary>Linked collections must exist and be readable; their analyzers must exist.</summary>
    private static void CheckLinks(ReadTransaction reader, ArangoRequest request, ViewInfo view)
    {
        foreach (var link in view.Properties.ObjectOf("links")?.EnumerateObject() ?? default)
        {
            var collection = reader.Catalog.Collection(request.Database, link.Name);
            request.Caller.RequireCollection(request.Database, collection.Name, AccessLevel.ReadOnly);
            foreach (var analyzer in AnalyzerUse.Names(link.Value))
            {
                if (AnalyzerStore.Find(reader, request.Database, analyzer) is null)
                {
                    throw ArangoErrors.BadParameter($"Invalid analyzer name '{analyzer}' found in link for collection '{link.Name}'");
                }
            }
        }
    }

    private static ArangoResponse Answer(ViewInfo view, Action<Utf8JsonWriter, ViewInfo> write) =>
        ArangoResponse.Success(200, writer => write(writer, view));

    private static ArangoResponse Definition(int status, ViewInfo view) => ArangoResponse.Json(status, writer =>
    {
        writer.WriteStartObject();
        WriteAll(writer, view);
        writer.WriteEndObject();
    });

    private static void WriteAll(Utf8JsonWriter writer, ViewInfo view)
    {
        WriteIdentity(writer, view);
        foreach (var property in view.Properties.EnumerateObject())
        {
            property.WriteTo(writer);
        }
    }

    private static void WriteIdentity(Utf8JsonWriter writer, ViewInfo view)
    {
        writer.WriteString("globallyUniqueId"u8, view.GloballyUniqueId);
        writer.WriteString("id"u8, view.Id);
        writer.WriteString("name"u8, view.Name);
        writer.WriteString("type"u8, view.Type);
    }
}
