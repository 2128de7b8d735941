using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ListRuns"/> needs.</summary>
/// <param name="HistoryPath">The history's file.</param>
/// <param name="Series">Only runs of this series; null for all.</param>
/// <param name="Operation">Only runs of this operation; null for all.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record ListRunsRequest(string HistoryPath, string? Series, string? Operation, int Limit);

/// <summary>What ran.</summary>
/// <param name="Runs">Newest first.</param>
internal sealed record ListRunsResult(IReadOnlyList<RunSummary> Runs);

/// <summary>A run.</summary>
internal sealed record RunSummary
{
    /// <summary>Its number, growing.</summary>
    public required long Id { get; init; }

    /// <summary>What it belonged to.</summary>
    public required string Series { get; init; }

    /// <summary>What it did.</summary>
    public required string Operation { get; init; }

    /// <summary><c>command</c>, <c>schedule</c> or <c>catch_up</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>Its exit code; null while it goes on.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>The recovery point that it made or worked on, or null.</summary>
    public required string? Point { get; init; }

    /// <summary>Bytes of that point; null when unknown.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Bytes that it added; null when unknown.</summary>
    public required long? NewBytes { get; init; }

    /// <summary>One sentence about what was not done, or null.</summary>
    public required string? Message { get; init; }
}

/// <summary>Reads the history.</summary>
internal sealed class ListRuns(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">1, 11, 12: the history cannot be used.</exception>
    public ListRunsResult Run(ListRunsRequest request)
    {
        using var history = RunHistory.Open(request.HistoryPath, _clock);
        return new ListRunsResult([.. history.Newest(request.Series, request.Operation, request.Limit).Select(SummaryOf)]);
    }

    private static RunSummary SummaryOf(RunRecord run) => new()
    {
        Id = run.Id,
        Series = run.Start.Series,
        Operation = run.Start.Operation,
        Cause = run.Start.Cause switch { RunCause.Schedule => "schedule", RunCause.CatchUp => "catch_up", _ => "command" },
        Started = run.Start.Started,
        Ended = run.End?.Ended,
        ExitCode = run.End?.ExitCode,
        Point = run.End?.Point,
        Bytes = run.End?.Bytes,
        NewBytes = run.End?.NewBytes,
        Message = run.End?.Message,
    };
}
