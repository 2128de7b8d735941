using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Running;

/// <summary>What a run is about.</summary>
/// <param name="Series">What it belongs to, from <see cref="RunSeries"/>.</param>
/// <param name="Operation">One of <see cref="RunOperation"/>.</param>
/// <param name="Cause">Why it takes place.</param>
internal sealed record RunSubject(string Series, string Operation, RunCause Cause)
{
    /// <summary>Of what nobody has to hear.</summary>
    public static RunSubject None { get; } = new("", "", RunCause.Command);

    /// <summary>Somebody asked for it.</summary>
    public static RunSubject Asked(string series, string operation) => new(series, operation, RunCause.Command);
}

/// <summary>The names of series: a tier and what it captures.</summary>
internal static class RunSeries
{
    private const string DrPrefix = "dr:";
    private const string OperationalPrefix = "operational:";

    /// <summary>Behind the name of a target; no database can have it in its name.</summary>
    private const char TargetEnd = '/';

    /// <summary>Snapshots of a database.</summary>
    public static string Operational(string database) => OperationalPrefix + database;

    /// <summary>Snapshots of a database that another target has too, of another server or in another store.</summary>
    public static string Operational(string database, string target) => $"{OperationalPrefix}{target}{TargetEnd}{database}";

    /// <summary>Snapshots of every database of a store.</summary>
    public const string EveryDatabase = OperationalPrefix + "*";

    /// <summary>Snapshots of a data set.</summary>
    public static string Dr(string dataset) => DrPrefix + dataset;

    /// <summary>Whether it is a data set's.</summary>
    public static bool IsDr(string series) => series.StartsWith(DrPrefix, StringComparison.Ordinal);

    /// <summary>The database or the data set; a star for every database.</summary>
    public static string SubjectOf(string series) => series[((TargetOf(series) is null ? series.IndexOf(':', StringComparison.Ordinal) : series.LastIndexOf(TargetEnd)) + 1)..];

    /// <summary>The target, where the database alone does not tell which one it is; null elsewhere.</summary>
    public static string? TargetOf(string series) => !IsDr(series) && series.LastIndexOf(TargetEnd) is >= 0 and var end ? series[OperationalPrefix.Length..end] : null;
}

/// <summary>The names of operations in history, hooks and metrics.</summary>
internal static class RunOperation
{
    /// <summary>A snapshot of either tier is taken.</summary>
    public const string Create = "create";

    /// <summary>A snapshot is brought back into a database.</summary>
    public const string Restore = "restore";

    /// <summary>A snapshot is compared with its hashes.</summary>
    public const string Verify = "verify";

    /// <summary>Points that no rule keeps are removed.</summary>
    public const string Cleanup = "cleanup";

    /// <summary>A data set is moved back, or the last rollback is undone.</summary>
    public const string Rollback = "rollback";

    /// <summary>A server is started on a clone of a snapshot.</summary>
    public const string Drill = "drill";
}

/// <summary>What is worth remembering of a run that came to its end.</summary>
internal sealed record RunFacts
{
    /// <summary>0, or <see cref="ErrorCode.Incomplete"/> when something beside the main thing was not done.</summary>
    public int ExitCode { get; init; }

    /// <summary>Name of the recovery point that it made or worked on; null when there is none.</summary>
    public string? Point { get; init; }

    /// <summary>Bytes of the content; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that were added; null when unknown.</summary>
    public long? NewBytes { get; init; }

    /// <summary>One sentence about what was not done; null when all was.</summary>
    public string? Message { get; init; }
}
