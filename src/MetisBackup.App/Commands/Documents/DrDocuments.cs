namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>dr create</c>.</summary>
internal sealed record DrCreateDocument : Document
{
    /// <summary><c>dataset@name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>ZFS's guid, decimal.</summary>
    public required string Guid { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Data sets in it.</summary>
    public required int Datasets { get; init; }

    /// <summary>It cannot be destroyed by accident.</summary>
    public required bool Held { get; init; }

    /// <summary>The server flushed its log right before.</summary>
    public required bool Flushed { get; init; }

    /// <summary>Number of databases; null when the server was not counted.</summary>
    public required int? Databases { get; init; }

    /// <summary>Full names of the snapshots and kept states that went afterwards; null without <c>--prune</c>, and when nothing could be removed because of an error.</summary>
    public required IReadOnlyList<string>? Removed { get; init; }

    /// <summary>Something beside the snapshot was not done.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Of <c>dr list</c>.</summary>
internal sealed record DrListDocument : Document
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<DrSnapshotDetail> Snapshots { get; init; }

    /// <summary>What rollbacks replaced, the latest first.</summary>
    public required IReadOnlyList<KeptStateDetail> KeptStates { get; init; }
}

/// <summary>A snapshot. What costs more to ask for is null when there are many and <c>--verbose</c> was not given.</summary>
internal sealed record DrSnapshotDetail
{
    /// <summary><c>dataset@name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>ZFS's guid, decimal.</summary>
    public required string Guid { get; init; }

    /// <summary>ZFS's own order.</summary>
    public required long Createtxg { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Bytes that nobody else shares.</summary>
    public required long? UsedBytes { get; init; }

    /// <summary>Bytes that it can reach.</summary>
    public required long? ReferencedBytes { get; init; }

    /// <summary>Who holds it.</summary>
    public required IReadOnlyList<string>? Holds { get; init; }

    /// <summary>Data sets that are clones of it.</summary>
    public required IReadOnlyList<string>? Clones { get; init; }

    /// <summary>The earlier script took it.</summary>
    public required bool? EarlierScript { get; init; }

    /// <summary>The last drill; null when there was none.</summary>
    public required DrillDetail? Drill { get; init; }
}

/// <summary>A drill.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Passed">It came back.</param>
/// <param name="Seconds">Until the server answered.</param>
internal sealed record DrillDetail(DateTimeOffset Timestamp, bool Passed, double Seconds);

/// <summary>A data set that was live once.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Kind"><c>replaced</c> or <c>undone</c>.</param>
/// <param name="Since">When it stopped being live.</param>
/// <param name="KeptUntil">From when on it may be pruned; null for never.</param>
/// <param name="RolledBackTo">The snapshot that was gone back to.</param>
/// <param name="UsedBytes">Bytes, snapshots included.</param>
internal sealed record KeptStateDetail(string Dataset, string Kind, DateTimeOffset Since, DateTimeOffset? KeptUntil, string RolledBackTo, long UsedBytes);

/// <summary>Of <c>dr prune</c>.</summary>
internal sealed record DrPruneDocument : Document
{
    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>The rules in words.</summary>
    public required string Policy { get; init; }

    /// <summary>Something that should go is still there.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>What will be; null without <c>--until</c>.</summary>
    public required ForecastDetail? Forecast { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PrunedDetail> Items { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What became of something.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Outcome"><c>kept</c>, <c>removed</c>, <c>skipped</c> or <c>failed</c>.</param>
/// <param name="Reason">Why.</param>
internal sealed record PrunedDetail(string Name, string Outcome, string Reason);

/// <summary>Of <c>dr rollback</c> and <c>dr undo</c>.</summary>
internal sealed record DrRollbackDocument : Document
{
    /// <summary>The live data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>What it went back to.</summary>
    public required string Target { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>An unfinished run was taken back.</summary>
    public required bool Returned { get; init; }

    /// <summary>In the order of execution; null when an earlier run was finished.</summary>
    public required IReadOnlyList<RollbackStepDetail>? Steps { get; init; }

    /// <summary>Snapshots that are, or would be, destroyed.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Full name of the safety snapshot; null when there is none.</summary>
    public required string? SafetySnapshot { get; init; }

    /// <summary>Where what was live is kept; null when it is not.</summary>
    public required string? Kept { get; init; }

    /// <summary>From when on it may be pruned.</summary>
    public required DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The server was waited for and answers.</summary>
    public required bool ServerAnswers { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Text">In words.</param>
internal sealed record RollbackStepDetail(string Step, string Text);

/// <summary>Of <c>dr drill</c>.</summary>
internal sealed record DrDrillDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>It came back.</summary>
    public required bool Passed { get; init; }

    /// <summary>There was something to compare with.</summary>
    public required bool Compared { get; init; }

    /// <summary>Until the server answered.</summary>
    public required double ReadySeconds { get; init; }

    /// <summary>Found.</summary>
    public required int Databases { get; init; }

    /// <summary>Found.</summary>
    public required int Collections { get; init; }

    /// <summary>Found.</summary>
    public required long Documents { get; init; }

    /// <summary>Sentences; empty when it passed.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Of <c>doctor</c>.</summary>
internal sealed record DoctorDocument : Document
{
    /// <summary>What needs attention.</summary>
    public required IReadOnlyList<FindingDetail> Findings { get; init; }
}

/// <summary>Something that needs attention.</summary>
/// <param name="Area"><c>server</c>, <c>store</c>, <c>files</c>, <c>locks</c>, <c>dataset</c>, <c>schedule</c>, <c>secrets</c> or <c>history</c>.</param>
/// <param name="Severity"><c>problem</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Mend">The command that mends it, or what to do; null when there is nothing to do.</param>
/// <param name="Fixed">It was mended.</param>
internal sealed record FindingDetail(string Area, string Severity, string Text, string? Mend, bool Fixed);
