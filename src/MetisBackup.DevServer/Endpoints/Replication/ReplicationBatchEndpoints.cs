using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>/_api/replication/batch</c> (arangodb-protocol 5).</summary>
internal sealed class ReplicationBatchEndpoints(ServerContext server, ReplicationBatches batches)
{
    private const double DefaultSeconds = 7200;

    /// <summary>Keeps times within what a clock can hold.</summary>
    private const double MaxSeconds = 365 * 86_400;

    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new ReplicationBatchEndpoints(server, batches);
        routes.Map("POST /_api/replication/batch", endpoints.Create);
        routes.Map("PUT /_api/replication/batch/{id}", endpoints.Extend);
        routes.Map("DELETE /_api/replication/batch/{id}", endpoints.Delete);
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        using var body = ParseBody(request);
        var patchCount = body.RootElement.TextOf("patchCount") is { Length: > 0 } name
            ? server.Engine.Catalog.Collection(request.Database, name)
            : null;
        var batch = batches.Open(server.Engine.Catalog.Database(request.Database).Id, SecondsOf(body.RootElement) ?? TimeSpan.FromSeconds(DefaultSeconds), patchCount);
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, batch.Id);
            writer.WriteString("lastTick"u8, ReplicationState.Tick(batch.Snapshot.Sequence));
            if (request.Query.Flag("state"))
            {
                writer.WritePropertyName("state"u8);
                ReplicationState.Write(writer, batch.Snapshot.Sequence, server.Time.GetUtcNow());
            }

            writer.WriteEndObject();
        });
    }

    private ArangoResponse Extend(ArangoRequest request)
    {
        using var body = ParseBody(request);
        var batch = batches.Find(request.Route["id"]) ?? throw ArangoErrors.CursorNotFound();
        batches.Extend(batch, SecondsOf(body.RootElement) ?? batch.TimeToLive);
        return ArangoResponse.Empty(204);
    }

    private ArangoResponse Delete(ArangoRequest request) =>
        batches.Close(request.Route["id"]) ? ArangoResponse.Empty(204) : throw ArangoErrors.CursorNotFound();

    private static JsonDocument ParseBody(ArangoRequest request)
    {
        var body = request.ParseBody();
        if (body.RootElement.ValueKind == JsonValueKind.Object)
        {
            return body;
        }

        body.Dispose();
        throw ArangoErrors.HttpBadParameter("invalid body");
    }

    private static TimeSpan? SecondsOf(JsonElement body) =>
        body.NumberOf("ttl") is { } seconds && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)) : null;
}
