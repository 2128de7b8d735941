using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Supervision.Hooks;

/// <summary>
/// Runs the user's programs before and after an operation. Those after it run whenever those before it were begun, also when one of
/// these stopped the operation: what the first one did is always undone.
/// </summary>
/// <param name="settings">The hooks.</param>
/// <param name="run">Runs one of them.</param>
/// <param name="note">Receives lines for the log.</param>
/// <param name="clock">The time.</param>
internal sealed class HookWitness(Settings settings, HookRun run, Action<string> note, TimeProvider clock) : IRunWitness
{
    /// <summary>What hooks have for undoing after an interruption.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly Settings _settings = settings;
    private readonly HookRun _run = run;
    private readonly Action<string> _note = note;
    private readonly TimeProvider _clock = clock;
    private readonly List<string> _warnings = [];

    /// <inheritdoc/>
    public async ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var hook in Matching(start, HookMoment.Before))
            {
                await RunAsync(hook, start, end: null, cancellationToken);
            }
        }
        catch (Exception failure)
        {
            // nobody will tell this witness of the end of a run that did not begin
            var error = Failure.Of(failure);
            using var farewell = new CancellationTokenSource(Farewell, _clock);
            var end = new RunEnd(_clock.GetUtcNow(), failure is OperationCanceledException ? (int)ErrorCode.Interrupted : (int)error.Code) { Message = error.Message };
            foreach (var warning in await AfterAsync(start, end, cancellationToken.IsCancellationRequested ? farewell.Token : cancellationToken))
            {
                _note(warning);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        var made = end.ExitCode is 0 or (int)ErrorCode.Incomplete;
        foreach (var hook in Matching(start, HookMoment.After, made ? HookMoment.AfterSuccess : HookMoment.AfterFailure))
        {
            await RunAsync(hook, start, end, cancellationToken);
        }

        return _warnings;
    }

    private async Task RunAsync(HookSection hook, RunStart start, RunEnd? end, CancellationToken cancellationToken)
    {
        if (await _run.RunAsync(hook, RunVariables.Of(start, end), cancellationToken) is not { } failure)
        {
            return;
        }

        switch (hook.OnFailure)
        {
            case HookFailure.Abort when end is null:
                throw new MetisException(ErrorCode.ServerFailed, $"{failure.TrimEnd('.')}, so the {start.Operation} was not begun.", $"mend what it complains about, or let it warn only: on_failure of [hook.{hook.Name}]");
            case HookFailure.Ignore:
                _note(failure);
                break;
            default:
                _warnings.Add(failure);
                break;
        }
    }

    private IEnumerable<HookSection> Matching(RunStart start, params HookMoment[] moments) =>
        _settings.Hooks.Where(hook => moments.Contains(hook.When) && GoesWith(hook, OperationOf(start)) && (hook.Targets.Count == 0 || _settings.Targets.Any(target => hook.Targets.Contains(target.Name, StringComparer.Ordinal) && target.Covers(start.Series, _settings.Targets))));

    private static bool GoesWith(HookSection hook, HookedOperation operation) => hook.Operations.Count == 0 || hook.Operations.Contains(operation);

    private static HookedOperation OperationOf(RunStart start) => (start.Operation, RunSeries.IsDr(start.Series)) switch
    {
        (RunOperation.Create, true) => HookedOperation.DrCreate,
        (RunOperation.Cleanup, true) => HookedOperation.DrPrune,
        (RunOperation.Cleanup, false) => HookedOperation.Cleanup,
        (RunOperation.Restore, _) => HookedOperation.Restore,
        (RunOperation.Verify, _) => HookedOperation.Verify,
        (RunOperation.Rollback, _) => HookedOperation.DrRollback,
        (RunOperation.Drill, _) => HookedOperation.DrDrill,
        _ => HookedOperation.Create,
    };
}
