using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>The options of a cursor request that have a meaning here (arangodb-protocol 11.3).</summary>
internal sealed record QueryOptions
{
    /// <summary>Bytes; 0 for no limit.</summary>
    public long MemoryLimit { get; init; }

    public bool FullCount { get; init; }

    public bool Stream { get; init; }

    public bool AllowRetry { get; init; }

    public bool FailOnWarning { get; init; }

    public int MaxWarningCount { get; init; } = 10;

    /// <summary>0 none, 1 phases, 2 phases and plan nodes.</summary>
    public int Profile { get; init; }

    /// <summary>Seconds; 0 for no limit.</summary>
    public double MaxRuntime { get; init; }

    public bool AllPlans { get; init; }

    /// <summary>Reads the body of a cursor or explain request.</summary>
    public static QueryOptions From(JsonElement body)
    {
        var options = body.TryGetProperty("options", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        return new QueryOptions
        {
            MemoryLimit = (long)Math.Max(Number(body, "memoryLimit"), Number(options, "memoryLimit")),
            FullCount = Flag(options, "fullCount"),
            Stream = Flag(options, "stream"),
            AllowRetry = Flag(options, "allowRetry"),
            FailOnWarning = Flag(options, "failOnWarning"),
            MaxWarningCount = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("maxWarningCount", out _) ? (int)Number(options, "maxWarningCount") : 10,
            Profile = Flag(options, "profile") ? 1 : (int)Number(options, "profile"),
            MaxRuntime = Number(options, "maxRuntime"),
            AllPlans = Flag(options, "allPlans"),
        };
    }

    private static bool Flag(JsonElement options, string name) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static double Number(JsonElement options, string name) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : 0;
}
