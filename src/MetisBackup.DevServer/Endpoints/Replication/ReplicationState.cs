using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>The <c>state</c> of the write-ahead log that several answers carry (arangodb-protocol 4.3).</summary>
internal static class ReplicationState
{
    public static string Tick(ulong sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter writer, ulong sequence, DateTimeOffset time)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("running"u8, true);
        writer.WriteString("lastLogTick"u8, Tick(sequence));
        writer.WriteString("lastUncommittedLogTick"u8, Tick(sequence));
        writer.WriteNumber("totalEvents"u8, sequence);
        writer.WriteString("time"u8, Time(time));
        writer.WriteEndObject();
    }
}
