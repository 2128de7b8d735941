namespace MetisBackup.Storage.History;

/// <summary>Why a run took place.</summary>
public enum RunCause
{
    /// <summary>A person or a script asked for it.</summary>
    Command,

    /// <summary>Its time had come.</summary>
    Schedule,

    /// <summary>Its time had come while the scheduler was not there.</summary>
    CatchUp,
}

/// <summary>A run as it begins.</summary>
/// <param name="Series">What it belongs to, for example <c>operational:arxiv_datastore</c> or <c>dr:dbpool/arangodb</c>.</param>
/// <param name="Operation">What it does, for example <c>create</c>.</param>
/// <param name="Cause">Why it takes place.</param>
/// <param name="Started">When.</param>
public sealed record RunStart(string Series, string Operation, RunCause Cause, DateTimeOffset Started);

/// <summary>How a run ended.</summary>
/// <param name="Ended">When.</param>
/// <param name="ExitCode">0 when all of it was done; otherwise a number of the published table.</param>
public sealed record RunEnd(DateTimeOffset Ended, int ExitCode)
{
    /// <summary>Name of the recovery point that it made or worked on; null when there is none.</summary>
    public string? Point { get; init; }

    /// <summary>Bytes of the content of that point; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that the point added to what was there; null when unknown.</summary>
    public long? NewBytes { get; init; }

    /// <summary>One sentence about a failure, without secrets; null for a success.</summary>
    public string? Message { get; init; }

    /// <summary>What to do about it; for those who are told at once, the history does not keep it. Null when there is nothing to say.</summary>
    public string? Hint { get; init; }
}

/// <summary>A run as the history knows it.</summary>
/// <param name="Id">Its number, growing.</param>
/// <param name="Start">How it began.</param>
/// <param name="End">How it ended; null while it goes on.</param>
public sealed record RunRecord(long Id, RunStart Start, RunEnd? End);
