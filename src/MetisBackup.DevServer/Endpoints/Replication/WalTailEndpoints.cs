using System.Globalization;
using System.Text;
using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>
/// <c>/_api/wal/tail</c>: the operations behind a tick (arangodb-protocol 13.2). Only the last ones are kept, and none over a restart: a
/// reader that comes too late learns it from <c>frompresent</c>, as on a server that purged its log.
/// </summary>
internal sealed class WalTailEndpoints(ServerContext server)
{
    private const ulong DefaultChunk = 1 << 20;

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new WalTailEndpoints(server);
        routes.Map("GET /_api/wal/tail", endpoints.Tail);
        routes.Map("PUT /_api/wal/tail", endpoints.Tail);
    }

    private ArangoResponse Tail(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        var isGlobal = request.Query.Flag("global");
        if (isGlobal && request.Database != "_system")
        {
            throw ArangoErrors.Forbidden("global tailing is only allowed in the system database");
        }

        var from = request.Query.Number("from") ?? 0;
        var to = request.Query.Number("to") ?? ulong.MaxValue;
        var chunk = request.Query.Number("chunkSize") ?? DefaultChunk;
        var latest = server.Engine.Sequence;
        var output = new PooledBuffer();
        var (included, scanned) = (0UL, Math.Max(from, Math.Min(to, latest)));
        foreach (var operation in server.Engine.Log.Read(from, Math.Min(to, latest)).Where(operation => IsShown(operation, request, isGlobal)))
        {
            if (output.Length > 0 && (ulong)output.Length >= chunk)
            {
                scanned = included;
                break;
            }

            Write(output, operation);
            included = operation.Tick;
        }

        return ArangoResponse.FromBuffer(output.Length == 0 ? 204 : 200, output, ArangoResponse.DumpType)
            .With("x-arango-replication-checkmore", included > 0 && included < latest ? "true" : "false")
            .With("x-arango-replication-lastincluded", ReplicationState.Tick(included))
            .With("x-arango-replication-lastscanned", ReplicationState.Tick(scanned))
            .With("x-arango-replication-lasttick", ReplicationState.Tick(latest))
            .With("x-arango-replication-frompresent", from >= server.Engine.Log.Gone ? "true" : "false");
    }

    /// <summary>Of a collection that is gone only its end is shown: nothing else about it can be looked up.</summary>
    private bool IsShown(LoggedOperation operation, ArangoRequest request, bool isGlobal)
    {
        if (!isGlobal && operation.Database != request.Database)
        {
            return false;
        }

        if (operation.Collection is not { } collection || operation.Kind == OperationKind.DropCollection)
        {
            return request.Query.Text("collection") is null;
        }

        return server.Engine.Catalog.DatabaseById(collection.DatabaseId)?.Collections.Values.FirstOrDefault(other => other.Id == collection.Id) is { } known
            && (request.Query.Text("collection") is not { } wanted || wanted == known.Name || wanted == known.Id || wanted == known.GloballyUniqueId);
    }

    private static void Write(PooledBuffer output, LoggedOperation operation)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"tick\":\"{operation.Tick}\",\"type\":{(int)operation.Kind},\"db\":{Quoted(operation.Database)}");
        output.Append(Encoding.UTF8.GetBytes(text));
        if ((operation.Collection?.GloballyUniqueId ?? operation.View?.GloballyUniqueId) is { } identity)
        {
            output.Append(Encoding.UTF8.GetBytes($",\"cuid\":{Quoted(identity)}"));
        }

        if (operation.Kind is OperationKind.PutDocument)
        {
            output.Append(",\"tid\":\"0\",\"data\":"u8);
            DocumentText.Write(output, operation.Collection!.Name, operation.Document);
        }
        else if (operation.Kind is OperationKind.RemoveDocument)
        {
            var removed = operation.Document;
            output.Append(Encoding.UTF8.GetBytes($",\"tid\":\"0\",\"data\":{{\"_key\":{Quoted(removed.Key)},\"_rev\":\"{removed.Revision}\"}}"));
        }
        else
        {
            WriteDefinition(output, operation);
        }

        output.Append("}\n"u8);
    }

    private static void WriteDefinition(PooledBuffer output, LoggedOperation operation)
    {
        Action<Utf8JsonWriter>? definition = operation switch
        {
            { Kind: OperationKind.DropCollection or OperationKind.TruncateCollection or OperationKind.DropView } => null,
            { Index: { } index } => writer => InventoryText.WriteIndex(writer, index),
            { Collection: { } collection } => writer => InventoryText.WriteParameters(writer, collection, lastKey: 0),
            { View: { } view } => writer => InventoryText.WriteView(writer, view),
            _ => null,
        };
        if (definition is null)
        {
            return;
        }

        output.Append(",\"data\":"u8);
        using var writer = new Utf8JsonWriter(output, ArangoResponse.WriterOptions);
        definition(writer);
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, ArangoResponse.WriterOptions.Encoder)}\"";
}
