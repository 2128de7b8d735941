using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Transactions;

/// <summary><c>/_api/transaction</c>: stream transactions (arangodb-protocol 11.2); those written in JavaScript are not run.</summary>
internal static class TransactionEndpoints
{
    private const string Path = "/_api/transaction";

    public static void Map(RouteTable routes, ServerContext server)
    {
        routes.Map($"POST {Path}/begin", request => Begin(request, server));
        routes.Map($"POST {Path}", static _ => throw new ArangoException(
            501, ErrorNumber.NotImplemented, "JavaScript operations are disabled"));
        routes.Map($"GET {Path}", request => List(request, server));
        routes.Map($"GET {Path}/{{id}}", request => Show(200, Find(request, server)));
        routes.Map($"PUT {Path}/{{id}}", request => End(request, server, static transaction => transaction.Commit()));
        routes.Map($"DELETE {Path}/write", request => AbortAll(request, server));
        routes.Map($"DELETE {Path}/{{id}}", request => End(request, server, static transaction => transaction.Abort()));
    }

    private static StreamTransaction Find(ArangoRequest request, ServerContext server) =>
        server.Transactions.Find(request.Database, request.Route["id"]);

    private static ArangoResponse Show(int status, StreamTransaction transaction) => ArangoResponse.Result(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, transaction.Id);
        writer.WriteString("status"u8, TextOf(transaction.Status));
        writer.WriteEndObject();
    });

    private static string TextOf(TransactionStatus status) => status switch
    {
        TransactionStatus.Running => "running",
        TransactionStatus.Committed => "committed",
        _ => "aborted",
    };

    private static ArangoResponse Begin(ArangoRequest request, ServerContext server)
    {
        using var body = request.ParseObject();
        if (body.RootElement.Find("collections") is not { ValueKind: JsonValueKind.Object } collections)
        {
            throw ArangoErrors.BadParameter("missing 'collections' attribute");
        }

        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mode in (string[])["read", "write", "exclusive"])
        {
            foreach (var name in Names(collections, mode))
            {
                var collection = server.Engine.Catalog.Collection(request.Database, name);
                var level = mode == "read" ? AccessLevel.ReadOnly : AccessLevel.ReadWrite;
                request.Caller.RequireCollection(request.Database, collection.Name, level);
                if (mode != "read")
                {
                    written.Add(collection.Name);
                }
            }
        }

        if (written.Count > 0)
        {
            server.RequireWritable();
        }

        return Show(201, server.Transactions.Begin(new TransactionScope(request.Database, written, body.RootElement.FlagOf("waitForSync"))));
    }

    private static IEnumerable<string> Names(JsonElement collections, string mode) => collections.Find(mode) switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } name => [name.GetString()!],
        { ValueKind: JsonValueKind.Array } names when names.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String) =>
            names.EnumerateArray().Select(static name => name.GetString()!),
        _ => throw ArangoErrors.BadParameter("collections must be given as text or array of texts"),
    };

    private static ArangoResponse List(ArangoRequest request, ServerContext server) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("transactions"u8);
        foreach (var transaction in server.Transactions.Running.Where(one => one.Database == request.Database))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, transaction.Id);
            writer.WriteString("state"u8, "running"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static ArangoResponse End(ArangoRequest request, ServerContext server, Action<StreamTransaction> end)
    {
        var transaction = Find(request, server);
        end(transaction);
        return Show(200, transaction);
    }

    private static ArangoResponse AbortAll(ArangoRequest request, ServerContext server)
    {
        foreach (var transaction in server.Transactions.Running.Where(one => one.Database == request.Database))
        {
            transaction.Abort();
        }

        return ArangoResponse.Success(200);
    }
}
