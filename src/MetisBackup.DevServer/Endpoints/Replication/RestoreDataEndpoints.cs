using System.Text;
using System.Text.Json;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>restore-data</c>: JSON Lines, all or nothing, every document with a new revision (arangodb-protocol 9.3 to 9.5).</summary>
internal sealed class RestoreDataEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new RestoreDataEndpoints(server);
        routes.Map("PUT /_api/replication/restore-data", endpoints.Restore);
    }

    private ArangoResponse Restore(ArangoRequest request)
    {
        RestoreStructureEndpoints.RequireRights(request, server);
        if (request.Query.Text("collection") is not { Length: > 0 } name)
        {
            throw ArangoErrors.HttpBadParameter("invalid collection parameter, expecting collection name");
        }

        if (request.Header("content-type") is { } type && type.StartsWith("application/x-velocypack", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArangoException(501, 9, "VelocyPack bodies are not supported");
        }

        server.Engine.Write(transaction =>
        {
            var collection = transaction.Catalog.Collection(request.Database, name);
            if (collection.Name == "_users" && request.Database == "_system")
            {
                RestoreUsers(transaction, collection, request.Body.Span);
            }
            else
            {
                RestoreDocuments(transaction, collection, request.Body.Span);
            }
        });
        return RestoreStructureEndpoints.Done();
    }

    private static void RestoreDocuments(WriteTransaction transaction, CollectionInfo collection, ReadOnlySpan<byte> body)
    {
        var removals = RestoreLine.Removals(body);
        foreach (var key in removals.Keys)
        {
            transaction.Remove(collection, key);
        }

        var position = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            position++;
            if (RestoreLine.Read(body[range], collection.Type == 3) is not { } document)
            {
                continue;
            }

            if (document.Key is { } key && !IsRemovedLater(removals, key, position))
            {
                transaction.Upsert(collection, new StoredDocument(key, transaction.NewRevision(), Checked(collection, document).Body));
            }
        }
    }

    private static bool IsRemovedLater(Dictionary<string, int> removals, string key, int position) =>
        removals.TryGetValue(key, out var last) && last > position;

    /// <summary>Passes documents whose key and ends are well formed.</summary>
    /// <exception cref="ArangoException">400/E1221, 400/E1233.</exception>
    private static ParsedDocument Checked(CollectionInfo collection, in ParsedDocument document)
    {
        if (document.Key is null || !KeyGenerator.IsValid(document.Key))
        {
            throw ArangoErrors.IllegalKey();
        }

        return collection.Type != 3 || (CollectionRules.IsId(document.From) && CollectionRules.IsId(document.To))
            ? document
            : throw ArangoErrors.EdgeAttributeMissing();
    }

    /// <summary>Accounts are matched by their name, whatever their keys; failing ones are passed over (arangodb-protocol 9.4).</summary>
    private static void RestoreUsers(WriteTransaction transaction, CollectionInfo users, ReadOnlySpan<byte> body)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in transaction.Documents(users))
        {
            if (NameOf(document.Body) is { } name)
            {
                keys[name] = document.Key;
            }
        }

        foreach (var range in body.Split((byte)'\n'))
        {
            if (RestoreLine.Read(body[range], isEdge: false) is { } document && NameOf(document.Body) is { } name)
            {
                var key = keys.TryGetValue(name, out var known) ? known : keys[name] = transaction.NewKey(users);
                transaction.Upsert(users, new StoredDocument(key, transaction.NewRevision(), document.Body));
            }
        }
    }

    private static string? NameOf(ReadOnlyMemory<byte> body)
    {
        using var user = JsonDocument.Parse(body);
        return user.RootElement.TextOf("user");
    }
}

/// <summary>One line of a dump: a document, naked or in an envelope, or the mark of a removal (arangodb-protocol 8.4).</summary>
internal static class RestoreLine
{
    private const int DocumentMark = 2300;
    private const int EdgeMark = 2301;
    private const int RemovalMark = 2302;

    /// <summary>The document of a line; null for an empty line and for a removal.</summary>
    /// <exception cref="ArangoException">400/E600: neither a document nor an envelope.</exception>
    public static ParsedDocument? Read(ReadOnlySpan<byte> line, bool isEdge)
    {
        line = line.Trim(" \r\t"u8);
        if (line.IsEmpty)
        {
            return null;
        }

        var parsed = Parse(line, isEdge);
        if (parsed is { Key: not null, KeyIsText: true })
        {
            return parsed;
        }

        using var envelope = JsonDocument.Parse(line.ToArray());
        if (TypeOf(envelope.RootElement) is RemovalMark)
        {
            return null;
        }

        return envelope.RootElement.Find("data") is { ValueKind: JsonValueKind.Object } data
            ? Parse(Encoding.UTF8.GetBytes(data.GetRawText()), isEdge)
            : throw Invalid();
    }

    /// <summary>Keys that a line removes, with the number of the last such line.</summary>
    public static Dictionary<string, int> Removals(ReadOnlySpan<byte> body)
    {
        var removals = new Dictionary<string, int>(StringComparer.Ordinal);
        if (body.IndexOf("2302"u8) < 0)
        {
            return removals;
        }

        var position = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            position++;
            if (body[range].IndexOf("2302"u8) >= 0 && RemovedKey(body[range]) is { } key)
            {
                removals[key] = position;
            }
        }

        return removals;
    }

    private static string? RemovedKey(ReadOnlySpan<byte> line)
    {
        if (Parse(line, isEdge: false) is { Key: not null, KeyIsText: true })
        {
            return null;
        }

        using var envelope = JsonDocument.Parse(line.ToArray());
        return TypeOf(envelope.RootElement) is RemovalMark
            ? envelope.RootElement.Find("data")?.TextOf("_key") ?? envelope.RootElement.TextOf("key") ?? throw Invalid()
            : null;
    }

    private static int TypeOf(JsonElement envelope) =>
        envelope.Find("type") is { ValueKind: JsonValueKind.Number } type && type.TryGetInt32(out var mark) && mark is DocumentMark or EdgeMark or RemovalMark
            ? type.GetInt32()
            : throw Invalid();

    private static ParsedDocument Parse(ReadOnlySpan<byte> json, bool isEdge)
    {
        try
        {
            return DocumentText.Parse(json, isEdge);
        }
        catch (ArangoException e) when (e.ErrorNumber == 1227)
        {
            throw Invalid();
        }
    }

    private static ArangoException Invalid() => ArangoErrors.CorruptedJson("received invalid JSON data for collection");
}
