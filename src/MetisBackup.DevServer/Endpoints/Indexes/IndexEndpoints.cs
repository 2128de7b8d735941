using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Analyzers;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Indexes;

/// <summary><c>/_api/index</c>: indexes of all kinds are kept as definitions, unique ones are enforced.</summary>
internal static class IndexEndpoints
{
    private const string Path = "/_api/index";

    public static void Map(RouteTable routes, ServerContext server)
    {
        routes.Map($"GET {Path}", request => List(request, server));
        routes.Map($"GET {Path}/selectivity", request => ShowSelectivity(request, server));
        routes.Map($"GET {Path}/{{collection}}/{{index}}", request => Show(request, server));
        routes.Map($"GET {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter("bad parameter"));
        routes.Map($"POST {Path}", request => Create(request, server));
        routes.Map($"POST {Path}/{{*rest}}", static request => throw ArangoErrors.HttpBadParameter(
            $"expecting POST {request.Path}?collection=<collection-name>"));
        routes.Map($"DELETE {Path}/{{collection}}/{{index}}", request => Drop(request, server));
        routes.Map($"DELETE {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter(
            "expecting DELETE /<collection-name>/<index-identifier>"));
    }

    private static string CollectionOf(ArangoRequest request, ServerContext server)
    {
        var name = request.Query.Text("collection") ?? "";
        return server.Engine.Catalog.FindCollection(request.Database, name) is null
            ? throw new ArangoException(404, ErrorNumber.CollectionNotFound, "collection or view not found")
            : name;
    }

    private static ArangoResponse List(ArangoRequest request, ServerContext server)
    {
        var withFigures = request.Query.Flag("withStats");
        return server.Read(request, CollectionOf(request, server), (_, collection) => ArangoResponse.Success(200, writer =>
        {
            writer.WriteStartArray("indexes"u8);
            foreach (var index in collection.Indexes)
            {
                writer.WriteStartObject();
                IndexAnswers.Write(writer, collection, index, withFigures: withFigures);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartObject("identifiers"u8);
            foreach (var index in collection.Indexes)
            {
                writer.WriteStartObject(IndexAnswers.Id(collection, index));
                IndexAnswers.Write(writer, collection, index, withFigures: withFigures);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }));
    }

    private static ArangoResponse ShowSelectivity(ArangoRequest request, ServerContext server) =>
        server.Read(request, CollectionOf(request, server), static (_, collection) => ArangoResponse.Success(200, writer =>
        {
            writer.WriteStartObject("indexes"u8);
            foreach (var index in collection.Indexes.Where(IndexAnswers.HasEstimate))
            {
                writer.WriteNumber(IndexAnswers.Id(collection, index), 1);
            }

            writer.WriteEndObject();
        }));

    private static ArangoResponse Show(ArangoRequest request, ServerContext server) =>
        server.Read(request, request.Route["collection"], (_, collection) =>
        {
            var index = Find(collection, request.Route["index"]);
            return Answer(200, writer => IndexAnswers.Write(writer, collection, index));
        });

    private static ArangoResponse Create(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseObject();
        var name = CollectionOf(request, server);
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        return server.Write(request, name, waitForSync: false, (transaction, collection) =>
        {
            var index = NewIndex(body.RootElement, transaction);
            foreach (var existing in collection.Indexes)
            {
                if (IndexDefinition.IsSame(existing, index))
                {
                    return Answer(200, writer => IndexAnswers.Write(writer, collection, existing, isNew: false));
                }

                if (existing.Name == index.Name)
                {
                    throw new ArangoException(
                        409, ErrorNumber.DuplicateIdentifier, $"duplicate value for `idxname` '{index.Name}' or `objectId`, index already exists");
                }
            }

            if (index.Type == "ttl" && collection.Indexes.Any(static other => other.Type == "ttl"))
            {
                throw ArangoErrors.BadParameter("there can only be one ttl index per collection");
            }

            AnalyzerUse.Require(transaction, collection, index);
            transaction.CreateIndex(collection, index);
            return Answer(201, writer => IndexAnswers.Write(writer, collection, index, isNew: true));
        });
    }

    private static IndexInfo NewIndex(JsonElement body, WriteTransaction transaction)
    {
        var name = body.TextOf("name");
        if (name is { Length: 0 } || (name is not null && !ObjectNames.IsIndex(name)))
        {
            throw ArangoErrors.IllegalName("illegal name: invalid index name");
        }

        return IndexDefinition.Parse(body, transaction.NewTick(), name ?? $"idx_{transaction.NewRevision().Value}");
    }

    private static ArangoResponse Drop(ArangoRequest request, ServerContext server)
    {
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        return server.Write(request, request.Route["collection"], waitForSync: false, (transaction, collection) =>
        {
            var index = Find(collection, request.Route["index"]);
            if (index.Type is "primary" or "edge")
            {
                throw ArangoErrors.Forbidden();
            }

            transaction.DropIndex(collection, index.Id);
            return ArangoResponse.Json(200, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, IndexAnswers.Id(collection, index));
                writer.WriteBoolean("error"u8, false);
                writer.WriteNumber("code"u8, 200);
                writer.WriteEndObject();
            });
        });
    }

    /// <summary>An index by its number, its full id or its name.</summary>
    private static IndexInfo Find(CollectionInfo collection, string text)
    {
        var prefix = $"{collection.Name}/";
        var plain = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
        return collection.Indexes.FirstOrDefault(index => index.Id == plain || index.Name == plain)
            ?? throw new ArangoException(404, ErrorNumber.IndexNotFound, "index not found");
    }

    private static ArangoResponse Answer(int status, Action<Utf8JsonWriter> write) => ArangoResponse.Json(status, writer =>
    {
        writer.WriteStartObject();
        write(writer);
        writer.WriteNumber("code"u8, status);
        writer.WriteBoolean("error"u8, false);
        writer.WriteEndObject();
    });
}
