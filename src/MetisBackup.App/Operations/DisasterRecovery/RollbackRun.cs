using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A rollback from its approval to its report: forward, and back again when the server does not come up.</summary>
/// <param name="tools">The tools.</param>
/// <param name="service">The service and the server behind it.</param>
/// <param name="progress">Told about every step.</param>
internal sealed class RollbackRun(DrTools tools, ServerService service, IOperationProgress progress)
{
    private readonly DrTools _tools = tools;
    private readonly ServerService _service = service;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Executes a plan that was approved.</summary>
    public async Task<RollbackResult> ExecuteAsync(RollbackPlan plan, RollbackJournalEntry entry, CancellationToken cancellationToken)
    {
        var journal = RollbackJournal.Begin(_tools.Settings.StatePath, entry);
        return await ForwardAsync(new RollbackContext(_tools, _service, journal, _progress), plan, cancellationToken);
    }

    /// <summary>Goes on with a run that did not end, in the direction that it had.</summary>
    /// <exception cref="MetisException">10, 12, 16: the service; nothing was done then.</exception>
    public async Task<RollbackResult> ResumeAsync(RollbackJournal journal, CancellationToken cancellationToken)
    {
        await _service.RequireKnownAsync(cancellationToken);
        var context = new RollbackContext(_tools, _service, journal, _progress);
        return await (journal.Entry.Returning ? BackAsync(context, cancellationToken) : ForwardAsync(context, plan: null, cancellationToken));
    }

    /// <summary>Takes a run back that did not end.</summary>
    /// <exception cref="MetisException">15: it went back in place, which cannot be taken back. 10, 12, 16: the service; nothing was done then.</exception>
    public async Task<RollbackResult> ReturnAsync(RollbackJournal journal, CancellationToken cancellationToken)
    {
        if (journal.Entry is { Kind: RollbackKind.InPlace, Done: not RollbackStep.None })
        {
            throw new MetisException(ErrorCode.Refused, "A rollback in place cannot be taken back.", "finish it with 'metis-backup dr rollback --resume'");
        }

        await _service.RequireKnownAsync(cancellationToken);
        return await BackAsync(new RollbackContext(_tools, _service, journal, _progress), cancellationToken);
    }

    private async Task<RollbackResult> ForwardAsync(RollbackContext context, RollbackPlan? plan, CancellationToken cancellationToken)
    {
        var entry = context.Entry;
        try
        {
            await new RollbackExecution(context).RunAsync(cancellationToken);
        }
        catch (MetisException failure)
        {
            throw await HandleAsync(context, failure);
        }

        Record(context, "done");
        return new RollbackResult
        {
            Dataset = entry.Dataset,
            Target = Target(entry),
            Executed = true,
            Plan = plan,
            SafetySnapshot = SafetyNow(context.Entry),
            Kept = entry.Kind == RollbackKind.InPlace ? null : entry.Replaced,
            KeptUntil = entry.Kind == RollbackKind.InPlace ? null : entry.Expires,
            ServerAnswers = _service.Exists,
            Warnings = [.. plan?.Warnings ?? ServerIsLeft(), .. context.Warnings],
        };
    }

    /// <summary>A plan warns of this before; an unfinished run that goes on has none.</summary>
    private IReadOnlyList<string> ServerIsLeft() => _service.Exists ? [] : ["No service was started: start the server yourself."];

    /// <summary>The safety snapshot has moved with the data set that it was taken of.</summary>
    private static string? SafetyNow(RollbackJournalEntry entry) => entry.SafetySnapshot is { } safety ? entry.Replaced + safety[safety.IndexOf('@', StringComparison.Ordinal)..] : null;

    private async Task<RollbackResult> BackAsync(RollbackContext context, CancellationToken cancellationToken)
    {
        _progress.Note($"Taking the unfinished rollback to {context.Entry.Snapshot} back.");
        if (context.Entry.Kind == RollbackKind.InPlace)
        {
            context.Journal.Complete();
        }
        else
        {
            await new RollbackReturn(context).RunAsync(cancellationToken);
        }

        Record(context, "taken back");
        return new RollbackResult
        {
            Dataset = context.Entry.Dataset,
            Target = Target(context.Entry),
            Executed = true,
            Plan = null,
            SafetySnapshot = context.Entry.SafetySnapshot,
            Returned = true,
            ServerAnswers = _service.Exists,
            Warnings = [.. ServerIsLeft(), .. context.Warnings],
        };
    }

    /// <summary>A step failed: what was live before becomes live again, whatever the step. Only the user's own interruption leaves the journal.</summary>
    private async Task<MetisException> HandleAsync(RollbackContext context, MetisException failure)
    {
        var entry = context.Entry;
        Record(context, $"FAILED after {entry.Done} {(int)failure.Code} {failure.Message}");
        if (entry.Done < RollbackStep.StopService)
        {
            return await LetBeAsync(context, failure);
        }

        if (entry.Kind == RollbackKind.InPlace)
        {
            return new MetisException(failure.Code, $"{failure.Message} The rollback in place is unfinished.", $"{failure.Hint}; then run 'metis-backup dr rollback --resume'", failure);
        }

        _progress.Note($"{failure.Message} Going back to the state before.");
        try
        {
            await new RollbackReturn(context).RunAsync(CancellationToken.None);
        }
        catch (MetisException second)
        {
            return new MetisException(
                failure.Code,
                $"{failure.Message} Going back failed too: {second.Message}",
                $"{second.Hint ?? failure.Hint}; then run 'metis-backup dr undo' to go back, or 'metis-backup dr rollback --resume' to try on",
                failure);
        }

        Record(context, "taken back");
        return new MetisException(failure.Code, $"{failure.Message} The state before the rollback is live again{(_service.Exists ? " and its server answers" : "")}.", failure.Hint, failure);
    }

    /// <summary>Nothing was changed yet but the service, which may be down.</summary>
    private async Task<MetisException> LetBeAsync(RollbackContext context, MetisException failure)
    {
        try
        {
            await _service.StartAsync(CancellationToken.None);
        }
        catch (MetisException second)
        {
            context.Journal.Complete();
            return new MetisException(failure.Code, $"{failure.Message} Nothing was changed, but the service is down: {second.Message}", second.Hint, failure);
        }

        context.Journal.Complete();
        return new MetisException(failure.Code, $"{failure.Message} Nothing was changed.", failure.Hint, failure);
    }

    private void Record(RollbackContext context, string outcome) =>
        _tools.Record($"{(context.Entry.Kind == RollbackKind.Undo ? "undo" : "rollback")} {context.Entry.Dataset} to {Target(context.Entry)} {outcome}", context.Warnings);

    private static string Target(RollbackJournalEntry entry) => entry.Kind == RollbackKind.Undo ? entry.Staged : $"{entry.Dataset}@{entry.Snapshot}";
}
