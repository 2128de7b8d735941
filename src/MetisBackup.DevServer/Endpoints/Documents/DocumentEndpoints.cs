using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary><c>/_api/document</c> (arangodb-protocol 11.1, 11.2).</summary>
internal sealed class DocumentEndpoints
{
    private const string Path = "/_api/document";
    private readonly ServerContext _server;

    private DocumentEndpoints(ServerContext server) => _server = server;

    public static void Map(RouteTable routes, ServerContext server)
    {
        var documents = new DocumentEndpoints(server);
        routes.Map($"GET {Path}/{{collection}}/{{key}}", documents.Read);
        routes.Map($"GET {Path}/{{*rest}}", RefuseRead);
        routes.Map($"POST {Path}", request => documents.Insert(request, CollectionParameter(request, ErrorNumber.CollectionParameterMissing)));
        routes.Map($"POST {Path}/{{collection}}", request => documents.Insert(request, request.Route["collection"]));
        routes.Map($"POST {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter(
            $"superfluous suffix, expecting {Path}?collection=<identifier>"));
        foreach (var method in (string[])["PUT", "PATCH"])
        {
            routes.Map($"{method} {Path}", request => documents.ModifyMany(request, CollectionParameter(request, ErrorNumber.HttpBadParameter)));
            routes.Map($"{method} {Path}/{{collection}}", request => documents.ModifyMany(request, request.Route["collection"]));
            routes.Map($"{method} {Path}/{{collection}}/{{key}}", documents.ModifyOne);
            routes.Map($"{method} {Path}/{{*rest}}", static request => throw ArangoErrors.HttpBadParameter(
                $"expecting {request.Method} {Path}/<collection> or {Path}/<collection>/<key> or {Path} and query parameter 'collection'"));
        }

        routes.Map($"DELETE {Path}/{{collection}}/{{key}}", documents.RemoveOne);
        routes.Map($"DELETE {Path}/{{collection}}", documents.RemoveMany);
        routes.Map($"DELETE {Path}/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter(
            $"expecting DELETE {Path}/<collection>/<key> or {Path}/<collection> with a body"));
    }

    private static string CollectionParameter(ArangoRequest request, int errorNumber) =>
        request.Query.Text("collection") is { Length: > 0 } name
            ? name
            : throw new ArangoException(
                400,
                errorNumber,
                errorNumber == ErrorNumber.HttpBadParameter
                    ? "collection must be given in URL path or query parameter 'collection' must be specified"
                    : $"'collection' is missing, expecting {Path}/<collection> or query parameter 'collection'");

    private static ArangoResponse RefuseRead(ArangoRequest request)
    {
        var message = $"expecting GET {Path}/<collection>/<key>";
        throw request.Segments.Count < 4
            ? new ArangoException(404, ErrorNumber.CollectionNotFound, message)
            : new ArangoException(400, ErrorNumber.SuperfluousSuffices, message);
    }

    private static RevisionId? Expected(string? header) =>
        header is { Length: > 0 } text && text != "*" ? RevisionId.ParseRev(text) : null;

    private ArangoResponse Read(ArangoRequest request)
    {
        var key = request.Route["key"];
        return _server.Read(request, request.Route["collection"], (transaction, collection) =>
        {
            if (!transaction.TryGet(collection, key, out var document))
            {
                throw ArangoErrors.DocumentNotFound();
            }

            var answers = new DocumentAnswers(new CollectionRules(collection));
            if (Expected(request.IfMatch) is { } wanted && wanted != document.Revision)
            {
                return answers.Conflict(
                    new ArangoException(412, ErrorNumber.WriteConflict, "conflict, _rev values do not match"), document);
            }

            return Expected(request.IfNoneMatch) == document.Revision
                ? ArangoResponse.Empty(304).With("etag", $"\"{document.Revision}\"")
                : answers.Document(document);
        });
    }

    private ArangoResponse Insert(ArangoRequest request, string name)
    {
        var isArray = DocumentBatch.IsArray(request.Body);
        var options = DocumentOptions.Of(request.Query);
        return Write(request, name, options, (writer, answers, status) => isArray
            ? Many(request, answers, options, status, writer.Insert)
            : answers.Single(request, status, writer.Insert(request.Body.Span), options.Silent));
    }

    private ArangoResponse ModifyOne(ArangoRequest request)
    {
        if (DocumentBatch.IsArray(request.Body))
        {
            throw new ArangoException(400, ErrorNumber.DocumentTypeInvalid, "invalid document type");
        }

        var options = DocumentOptions.Of(request.Query);
        var key = request.Route["key"];
        var expected = Expected(request.IfMatch);
        return Write(request, request.Route["collection"], options, (writer, answers, status) =>
        {
            var outcome = request.Method == "PUT"
                ? writer.Replace(request.Body.Span, key, expected)
                : writer.Update(request.Body.Span, key, expected);
            return answers.Single(request, status, outcome, options.Silent);
        });
    }

    private ArangoResponse ModifyMany(ArangoRequest request, string name)
    {
        if (request.Method == "PUT" && request.Query.Has("onlyget"))
        {
            return ReadMany(request, name);
        }

        if (!DocumentBatch.IsArray(request.Body))
        {
            throw new ArangoException(400, ErrorNumber.DocumentTypeInvalid, "invalid document type");
        }

        var options = DocumentOptions.Of(request.Query);
        return Write(request, name, options, (writer, answers, status) => Many(
            request,
            answers,
            options,
            status,
            json => request.Method == "PUT" ? writer.Replace(json, null, null) : writer.Update(json, null, null)));
    }

    private ArangoResponse ReadMany(ArangoRequest request, string name)
    {
        if (!DocumentBatch.IsArray(request.Body))
        {
            throw new ArangoException(400, ErrorNumber.DocumentTypeInvalid, "invalid document type");
        }

        var ignoreRevs = request.Query.Flag("ignoreRevs", fallback: true);
        return _server.Read(request, name, (transaction, collection) =>
        {
            var batch = new DocumentBatch(new DocumentAnswers(new CollectionRules(collection)), silent: false);
            var output = new PooledBuffer(request.Body.Length);
            batch.Run(request.Body, output, (json, buffer) =>
            {
                var (key, expected) = DocumentReference.Parse(json, ignoreRevs);
                if (!transaction.TryGet(collection, key, out var document))
                {
                    throw ArangoErrors.DocumentNotFound();
                }

                if (expected is { } revision && revision != document.Revision)
                {
                    throw new ArangoException(412, ErrorNumber.WriteConflict, "conflict, _rev values do not match");
                }

                batch.Separate(buffer);
                DocumentText.Write(buffer, collection.Name, document);
            });
            return ArangoResponse.FromBuffer(200, output);
        });
    }

    private ArangoResponse RemoveOne(ArangoRequest request)
    {
        var options = DocumentOptions.Of(request.Query);
        var reference = new DocumentReference(request.Route["key"], Expected(request.IfMatch));
        return Write(request, request.Route["collection"], options, (writer, answers, status) =>
            answers.Single(request, status == 201 ? 200 : status, writer.Remove(reference), options.Silent));
    }

    private ArangoResponse RemoveMany(ArangoRequest request)
    {
        var options = DocumentOptions.Of(request.Query);
        var isArray = DocumentBatch.IsArray(request.Body);
        return Write(request, request.Route["collection"], options, (writer, answers, status) =>
        {
            var removed = status == 201 ? 200 : status;
            return isArray
                ? Many(request, answers, options, removed, json => writer.Remove(DocumentReference.Parse(json, options.IgnoreRevs)))
                : answers.Single(
                    request, removed, writer.Remove(DocumentReference.Parse(request.Body.Span, options.IgnoreRevs)), options.Silent);
        });
    }

    private static ArangoResponse Many(
        ArangoRequest request, DocumentAnswers answers, DocumentOptions options, int status, DocumentBatch.Operation operation)
    {
        var batch = new DocumentBatch(answers, options.Silent);
        var output = new PooledBuffer();
        batch.Run(request.Body, output, operation);
        return DocumentAnswers.WithErrorCodes(ArangoResponse.FromBuffer(status, output), batch.Errors);
    }

    /// <summary>Runs a write on one collection; the status it gets is 201 for a synced and 202 for any other write.</summary>
    private ArangoResponse Write(
        ArangoRequest request, string name, DocumentOptions options, Func<DocumentWriter, DocumentAnswers, int, ArangoResponse> work)
    {
        DocumentWriter? writer = null;
        DocumentAnswers? answers = null;
        try
        {
            var synced = options.WaitForSync || (!options.IsRestore && _server.WaitsForSync(request.Database, name));
            return _server.Write(request, name, synced, (transaction, collection) =>
            {
                var rules = new CollectionRules(collection);
                writer = new DocumentWriter(transaction, rules, options);
                answers = new DocumentAnswers(rules);
                return work(writer, answers, synced ? 201 : 202);
            });
        }
        catch (ArangoException e) when (writer?.Conflicting is { } document && answers is not null)
        {
            return answers.Conflict(e, document);
        }
    }
}
