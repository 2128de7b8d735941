using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="RollBackDataset"/> needs.</summary>
internal sealed record RollBackDatasetRequest
{
    /// <summary>Where to work.</summary>
    public required DrSettings Settings { get; init; }

    /// <summary>How the server is stopped and started.</summary>
    public required ServiceSettings Service { get; init; }

    /// <summary>Full name, the part behind the <c>@</c>, a unique prefix of it, or <c>latest</c>; null to go on with an unfinished rollback.</summary>
    public required string? Name { get; init; }

    /// <summary>Plain <c>zfs rollback</c>: what came after is lost.</summary>
    public bool InPlace { get; init; }

    /// <summary>In place: newer snapshots may be destroyed.</summary>
    public bool DiscardNewer { get; init; }

    /// <summary>Also on a pool that is degraded or nearly full.</summary>
    public bool Force { get; init; }

    /// <summary>How long what is replaced is kept.</summary>
    public required TimeSpan Keep { get; init; }

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Asked once with the plan before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>.</summary>
    public required Func<RollbackPlan, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>What was done.</summary>
internal sealed record RollbackResult
{
    /// <summary>The live data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Full name of the snapshot, or of the kept state that came back.</summary>
    public required string Target { get; init; }

    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>What was, or would be, done; null when an earlier run was finished.</summary>
    public required RollbackPlan? Plan { get; init; }

    /// <summary>Full name of the safety snapshot.</summary>
    public string? SafetySnapshot { get; init; }

    /// <summary>Where what was live is kept.</summary>
    public string? Kept { get; init; }

    /// <summary>From when on it may be pruned.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>An earlier run was taken back, not finished: the state before it is live.</summary>
    public bool Returned { get; init; }

    /// <summary>The server answers.</summary>
    public bool ServerAnswers { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Things worth knowing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Goes back to a snapshot. What was live is kept beside, so nothing is lost, and an undo is a renaming.</summary>
internal sealed class RollBackDataset(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 name, 10 no such snapshot, 11 another run, 12 rights, 13 other databases, 15 refused, 16 service or ZFS; when
    /// the server did not start, the state before is live again and the message says so.</exception>
    public async Task<RollbackResult> RunAsync(RollBackDatasetRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        var tools = new DrTools(request.Settings, _clock);
        var service = new ServerService(request.Service, tools.Processes, _clock);
        var run = new RollbackRun(tools, service, _progress);
        using var held = tools.Lock();
        if (request.Name is null)
        {
            var unfinished = RollbackJournal.Find(request.Settings.StatePath, request.Settings.Dataset)
                ?? throw new MetisException(ErrorCode.NotFound, $"No rollback of data set {request.Settings.Dataset} is unfinished.", "name the snapshot to go back to");
            return await run.ResumeAsync(unfinished, cancellationToken) with { Duration = _clock.GetElapsedTime(started) };
        }

        RollbackJournal.RequireNone(request.Settings.StatePath, request.Settings.Dataset);
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var preparation = await new RollbackPreparation(tools, service).PrepareAsync(request, cancellationToken);
        var plan = RollbackPlanner.Plan(preparation.Facts);
        if (request.DryRun)
        {
            return new RollbackResult { Dataset = plan.Dataset, Target = plan.Target, Executed = false, Plan = plan, Warnings = plan.Warnings, Duration = _clock.GetElapsedTime(started) };
        }

        if (!await request.Approve(plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The rollback of {plan.Dataset} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }

        return await run.ExecuteAsync(plan, preparation.Entry, cancellationToken) with { Duration = _clock.GetElapsedTime(started) };
    }
}
