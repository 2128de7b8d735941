using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Analyzers;
using MetisBackup.DevServer.Endpoints.Collections;
using MetisBackup.DevServer.Endpoints.Indexes;
using MetisBackup.DevServer.Endpoints.Views;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>restore-collection</c> and <c>restore-indexes</c> (arangodb-protocol 9.1, 9.2).</summary>
internal sealed class RestoreStructureEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new RestoreStructureEndpoints(server);
        routes.Map("PUT /_api/replication/restore-collection", endpoints.RestoreCollection);
        routes.Map("PUT /_api/replication/restore-indexes", endpoints.RestoreIndexes);
    }

    /// <summary>The answer of all restore calls.</summary>
    public static ArangoResponse Done() => ArangoResponse.Json(200, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("result"u8, true);
        writer.WriteEndObject();
    });

    private ArangoResponse RestoreCollection(ArangoRequest request)
    {
        RequireRights(request, server);
        using var body = request.ParseBody();
        var parameters = ParametersOf(body.RootElement);
        if (!parameters.FlagOf("deleted"))
        {
            var definition = CollectionDefinition.Parse(parameters);
            var overwrite = request.Query.Flag("overwrite");
            server.Engine.Write(transaction => Create(transaction, request, definition, overwrite));
        }

        return Done();
    }

    private static void Create(WriteTransaction transaction, ArangoRequest request, NewCollection definition, bool overwrite)
    {
        var existing = transaction.Catalog.Database(request.Database).Collections.GetValueOrDefault(definition.Name);
        if (existing is null)
        {
            transaction.CreateCollection(request.Database, definition);
        }
        else if (!overwrite)
        {
            if (!existing.IsSystem)
            {
                throw ArangoErrors.DuplicateName();
            }
        }
        else if (CollectionDefaults.IsProtected(existing))
        {
            Empty(transaction, request, existing);
        }
        else
        {
            ViewLinks.Rename(transaction, request.Database, existing.Name, null);
            transaction.DropCollection(existing);
            transaction.CreateCollection(request.Database, definition);
        }
    }

    /// <summary>
    /// A collection that must not be dropped is emptied. The caller's own account stays until its data come, as the real server's cached
    /// accounts do: a restore could not go on otherwise.
    /// </summary>
    private static void Empty(WriteTransaction transaction, ArangoRequest request, CollectionInfo collection)
    {
        if (collection.Name != "_users" || request.Caller.Account is null)
        {
            transaction.Truncate(collection);
            return;
        }

        foreach (var document in transaction.Documents(collection).ToList())
        {
            using var user = JsonDocument.Parse(document.Body);
            if (user.RootElement.TextOf("user") != request.Caller.Name)
            {
                transaction.Remove(collection, document.Key);
            }
        }
    }

    private ArangoResponse RestoreIndexes(ArangoRequest request)
    {
        RequireRights(request, server);
        using var body = request.ParseBody();
        var parameters = ParametersOf(body.RootElement);
        var name = parameters.TextOf("name")!;
        server.Engine.Write(transaction =>
        {
            var collection = transaction.Catalog.Collection(request.Database, name);
            foreach (var definition in body.RootElement.GetProperty("indexes").EnumerateArray())
            {
                if (definition.TextOf("type") is not (null or "primary" or "edge"))
                {
                    collection = Add(transaction, collection, definition);
                }
            }
        });
        return Done();
    }

    private static CollectionInfo Add(WriteTransaction transaction, CollectionInfo collection, JsonElement definition)
    {
        if ((definition.Find("id") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : definition.TextOf("id")) is not { Length: > 0 } id)
        {
            throw ArangoErrors.BadParameter("cannot restore index without index identifier");
        }

        // old dumps of one collection name the index by its full handle
        id = id[(id.LastIndexOf('/') + 1)..];
        var index = IndexDefinition.Parse(definition, id, definition.TextOf("name") ?? $"idx_{id}");
        if (collection.Indexes.Any(other => IndexDefinition.IsSame(other, index)))
        {
            return collection;
        }

        if (collection.Indexes.Any(other => other.Name == index.Name))
        {
            throw ArangoErrors.DuplicateName($"duplicate value for index name '{index.Name}'");
        }

        AnalyzerUse.Require(transaction, collection, index);
        var isTaken = collection.Indexes.Any(other => other.Id == id);
        return transaction.CreateIndex(collection, isTaken ? index with { Id = transaction.NewTick() } : index);
    }

    /// <summary>Passes those who may write the database, while the server accepts writes.</summary>
    /// <exception cref="ArangoException">403/E11, 403/E1004.</exception>
    internal static void RequireRights(ArangoRequest request, ServerContext server)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
    }

    /// <summary>The parameters of a structure; the whole body has been checked then.</summary>
    /// <exception cref="ArangoException">400/E400: not a structure.</exception>
    private static JsonElement ParametersOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("collection declaration is invalid");
        }

        if (body.Find("parameters") is not { ValueKind: JsonValueKind.Object } parameters)
        {
            throw Invalid("collection parameters declaration is invalid");
        }

        if (body.Find("indexes") is not { ValueKind: JsonValueKind.Array })
        {
            throw Invalid("collection indexes declaration is invalid");
        }

        return parameters.TextOf("name") is { Length: > 0 } ? parameters : throw Invalid("collection name is missing");
    }

    private static ArangoException Invalid(string message) => new(400, ErrorNumber.HttpBadParameter, message);
}
