using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>The write-ahead log: flush and ticks (arangodb-protocol 13).</summary>
internal sealed class WalEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new WalEndpoints(server);
        routes.Map("PUT /_admin/wal/flush", endpoints.Flush);
        routes.Map("GET /_admin/wal/properties", static _ => throw NotImplemented());
        routes.Map("PUT /_admin/wal/properties", static _ => throw NotImplemented());
        routes.Map("GET /_admin/wal/transactions", static _ => throw NotImplemented());
        routes.Map("GET /_api/wal/range", endpoints.Range);
        routes.Map("GET /_api/wal/lastTick", endpoints.LastTick);
        WalTailEndpoints.Map(routes, server);
        routes.Map("GET /_api/wal/open-transactions", endpoints.OpenTransactions);
        routes.Map("GET /_api/replication/logger-state", endpoints.State);
        routes.Map("GET /_api/replication/logger-first-tick", static _ => FirstTick());
        routes.Map("GET /_api/replication/logger-tick-ranges", endpoints.TickRanges);
        routes.Map("GET /_api/replication/server-id", endpoints.ServerId);
    }

    private ArangoResponse Flush(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        using var body = request.Body.IsEmpty ? null : request.ParseObject();
        if (body?.RootElement.FlagOf("waitForSync") ?? request.Query.Flag("waitForSync"))
        {
            server.Engine.Flush();
        }

        return ArangoResponse.Json(200, static writer =>
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Range(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tickMin"u8, ReplicationState.Tick(server.Engine.Log.Gone + 1));
            writer.WriteString("tickMax"u8, ReplicationState.Tick(server.Engine.Sequence));
            WriteServer(writer);
            writer.WriteEndObject();
        });
    }

    private ArangoResponse LastTick(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tick"u8, ReplicationState.Tick(server.Engine.Sequence));
            WriteServer(writer);
            writer.WriteEndObject();
        });
    }

    private ArangoResponse OpenTransactions(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        var last = ReplicationState.Tick(server.Engine.Sequence);
        return ArangoResponse.Json(200, static writer =>
        {
            writer.WriteStartArray();
            writer.WriteEndArray();
        })
            .With("x-arango-replication-frompresent", "true")
            .With("x-arango-replication-lastincluded", last);
    }

    private ArangoResponse State(ArangoRequest request) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("state"u8);
        ReplicationState.Write(writer, server.Engine.Sequence, server.Time.GetUtcNow());
        writer.WriteStartObject("server"u8);
        writer.WriteString("version"u8, ServerFunctions.ServerVersion);
        writer.WriteString("serverId"u8, server.Engine.ServerId);
        writer.WriteString("engine"u8, "rocksdb"u8);
        writer.WriteEndObject();
        writer.WriteStartArray("clients"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static ArangoResponse FirstTick() => ArangoResponse.Json(200, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("firstTick"u8, "1"u8);
        writer.WriteEndObject();
    });

    /// <summary>One log file with every operation.</summary>
    private ArangoResponse TickRanges(ArangoRequest request) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("datafile"u8, "/000001.log"u8);
        writer.WriteString("status"u8, "open"u8);
        writer.WriteString("tickMin"u8, "1"u8);
        writer.WriteString("tickMax"u8, ReplicationState.Tick(server.Engine.Sequence));
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    private ArangoResponse ServerId(ArangoRequest request) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("serverId"u8, server.Engine.ServerId);
        writer.WriteEndObject();
    });

    private void WriteServer(Utf8JsonWriter writer)
    {
        writer.WriteString("time"u8, ReplicationState.Time(server.Time.GetUtcNow()));
        writer.WriteStartObject("server"u8);
        writer.WriteString("version"u8, ServerFunctions.ServerVersion);
        writer.WriteString("serverId"u8, server.Engine.ServerId);
        writer.WriteEndObject();
    }

    private static ArangoException NotImplemented() => new(501, 9, "not implemented");
}
