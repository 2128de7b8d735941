using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary>What a client asks of a parallel dump, brought inside the limits (arangodb-protocol 7.2).</summary>
internal sealed record DumpOptions
{
    private const double DefaultSeconds = 600;
    private const double MaxSeconds = 365 * 86_400;

    /// <summary>Most documents in a batch.</summary>
    public required int DocumentsPerBatch { get; init; }

    /// <summary>Bytes after which a batch is closed.</summary>
    public required int BatchSize { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    /// <summary>Names of the collections to read.</summary>
    public required IReadOnlyList<string> Shards { get; init; }

    /// <summary>Null for whole documents, and all of them.</summary>
    public DumpSelection? Selection { get; init; }

    /// <summary>Reads the body of a start call.</summary>
    /// <exception cref="ArangoException">400/E10: the body is not an object or an attribute has the wrong type.</exception>
    public static DumpOptions Parse(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ArangoErrors.BadParameter("invalid request body: expecting an object");
        }

        return new DumpOptions
        {
            DocumentsPerBatch = (int)Number(body, "docsPerBatch", 10_000, 10, 1_000_000),
            BatchSize = (int)Number(body, "batchSize", 16 << 10, 4 << 10, 1 << 30),
            TimeToLive = TimeSpan.FromSeconds(Number(body, "ttl", DefaultSeconds, 0, MaxSeconds)),
            Shards = ShardsOf(body),
            Selection = DumpSelection.Parse(body),
        };
    }

    private static double Number(JsonElement body, string name, double otherwise, double least, double most)
    {
        if (body.Find(name) is not { } value)
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number
            ? Math.Clamp(value.GetDouble(), least, most)
            : throw ArangoErrors.BadParameter($"invalid type for attribute '{name}'");
    }

    private static List<string> ShardsOf(JsonElement body)
    {
        if (body.Find("shards") is not { } shards)
        {
            return [];
        }

        if (shards.ValueKind != JsonValueKind.Array || shards.EnumerateArray().Any(static name => name.ValueKind != JsonValueKind.String))
        {
            throw ArangoErrors.BadParameter("invalid type for attribute 'shards'");
        }

        return [.. shards.EnumerateArray().Select(static name => name.GetString()!)];
    }
}
