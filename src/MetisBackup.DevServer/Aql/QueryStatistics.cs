using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>The counters of <c>extra.stats</c>; those without a meaning here stay 0.</summary>
internal sealed class QueryStatistics
{
    public long WritesExecuted { get; set; }

    public long WritesIgnored { get; set; }

    public long DocumentLookups { get; set; }

    public long ScannedFull { get; set; }

    public long ScannedIndex { get; set; }

    public long CursorsCreated { get; set; }

    public long Filtered { get; set; }

    public long CacheMisses { get; set; }

    /// <summary>Bytes.</summary>
    public long PeakMemory { get; set; }

    public TimeSpan ExecutionTime { get; set; }

    /// <summary>Writes the counters as properties of the open object.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="fullCount">Rows without the last LIMIT; null when not asked for.</param>
    public void WriteProperties(Utf8JsonWriter writer, long? fullCount)
    {
        writer.WriteNumber("writesExecuted"u8, WritesExecuted);
        writer.WriteNumber("writesIgnored"u8, WritesIgnored);
        writer.WriteNumber("documentLookups"u8, DocumentLookups);
        writer.WriteNumber("seeks"u8, 0);
        writer.WriteNumber("scannedFull"u8, ScannedFull);
        writer.WriteNumber("scannedIndex"u8, ScannedIndex);
        writer.WriteNumber("searchParallelism"u8, 1);
        writer.WriteNumber("cursorsCreated"u8, CursorsCreated);
        writer.WriteNumber("cursorsRearmed"u8, 0);
        writer.WriteNumber("cacheHits"u8, 0);
        writer.WriteNumber("cacheMisses"u8, CacheMisses);
        writer.WriteNumber("filtered"u8, Filtered);
        writer.WriteNumber("httpRequests"u8, 0);
        if (fullCount is { } count)
        {
            writer.WriteNumber("fullCount"u8, count);
        }

        writer.WriteNumber("executionTime"u8, ExecutionTime.TotalSeconds);
        writer.WriteNumber("peakMemoryUsage"u8, PeakMemory);
        writer.WriteNumber("intermediateCommits"u8, 0);
    }
}
