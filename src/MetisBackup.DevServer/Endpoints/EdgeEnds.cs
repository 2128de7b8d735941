using System.Text.Json;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>Reads <c>_from</c> and <c>_to</c>, which stand in front of every stored edge.</summary>
internal static class EdgeEnds
{
    /// <summary>The part of the body up to the end of <c>_to</c>.</summary>
    public static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        for (var i = 0; i < 5; i++)
        {
            reader.Read();
        }

        return body[..(int)reader.BytesConsumed];
    }

    /// <summary>Whether the edge starts or ends at a vertex.</summary>
    /// <param name="body">The stored body.</param>
    /// <param name="vertex">Id of the vertex in UTF-8.</param>
    /// <param name="outgoing">Looks at <c>_from</c>.</param>
    /// <param name="incoming">Looks at <c>_to</c>.</param>
    public static bool Touches(ReadOnlySpan<byte> body, ReadOnlySpan<byte> vertex, bool outgoing, bool incoming)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        reader.Read();
        reader.Read();
        if (outgoing && reader.ValueTextEquals(vertex))
        {
            return true;
        }

        reader.Read();
        reader.Read();
        return incoming && reader.ValueTextEquals(vertex);
    }
}
