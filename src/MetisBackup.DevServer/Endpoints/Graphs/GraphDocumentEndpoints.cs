using System.Text.Json;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Graphs;

/// <summary>Vertices and edges of a graph: documents, with the graph's rules on top.</summary>
internal sealed class GraphDocumentEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var documents = new GraphDocumentEndpoints(server);
        foreach (var kind in (string[])["vertex", "edge"])
        {
            var path = $"/_api/gharial/{{graph}}/{kind}/{{collection}}";
            routes.Map($"POST {path}", request => documents.Insert(request, kind));
            routes.Map($"GET {path}/{{key}}", request => documents.Read(request, kind));
            routes.Map($"PUT {path}/{{key}}", request => documents.Change(request, kind));
            routes.Map($"PATCH {path}/{{key}}", request => documents.Change(request, kind));
            routes.Map($"DELETE {path}/{{key}}", request => documents.Remove(request, kind));
        }
    }

    private ArangoResponse Read(ArangoRequest request, string kind) => server.Read(request, reader =>
    {
        var collection = Collection(reader, request, kind, AccessLevel.ReadOnly);
        if (!reader.TryGet(collection, request.Route["key"], out var document))
        {
            throw ArangoErrors.DocumentNotFound();
        }

        if (Expected(request) is { } expected && expected != document.Revision)
        {
            throw Conflict();
        }

        return request.IfNoneMatch is { } known && RevisionId.ParseRev(known) == document.Revision
            ? ArangoResponse.Empty(304).With("etag", document.Revision.ToRev())
            : Answer(200, document.Revision, writer => WriteDocument(writer, kind, collection, document));
    });

    private ArangoResponse Insert(ArangoRequest request, string kind)
    {
        var options = DocumentOptions.Of(request.Query) with { Overwrite = OverwriteMode.Conflict };
        return Write(request, kind, options, (transaction, graph, collection) =>
        {
            if (kind == "edge")
            {
                CheckEnds(transaction, request, graph, collection);
            }

            return new DocumentWriter(transaction, new CollectionRules(collection), options).Insert(request.Body.Span);
        });
    }

    private ArangoResponse Change(ArangoRequest request, string kind)
    {
        var options = DocumentOptions.Of(request.Query);
        return Write(request, kind, options, (transaction, graph, collection) =>
        {
            if (kind == "edge" && request.Method == "PUT")
            {
                CheckEnds(transaction, request, graph, collection);
            }

            var documents = new DocumentWriter(transaction, new CollectionRules(collection), options);
            return request.Method == "PUT"
                ? documents.Replace(request.Body.Span, request.Route["key"], Expected(request))
                : documents.Update(request.Body.Span, request.Route["key"], Expected(request));
        });
    }

    private ArangoResponse Remove(ArangoRequest request, string kind)
    {
        var options = DocumentOptions.Of(request.Query) with { ReturnOld = true };
        var key = request.Route["key"];
        return server.Write(
            request,
            options.WaitForSync,
            transaction =>
            {
                var collection = Collection(transaction, request, kind, AccessLevel.ReadWrite);
                var outcome = new DocumentWriter(transaction, new CollectionRules(collection), options).Remove(new DocumentReference(key, Expected(request)));
                RemoveConnected(transaction, request.Database, collection.Name, key);
                return ArangoResponse.Success(Status(request, collection) == 201 ? 200 : 202, writer =>
                {
                    writer.WriteBoolean("removed"u8, true);
                    if (request.Query.Flag("returnOld") && outcome.Old is { } old)
                    {
                        WriteDocument(writer, "old", collection, old);
                    }
                });
            });
    }

    private ArangoResponse Write(
        ArangoRequest request, string kind, DocumentOptions options, Func<WriteTransaction, GraphDefinition, CollectionInfo, DocumentOutcome> write)
    {
        return server.Write(
            request,
            options.WaitForSync,
            transaction =>
            {
                var graph = GraphStore.Get(transaction, request.Database, request.Route["graph"]).Definition;
                var collection = Collection(transaction, request, kind, AccessLevel.ReadWrite);
                var outcome = write(transaction, graph, collection);
                return Answer(Status(request, collection), outcome.Revision, writer => WriteOutcome(writer, kind, collection, outcome));
            });
    }

    private static int Status(ArangoRequest request, CollectionInfo collection) =>
        request.Query.Flag("waitForSync") || collection.WaitForSync ? 201 : 202;

    private static CollectionInfo Collection(ReadTransaction transaction, ArangoRequest request, string kind, AccessLevel level)
    {
        var graph = GraphStore.Get(transaction, request.Database, request.Route["graph"]).Definition;
        var name = request.Route["collection"];
        var known = kind == "edge" ? graph.EdgeCollections : graph.VertexCollections;
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            throw kind == "edge"
                ? new ArangoException(404, 1939, $"edge collection does not exist or is not part of the graph: {name}")
                : new ArangoException(404, 1926, $"vertex collection does not exist or is not part of the graph: {name}");
        }

        request.Caller.RequireCollection(request.Database, name, level);
        return transaction.Catalog.Collection(request.Database, name);
    }

    /// <summary>Both ends of an edge must exist and be of collections that the edge definition names.</summary>
    private static void CheckEnds(ReadTransaction transaction, ArangoRequest request, GraphDefinition graph, CollectionInfo collection)
    {
        using var body = request.ParseObject();
        var definition = graph.Edges.First(edge => edge.Collection == collection.Name);
        CheckEnd(transaction, request.Database, body.RootElement.TextOf("_from"), definition.From);
        CheckEnd(transaction, request.Database, body.RootElement.TextOf("_to"), definition.To);
    }

    private static void CheckEnd(ReadTransaction transaction, string database, string? id, IReadOnlyList<string> allowed)
    {
        if (!CollectionRules.IsId(id))
        {
            throw ArangoErrors.EdgeAttributeMissing();
        }

        var slash = id!.IndexOf('/', StringComparison.Ordinal);
        var name = id[..slash];
        if (!allowed.Contains(name, StringComparer.Ordinal))
        {
            throw new ArangoException(400, 1947, $"referenced vertex collection is not part of the graph: {name}");
        }

        if (transaction.Catalog.FindCollection(database, name) is not { } vertices || !transaction.Contains(vertices, id[(slash + 1)..]))
        {
            throw ArangoErrors.DocumentNotFound();
        }
    }

    /// <summary>Removing a vertex removes the edges at it, in all graphs that hold its collection.</summary>
    private static void RemoveConnected(WriteTransaction transaction, string database, string collection, string key)
    {
        var id = System.Text.Encoding.UTF8.GetBytes($"{collection}/{key}");
        var edgeCollections = GraphStore.All(transaction, database)
            .Where(graph => graph.Definition.VertexCollections.Contains(collection, StringComparer.Ordinal))
            .SelectMany(static graph => graph.Definition.EdgeCollections)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var edges in edgeCollections.Select(name => transaction.Catalog.FindCollection(database, name)).OfType<CollectionInfo>())
        {
            foreach (var edge in transaction.Documents(edges).Where(edge => EdgeEnds.Touches(edge.Body.Span, id, outgoing: true, incoming: true)).Select(static edge => edge.Key).ToList())
            {
                transaction.Remove(edges, edge);
            }
        }
    }

    private static RevisionId? Expected(ArangoRequest request)
    {
        var text = request.IfMatch ?? request.Query.Text("rev");
        return string.IsNullOrEmpty(text) || text == "*" ? null : RevisionId.ParseRev(text);
    }

    private static ArangoException Conflict() => new(412, 1200, "conflict, _rev values do not match");

    private static ArangoResponse Answer(int status, RevisionId revision, Action<Utf8JsonWriter> properties) =>
        ArangoResponse.Success(status, properties).With("etag", revision.ToRev());

    private static void WriteDocument(Utf8JsonWriter writer, string attribute, CollectionInfo collection, StoredDocument document)
    {
        writer.WritePropertyName(attribute);
        writer.WriteRawValue(DocumentText.ToBytes(collection.Name, document), skipInputValidation: true);
    }

    private static void WriteOutcome(Utf8JsonWriter writer, string kind, CollectionInfo collection, DocumentOutcome outcome)
    {
        writer.WriteStartObject(kind);
        writer.WriteString("_id"u8, $"{collection.Name}/{outcome.Key}");
        writer.WriteString("_key"u8, outcome.Key);
        writer.WriteString("_rev"u8, outcome.Revision.ToRev());
        if (outcome.OldRevision is { } old)
        {
            writer.WriteString("_oldRev"u8, old.ToRev());
        }

        writer.WriteEndObject();
        if (outcome.New is { } now)
        {
            WriteDocument(writer, "new", collection, now);
        }

        if (outcome.Old is { } before)
        {
            WriteDocument(writer, "old", collection, before);
        }
    }
}
