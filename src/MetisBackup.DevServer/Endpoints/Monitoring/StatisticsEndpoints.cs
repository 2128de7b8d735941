using System.Diagnostics;
using System.Text.Json;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Monitoring;

/// <summary><c>/_admin/statistics</c>: what the process and its requests used. What this server does not measure is 0.</summary>
internal sealed class StatisticsEndpoints(ServerContext server)
{
    private static readonly string[] Methods = ["Get", "Head", "Post", "Put", "Patch", "Delete", "Options"];
    private readonly long _started = server.Time.GetTimestamp();
    private readonly Distribution _nothing = new(ServerStatistics.TimeCuts);
    private readonly Distribution _connections = new(ServerStatistics.ConnectionCuts);

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new StatisticsEndpoints(server);
        routes.Map("GET /_admin/statistics", _ => endpoints.Answer());
        routes.Map("GET /_admin/statistics-description", static _ => StatisticsDescription.Answer());
        routes.Map("GET /_admin/support-info", request => SupportInfo.Answer(request, server, server.Time.GetElapsedTime(endpoints._started)));
    }

    private ArangoResponse Answer() => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("time"u8, server.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        writer.WriteBoolean("enabled"u8, true);
        WriteProcess(writer);
        WriteClients(writer, "client");
        WriteClients(writer, "clientUser");
        WriteRequests(writer);
        WriteServer(writer);
        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("code"u8, 200);
        writer.WriteEndObject();
    });

    private static void WriteProcess(Utf8JsonWriter writer)
    {
        using var process = Process.GetCurrentProcess();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        writer.WriteStartObject("system"u8);
        writer.WriteNumber("minorPageFaults"u8, 0);
        writer.WriteNumber("majorPageFaults"u8, 0);
        writer.WriteNumber("userTime"u8, process.UserProcessorTime.TotalSeconds);
        writer.WriteNumber("systemTime"u8, process.PrivilegedProcessorTime.TotalSeconds);
        writer.WriteNumber("numberOfThreads"u8, process.Threads.Count);
        writer.WriteNumber("residentSize"u8, process.WorkingSet64);
        writer.WriteNumber("residentSizePercent"u8, (double)process.WorkingSet64 / Math.Max(memory, 1));
        writer.WriteNumber("virtualSize"u8, process.VirtualMemorySize64);
        writer.WriteEndObject();
    }

    private void WriteClients(Utf8JsonWriter writer, string name)
    {
        var statistics = server.Statistics;
        writer.WriteStartObject(name);
        writer.WriteNumber("httpConnections"u8, 0);
        Write(writer, "connectionTime", _connections);
        Write(writer, "totalTime", statistics.Times);
        Write(writer, "requestTime", statistics.Times);
        Write(writer, "queueTime", _nothing);
        Write(writer, "ioTime", _nothing);
        Write(writer, "bytesSent", statistics.Sent);
        Write(writer, "bytesReceived", statistics.Received);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, Distribution distribution)
    {
        var (sum, counts) = distribution.Read();
        writer.WriteStartObject(name);
        writer.WriteNumber("sum"u8, sum);
        writer.WriteNumber("count"u8, counts.Sum());
        writer.WriteStartArray("counts"u8);
        foreach (var count in counts)
        {
            writer.WriteNumberValue(count);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteRequests(Utf8JsonWriter writer)
    {
        var statistics = server.Statistics;
        var known = 0L;
        writer.WriteStartObject("http"u8);
        writer.WriteNumber("requestsTotal"u8, statistics.Total);
        writer.WriteNumber("requestsSuperuser"u8, 0);
        writer.WriteNumber("requestsUser"u8, statistics.Total);
        writer.WriteNumber("requestsAsync"u8, statistics.Async);
        foreach (var method in Methods)
        {
            var count = statistics.Of(method.ToUpperInvariant());
            known += count;
            writer.WriteNumber($"requests{method}", count);
        }

        writer.WriteNumber("requestsOther"u8, Math.Max(statistics.Total - known, 0));
        writer.WriteEndObject();
    }

    private void WriteServer(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("server"u8);
        writer.WriteNumber("uptime"u8, server.Time.GetElapsedTime(_started).TotalSeconds);
        writer.WriteNumber("physicalMemory"u8, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        WriteZeros(writer, "transactions", ["started", "aborted", "committed", "intermediateCommits", "readOnly", "dirtyReadOnly"]);
        writer.WriteEndObject();
        WriteZeros(writer, "v8Context", ["available", "busy", "dirty", "free", "max", "min"]);
        writer.WriteStartArray("memory"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        WriteZeros(writer, "threads", ["scheduler-threads", "blocked", "queued", "in-progress", "direct-exec"]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Begins an object of figures that are not measured; the caller ends it.</summary>
    private static void WriteZeros(Utf8JsonWriter writer, string name, string[] figures)
    {
        writer.WriteStartObject(name);
        foreach (var figure in figures)
        {
            writer.WriteNumber(figure, 0);
        }
    }
}
