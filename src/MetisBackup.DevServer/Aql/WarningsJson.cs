using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>The array <c>warnings</c> of cursor, explain and parse answers.</summary>
internal static class WarningsJson
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<QueryWarning> warnings)
    {
        writer.WriteStartArray("warnings"u8);
        foreach (var warning in warnings)
        {
            writer.WriteStartObject();
            writer.WriteNumber("code"u8, warning.Code);
            writer.WriteString("message"u8, warning.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
