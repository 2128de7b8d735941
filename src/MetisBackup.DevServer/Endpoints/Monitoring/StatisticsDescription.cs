using System.Text.Json;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Monitoring;

/// <summary>The answer of <c>/_admin/statistics-description</c>: what the figures mean.</summary>
internal static class StatisticsDescription
{
    private const string Seconds = "seconds";
    private const string Bytes = "bytes";
    private const string Count = "number";

    private static readonly (string Group, string Name)[] Groups =
    [
        ("system", "Process"), ("client", "Requests of clients"), ("clientUser", "Requests of users"), ("http", "Requests by method"), ("server", "Server"),
    ];

    private static readonly Figure[] OfProcess =
    [
        new("userTime", "User time", "accumulated", Seconds), new("systemTime", "System time", "accumulated", Seconds),
        new("numberOfThreads", "Threads", "current", Count), new("residentSize", "Resident memory", "current", Bytes),
        new("residentSizePercent", "Share of the memory", "current", "percent"), new("virtualSize", "Virtual memory", "current", Bytes),
        new("minorPageFaults", "Minor page faults", "accumulated", Count), new("majorPageFaults", "Major page faults", "accumulated", Count),
    ];

    private static readonly Figure[] OfClients =
    [
        new("httpConnections", "Open connections", "current", Count),
        new("totalTime", "Time of requests", "distribution", Seconds, ServerStatistics.TimeCuts),
        new("requestTime", "Time of the work", "distribution", Seconds, ServerStatistics.TimeCuts),
        new("queueTime", "Time of waiting", "distribution", Seconds, ServerStatistics.TimeCuts),
        new("bytesSent", "Size of answers", "distribution", Bytes, ServerStatistics.SizeCuts),
        new("bytesReceived", "Size of requests", "distribution", Bytes, ServerStatistics.SizeCuts),
        new("connectionTime", "Life of connections", "distribution", Seconds, ServerStatistics.ConnectionCuts),
    ];

    private static readonly Figure[] OfRequests =
    [
        .. ((string[])["Total", "Superuser", "User", "Async", "Get", "Head", "Post", "Put", "Patch", "Delete", "Options", "Other"])
            .Select(static kind => new Figure($"requests{kind}", $"Requests: {kind}", "accumulated", Count)),
    ];

    private static readonly Figure[] OfServer =
    [
        new("uptime", "Time since the start", "current", Seconds), new("physicalMemory", "Memory of the machine", "current", Bytes),
    ];

    public static ArangoResponse Answer() => ArangoResponse.Json(200, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("groups"u8);
        foreach (var (group, name) in Groups)
        {
            writer.WriteStartObject();
            writer.WriteString("group"u8, group);
            writer.WriteString("name"u8, name);
            writer.WriteString("description"u8, name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("figures"u8);
        WriteFigures(writer, "system", OfProcess);
        WriteFigures(writer, "client", OfClients);
        WriteFigures(writer, "clientUser", OfClients);
        WriteFigures(writer, "http", OfRequests);
        WriteFigures(writer, "server", OfServer);
        writer.WriteEndArray();
        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("code"u8, 200);
        writer.WriteEndObject();
    });

    private static void WriteFigures(Utf8JsonWriter writer, string group, Figure[] figures)
    {
        foreach (var figure in figures)
        {
            writer.WriteStartObject();
            writer.WriteString("group"u8, group);
            writer.WriteString("identifier"u8, figure.Identifier);
            writer.WriteString("name"u8, figure.Name);
            writer.WriteString("description"u8, figure.Name);
            writer.WriteString("type"u8, figure.Type);
            if (figure.Cuts is { } cuts)
            {
                writer.WriteStartArray("cuts"u8);
                foreach (var cut in cuts)
                {
                    writer.WriteNumberValue(cut);
                }

                writer.WriteEndArray();
            }

            writer.WriteString("units"u8, figure.Units);
            writer.WriteEndObject();
        }
    }

    private sealed record Figure(string Identifier, string Name, string Type, string Units, double[]? Cuts = null);
}
