using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>What the server tells about itself (arangodb-protocol 1.5).</summary>
internal sealed class AdminEndpoints(ServerContext server)
{
    private const string Version = ServerFunctions.ServerVersion;
    private static readonly string[] KeyGeneratorNames = ["upgrade", "padded", "uuid", "autoincrement", "traditional"];
    private readonly DateTimeOffset _started = server.Time.GetUtcNow();

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new AdminEndpoints(server);
        routes.Map("GET /_api/version", endpoints.GetVersion, RouteAccess.Authenticated);
        routes.Map("GET /_admin/version", endpoints.GetVersion, RouteAccess.Authenticated);
        routes.Map("PUT /_api/version", endpoints.GetVersion, RouteAccess.Authenticated);
        routes.Map("GET /_api/engine", static _ => ArangoResponse.Json(200, EngineJson.Write));
        routes.Map("GET /_api/key-generators", static _ => KeyGenerators());
        routes.Map("GET /_admin/server/role", endpoints.Role);
        routes.Map("GET /_admin/server/mode", _ => endpoints.Mode());
        routes.Map("PUT /_admin/server/mode", endpoints.SetMode);
        routes.Map("GET /_admin/server/id", static _ => throw new ArangoException(500, 4, "internal error"));
        routes.Map("GET /_admin/status", endpoints.Status);
        routes.Map("POST /_admin/status", endpoints.Status);
        routes.Map("POST /_api/foxx/_local/heal", static _ => ArangoResponse.Success(200));
        routes.Map("GET /_admin/time", endpoints.Time);
        routes.Map("GET /_admin/license", static _ => License());
        routes.Map("GET /_admin/metrics", endpoints.Metrics);
        routes.Map("GET /_admin/metrics/v2", endpoints.Metrics);
        routes.Map("PUT /_admin/compact", static request => Compact(request));
        routes.Map("GET /_admin/database/target-version", static _ => TargetVersion());
    }

    private ArangoResponse GetVersion(ArangoRequest request) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("server"u8, "arango"u8);
        writer.WriteString("license"u8, "community"u8);
        writer.WriteString("version"u8, Version);
        if (request.Query.Flag("details") && request.Caller.IsAdmin)
        {
            writer.WriteStartObject("details"u8);
            writer.WriteString("architecture"u8, "64bit"u8);
            writer.WriteString("mode"u8, "server"u8);
            writer.WriteString("host"u8, "single"u8);
            writer.WriteString("server-version"u8, Version);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("apiVersions"u8);
        writer.WriteStringValue("v0"u8);
        writer.WriteEndArray();
        writer.WriteStartArray("deprecatedApiVersions"u8);
        writer.WriteEndArray();
        writer.WriteString("requestedApiVersion"u8, "v0"u8);
        writer.WriteEndObject();
    });

    private static ArangoResponse KeyGenerators() => ArangoResponse.Json(200, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keyGenerators"u8);
        foreach (var name in KeyGeneratorNames)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private string ModeText => server.ReadOnly ? "readonly" : "default";

    private ArangoResponse Role(ArangoRequest request) => ArangoResponse.Success(200, writer =>
    {
        writer.WriteString("role"u8, "SINGLE"u8);
        writer.WriteString("mode"u8, ModeText);
    });

    private ArangoResponse Mode() => ArangoResponse.Success(200, writer => writer.WriteString("mode"u8, ModeText));

    private ArangoResponse SetMode(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        using var body = request.ParseObject();
        server.ReadOnly = body.RootElement.TextOf("mode") switch
        {
            "readonly" => true,
            "default" => false,
            _ => throw ArangoErrors.HttpBadParameter("mode invalid"),
        };
        return Mode();
    }

    private ArangoResponse Status(ArangoRequest request) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("server"u8, "arango"u8);
        writer.WriteString("license"u8, "community"u8);
        writer.WriteString("version"u8, Version);
        writer.WriteString("mode"u8, "server"u8);
        writer.WriteString("operationMode"u8, "server"u8);
        writer.WriteBoolean("foxxApi"u8, false);
        writer.WriteString("host"u8, ""u8);
        writer.WriteString("hostname"u8, Environment.MachineName);
        writer.WriteNumber("pid"u8, Environment.ProcessId);
        writer.WriteStartObject("serverInfo"u8);
        writer.WriteStartObject("progress"u8);
        writer.WriteString("phase"u8, "in wait"u8);
        writer.WriteString("feature"u8, ""u8);
        writer.WriteNumber("recoveryTick"u8, 0);
        writer.WriteEndObject();
        writer.WriteBoolean("maintenance"u8, false);
        writer.WriteString("role"u8, "SINGLE"u8);
        writer.WriteBoolean("writeOpsEnabled"u8, !server.ReadOnly);
        writer.WriteBoolean("readOnly"u8, server.ReadOnly);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private ArangoResponse Time(ArangoRequest request) =>
        ArangoResponse.Success(200, writer => writer.WriteNumber("time"u8, server.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0));

    /// <summary>What the community edition answers: limits that are never reached.</summary>
    private static ArangoResponse License() => ArangoResponse.Json(200, static writer =>
    {
        const long never = 315_569_520;
        writer.WriteStartObject();
        writer.WriteBoolean("upgrading"u8, false);
        writer.WriteStartObject("diskUsage"u8);
        writer.WriteNumber("bytesUsed"u8, 0);
        writer.WriteNumber("bytesLimit"u8, 100L << 30);
        writer.WriteBoolean("limitReached"u8, false);
        writer.WriteNumber("secondsUntilReadOnly"u8, never);
        writer.WriteNumber("secondsUntilShutDown"u8, never);
        writer.WriteString("status"u8, "good"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private ArangoResponse Metrics(ArangoRequest request)
    {
        var uptime = (server.Time.GetUtcNow() - _started).TotalSeconds;
        return ArangoResponse.Text(
            200,
            $"""
            # HELP arangodb_server_statistics_server_uptime_total Number of seconds elapsed since server start.
            # TYPE arangodb_server_statistics_server_uptime_total counter
            arangodb_server_statistics_server_uptime_total{"{role=\"SINGLE\"}"} {uptime:F0}

            """);
    }

    private static ArangoResponse Compact(ArangoRequest request)
    {
        request.Caller.RequireAdmin();
        return ArangoResponse.Json(200, static writer =>
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        });
    }

    private static ArangoResponse TargetVersion() => ArangoResponse.Success(200, static writer => writer.WriteString("version"u8, "31200"u8));
}

/// <summary>The answer of <c>/_api/engine</c>.</summary>
internal static class EngineJson
{
    private static readonly string[] Indexes =
        ["primary", "edge", "hash", "skiplist", "ttl", "persistent", "geo", "fulltext", "mdi", "mdi-prefixed", "inverted"];

    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, "rocksdb"u8);
        writer.WriteStartObject("supports"u8);
        writer.WriteStartArray("indexes"u8);
        foreach (var index in Indexes)
        {
            writer.WriteStringValue(index);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("aliases"u8);
        writer.WriteStartObject("indexes"u8);
        writer.WriteString("hash"u8, "persistent"u8);
        writer.WriteString("skiplist"u8, "persistent"u8);
        writer.WriteString("zkd"u8, "mdi"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("endianness"u8, "big"u8);
        writer.WriteEndObject();
    }
}
