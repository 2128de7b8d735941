using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="UndoRollback"/> needs.</summary>
internal sealed record UndoRollbackRequest
{
    /// <summary>Where to work.</summary>
    public required DrSettings Settings { get; init; }

    /// <summary>How the server is stopped and started.</summary>
    public required ServiceSettings Service { get; init; }

    /// <summary>Also on a pool that is degraded or nearly full.</summary>
    public bool Force { get; init; }

    /// <summary>How long the state that is taken back is kept.</summary>
    public required TimeSpan Keep { get; init; }

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Asked once with the plan before anything changes; false ends the run with <see cref="ErrorCode.Refused"/>. Not asked when an unfinished rollback is taken back.</summary>
    public required Func<RollbackPlan, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>Takes the last rollback back: an unfinished one by its journal, a finished one by the state that was kept.</summary>
internal sealed class UndoRollback(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">10 nothing to take back, 11 another run, 12 rights, 15 refused, 16 service or ZFS.</exception>
    public async Task<RollbackResult> RunAsync(UndoRollbackRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        var tools = new DrTools(request.Settings, _clock);
        var service = new ServerService(request.Service, tools.Processes, _clock);
        var run = new RollbackRun(tools, service, _progress);
        using var held = tools.Lock();
        if (RollbackJournal.Find(request.Settings.StatePath, request.Settings.Dataset) is { } unfinished)
        {
            return await run.ReturnAsync(unfinished, cancellationToken) with { Duration = _clock.GetElapsedTime(started) };
        }

        var preparation = await new UndoPreparation(tools, service).PrepareAsync(request, cancellationToken);
        var plan = RollbackPlanner.Plan(preparation.Facts);
        if (request.DryRun)
        {
            return new RollbackResult { Dataset = plan.Dataset, Target = plan.Target, Executed = false, Plan = plan, Warnings = plan.Warnings, Duration = _clock.GetElapsedTime(started) };
        }

        if (!await request.Approve(plan, cancellationToken))
        {
            throw new MetisException(ErrorCode.Refused, $"The undo on {plan.Dataset} was not confirmed; nothing was changed.", "answer yes, or give --yes");
        }

        return await run.ExecuteAsync(plan, preparation.Entry, cancellationToken) with { Duration = _clock.GetElapsedTime(started) };
    }
}
