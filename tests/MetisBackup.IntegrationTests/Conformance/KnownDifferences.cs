namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>
/// Where a recorded answer is not the measure: what depends on the other contents of the recorded server, and what a 3.11 server answers
/// otherwise than the 3.12 server that is embedded here.
/// </summary>
internal static class KnownDifferences
{
    private const string Older = "3.11";

    /// <summary>Ends of the paths of attributes that 3.12 added.</summary>
    private static readonly string[] Added =
    [
        "$.apiVersions", "$.deprecatedApiVersions", "$.requestedApiVersion",
        ".stats.documentLookups", ".stats.seeks", ".stats.searchParallelism",
        "$.supportsRBAC",
        "$.endianness", "$.supports.aliases.indexes.zkd",
        ".consolidationPolicy.maxSkewThreshold", ".consolidationPolicy.minDeletionRatio",
        ".subqueryReference", "$.warnings", "$.optimizeTopK",
        ".bindParameterVariables", ".isAsyncPrefetchEnabled", ".asyncPrefetchNodes", ".parallel", ".fetching",
        ".processStats.fileDescrtors", ".processStats.fileDescrtorsLimit",
        ".strategy", ".isLateMaterialized", ".stats.rules", ".indexCoversOutProjections", ".indexCoversFilterProjections",
    ];

    /// <summary>Ends of the paths of attributes that 3.12 no longer has.</summary>
    private static readonly string[] Removed =
    [
        "$.graph.initialCid",
        "$.supports.dfdb",
        ".consolidationPolicy.segmentsBytesFloor", ".consolidationPolicy.segmentsMax", ".consolidationPolicy.segmentsMin",
        ".consolidationPolicy.minScore",
        "].database", "].reverse",
    ];

    /// <summary>Objects whose attribute names are names of the recorded server's collections.</summary>
    private static readonly string[] FreeNames = ["$.result._system.collections"];

    /// <summary>Arrays that list what else the recorded server held, or which kinds of things it knew.</summary>
    private static readonly string[] FreeLengths = ["$.result", "$.graphs", "$.supports.indexes", "$.server.v8Context.memory"];

    public static bool AllowsAdded(string version, string path) => version == Older && Added.Any(end => path.EndsWith(end, StringComparison.Ordinal));

    public static bool AllowsMissing(string version, string path) => version == Older && Removed.Any(end => path.EndsWith(end, StringComparison.Ordinal));

    public static bool HasFreeNames(string path) => FreeNames.Contains(path, StringComparer.Ordinal);

    /// <summary>3.12 has optimizations that 3.11 had not.</summary>
    public static bool HasFreeLength(string version, string path) =>
        FreeLengths.Contains(path, StringComparer.Ordinal) || (version == Older && path.EndsWith(".rules", StringComparison.Ordinal));

    /// <summary>3.12 dropped the frame around some messages and names the failing plan node in others.</summary>
    public static bool AllowsText(string version, string expected, string actual) =>
        version == Older && (expected.Contains(actual, StringComparison.Ordinal)
            || (expected.EndsWith("(while executing)", StringComparison.Ordinal) && actual.StartsWith(expected[..^"(while executing)".Length], StringComparison.Ordinal)));
}
