using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Endpoints.Replication;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Monitoring;

/// <summary>The answer of <c>/_admin/support-info</c>: the machine and the process. What this server does not measure is 0.</summary>
internal static class SupportInfo
{
    private static readonly string[] EngineFigures =
    [
        "cache.limit", "cache.allocated", "rocksdb.estimate-num-keys", "rocksdb.estimate-live-data-size", "rocksdb.live-sst-files-size",
        "rocksdb.block-cache-capacity", "rocksdb.block-cache-usage", "rocksdb.free-disk-space", "rocksdb.total-disk-space",
    ];

    public static ArangoResponse Answer(ArangoRequest request, ServerContext server, TimeSpan uptime)
    {
        request.Caller.RequireAdmin();
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("deployment"u8);
            writer.WriteString("type"u8, "single"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("host"u8);
            WriteHost(writer, server.ReadOnly);
            WriteProcess(writer, uptime);
            WriteZeros(writer, "cpuStats", ["userPercent", "systemPercent", "idlePercent", "iowaitPercent"]);
            WriteZeros(writer, "engineStats", EngineFigures);
            writer.WriteEndObject();
            writer.WriteString("date"u8, ReplicationState.Time(server.Time.GetUtcNow()));
            writer.WriteEndObject();
        });
    }

    private static void WriteHost(Utf8JsonWriter writer, bool readOnly)
    {
        writer.WriteString("role"u8, "SINGLE"u8);
        writer.WriteBoolean("maintenance"u8, false);
        writer.WriteBoolean("readOnly"u8, readOnly);
        writer.WriteString("version"u8, ServerFunctions.ServerVersion);
        writer.WriteString("build"u8, "embedded"u8);
        writer.WriteString("license"u8, "community"u8);
        writer.WriteString("os"u8, RuntimeInformation.OSDescription);
        writer.WriteString("platform"u8, OperatingSystem.IsLinux() ? "linux"u8 : "other"u8);
        WriteLimit(writer, "physicalMemory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        WriteLimit(writer, "numberOfCores", Environment.ProcessorCount);
    }

    private static void WriteLimit(Utf8JsonWriter writer, string name, long value)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("value"u8, value);
        writer.WriteBoolean("overridden"u8, false);
        writer.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter writer, TimeSpan uptime)
    {
        using var process = Process.GetCurrentProcess();
        writer.WriteStartObject("processStats"u8);
        writer.WriteNumber("processUptime"u8, uptime.TotalSeconds);
        writer.WriteNumber("numberOfThreads"u8, process.Threads.Count);
        writer.WriteNumber("virtualSize"u8, process.VirtualMemorySize64);
        writer.WriteNumber("residentSetSize"u8, process.WorkingSet64);
        writer.WriteNumber("fileDescrtors"u8, 0);
        writer.WriteNumber("fileDescrtorsLimit"u8, 0);
        writer.WriteEndObject();
    }

    private static void WriteZeros(Utf8JsonWriter writer, string name, string[] figures)
    {
        writer.WriteStartObject(name);
        foreach (var figure in figures)
        {
            writer.WriteNumber(figure, 0);
        }

        writer.WriteEndObject();
    }
}
