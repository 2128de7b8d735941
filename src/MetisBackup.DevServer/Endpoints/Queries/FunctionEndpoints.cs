using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary><c>/_api/aqlfunction</c>: user functions as stored definitions in <c>_aqlfunctions</c>; they are kept, not run.</summary>
internal sealed partial class FunctionEndpoints(ServerContext server)
{
    private const string CollectionName = "_aqlfunctions";

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new FunctionEndpoints(server);
        routes.Map("GET /_api/aqlfunction", request => endpoints.List(request, request.Query.Text("namespace") ?? ""));
        routes.Map("GET /_api/aqlfunction/{namespace}", request => endpoints.List(request, request.Route["namespace"]));
        routes.Map("POST /_api/aqlfunction", endpoints.Create);
        routes.Map("DELETE /_api/aqlfunction/{name}", endpoints.Delete);
    }

    [GeneratedRegex("^[a-zA-Z0-9_]+(::[a-zA-Z0-9_]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ValidName();

    private ArangoResponse List(ArangoRequest request, string prefix)
    {
        var functions = server.Engine.Read(reader => All(reader, request.Database).Where(f => IsInside(f, prefix)).ToList());
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var function in functions)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, function.Document.TextOf("name") ?? "");
                writer.WriteString("code"u8, function.Document.TextOf("code") ?? "");
                writer.WriteBoolean("isDeterministic"u8, function.Document.OptionalFlagOf("isDeterministic") ?? false);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        using var body = request.ParseObject();
        var name = body.RootElement.TextOf("name") ?? "";
        if (!ValidName().IsMatch(name))
        {
            throw new ArangoException(400, 1580, "invalid user function name");
        }

        if (body.RootElement.TextOf("code") is not { } code || !code.TrimStart(' ', '(', '\n', '\t').StartsWith("function", StringComparison.Ordinal))
        {
            throw new ArangoException(400, 1581, "invalid user function code");
        }

        var document = new JsonObject { ["name"] = name, ["code"] = code, ["isDeterministic"] = body.RootElement.OptionalFlagOf("isDeterministic") ?? false };
        var isNew = server.Engine.Write(writer => Store(writer, request.Database, name.ToUpperInvariant(), document));
        return ArangoResponse.Success(isNew ? 201 : 200, writer => writer.WriteBoolean("isNewlyCreated"u8, isNew));
    }

    private static bool Store(WriteTransaction writer, string database, string key, JsonObject document)
    {
        var collection = SystemCollections.Ensure(writer, database, CollectionName);
        var stored = new StoredDocument(
            key, writer.NewRevision(), DocumentText.Parse(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), isEdge: false).Body);
        if (writer.Contains(collection, key))
        {
            writer.Replace(collection, stored);
            return false;
        }

        writer.Insert(collection, stored);
        return true;
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        var name = request.Route["name"];
        var isGroup = request.Query.Flag("group");
        var removed = server.Engine.Write(writer =>
        {
            var matches = All(writer, request.Database)
                .Where(f => isGroup ? IsInside(f, name) : f.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .ToList();
            foreach (var function in matches)
            {
                writer.Remove(writer.Catalog.Collection(request.Database, CollectionName), function.Key);
            }

            return matches.Count;
        });
        if (removed == 0 && !isGroup)
        {
            throw new ArangoException(404, 1582, $"no AQL user function with name '{name}' found");
        }

        return ArangoResponse.Success(200, writer => writer.WriteNumber("deletedCount"u8, removed));
    }

    private static bool IsInside((string Key, JsonElement Document) function, string prefix)
    {
        var space = prefix.ToUpperInvariant();
        return space.Length == 0 || function.Key.StartsWith(space.EndsWith("::", StringComparison.Ordinal) ? space : space + "::", StringComparison.Ordinal);
    }

    private static IEnumerable<(string Key, JsonElement Document)> All(ReadTransaction reader, string database)
    {
        if (reader.Catalog.FindCollection(database, CollectionName) is not { } collection)
        {
            yield break;
        }

        foreach (var stored in reader.Documents(collection))
        {
            yield return (stored.Key, JsonElement.Parse(stored.Body.Span));
        }
    }
}
