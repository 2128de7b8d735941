using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Tells of runs that failed and of those that succeed again, and calls the pings after each snapshot.</summary>
/// <param name="settings">Who is told.</param>
/// <param name="attended">Somebody sees the end of the run: what only he did is told to nobody else.</param>
/// <param name="clock">The time.</param>
internal sealed class AlarmWitness(Settings settings, bool attended, TimeProvider clock) : IRunWitness
{
    private readonly Settings _settings = settings;
    private readonly bool _attended = attended;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        using var roster = new AlarmRoster(_settings, _clock);
        if (roster.IsEmpty)
        {
            return [];
        }

        var made = end.ExitCode is 0 or (int)ErrorCode.Incomplete;
        var warnings = new List<string>();
        if (start.Operation == RunOperation.Create && (made || !IsOwnDoing(start, end)))
        {
            warnings.AddRange(AlarmDesk.FailuresOf(await roster.PingAsync(start.Series, failed: !made, cancellationToken)));
        }

        if (made || !IsOwnDoing(start, end))
        {
            warnings.AddRange(await TellAsync(roster, start, end, cancellationToken));
        }

        return warnings;
    }

    private async Task<IReadOnlyList<string>> TellAsync(AlarmRoster roster, RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        var desk = new AlarmDesk(_settings, roster, _clock);
        string[] troubles = ["failure:" + start.Operation, "incomplete:" + start.Operation];
        if (end.ExitCode == 0)
        {
            var recovered = desk.Draft(AlarmEvent.Recovery, start.Series, $"The {start.Operation} succeeded again.") with { Operation = start.Operation, Point = end.Point, ExitCode = 0 };
            return await GuardedAsync(() => desk.EndAsync(troubles, start.Series, recovered, cancellationToken));
        }

        var alarm = desk.Draft(AlarmEvent.Failure, start.Series, end.Message ?? $"The {start.Operation} ended with exit code {end.ExitCode}.") with
        {
            Operation = start.Operation,
            Hint = end.Hint,
            ExitCode = end.ExitCode,
            Point = end.Point,
        };
        try
        {
            return await desk.RaiseAsync(end.ExitCode == (int)ErrorCode.Incomplete ? troubles[1] : troubles[0], alarm, cancellationToken);
        }
        catch (MetisException)
        {
            // without a memory it is told each time; the history says itself what is wrong with it
            return AlarmDesk.FailuresOf(await roster.TellAsync(alarm, cancellationToken));
        }
    }

    private static async Task<IReadOnlyList<string>> GuardedAsync(Func<Task<IReadOnlyList<string>>> tell)
    {
        try
        {
            return await tell();
        }
        catch (MetisException)
        {
            return []; // the history says itself what is wrong with it
        }
    }

    /// <summary>The end was brought about by the one who sees it, or is an answer to a question.</summary>
    private bool IsOwnDoing(RunStart start, RunEnd end) => (ErrorCode)end.ExitCode switch
    {
        ErrorCode.Refused => _attended || start.Operation is RunOperation.Restore or RunOperation.Rollback,
        ErrorCode.Usage or ErrorCode.NotFound or ErrorCode.Locked or ErrorCode.Interrupted or ErrorCode.Terminated => _attended,
        _ => false,
    };
}
