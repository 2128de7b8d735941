using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>A query as a client sent it.</summary>
internal sealed record QueryRequest
{
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromSeconds(30);
    private const int DefaultBatchSize = 1000;

    public required string Database { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyDictionary<string, AqlValue> Parameters { get; init; }

    public required QueryOptions Options { get; init; }

    /// <summary>Rows of one answer.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>The answers tell the total number of rows.</summary>
    public bool Count { get; init; }

    /// <summary>How long an idle cursor lives.</summary>
    public TimeSpan TimeToLive { get; init; } = DefaultTimeToLive;

    /// <summary>Reads the body of a cursor or explain request (arangodb-protocol 11.3).</summary>
    /// <exception cref="Engine.ArangoException">400/E1502 without a text; 400/E17 for attributes of the wrong type.</exception>
    public static QueryRequest From(string database, JsonElement body)
    {
        if (!body.TryGetProperty("query", out var text) || text.ValueKind != JsonValueKind.String || text.GetString() is not { Length: > 0 } query)
        {
            throw AqlErrors.Empty();
        }

        return new QueryRequest
        {
            Database = database,
            Text = query,
            Parameters = ReadParameters(body),
            Options = QueryOptions.From(body),
            BatchSize = ReadBatchSize(body),
            Count = body.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.True,
            TimeToLive = body.TryGetProperty("ttl", out var ttl) && ttl.ValueKind == JsonValueKind.Number && ttl.GetDouble() is > 0 and < 1e9
                ? TimeSpan.FromSeconds(ttl.GetDouble())
                : DefaultTimeToLive,
        };
    }

    private static Dictionary<string, AqlValue> ReadParameters(JsonElement body)
    {
        if (!body.TryGetProperty("bindVars", out var variables) || variables.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        // the request's buffer is given back when it has been answered; cursors live longer
        return variables.ValueKind == JsonValueKind.Object
            ? variables.Clone().EnumerateObject().ToDictionary(static p => p.Name, static p => AqlValue.From(p.Value), StringComparer.Ordinal)
            : throw AqlErrors.WrongType("expecting object for <bindVars>");
    }

    private static int ReadBatchSize(JsonElement body)
    {
        if (!body.TryGetProperty("batchSize", out var size) || size.ValueKind == JsonValueKind.Null)
        {
            return DefaultBatchSize;
        }

        return size.ValueKind == JsonValueKind.Number && size.GetDouble() >= 1
            ? (int)Math.Min(int.MaxValue, size.GetDouble())
            : throw AqlErrors.WrongType("expecting non-zero value for 'batchSize'");
    }
}
