using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>What was seen of one thing that can go wrong without a run. What could not be seen is no observation: it is neither trouble nor recovery.</summary>
/// <param name="Series">The series.</param>
/// <param name="Event">Missed, size or space.</param>
/// <param name="Problem">One sentence; null when it is well.</param>
/// <param name="Hint">What to do; null when there is nothing to say.</param>
internal sealed record AlarmObservation(string Series, AlarmEvent Event, string? Problem, string? Hint = null);

/// <summary>Tells of what goes wrong without a run: one that did not take place, an unusual size, space that runs out.</summary>
/// <param name="settings">Who is told.</param>
/// <param name="stopgap">Remembers what was told while the history does not.</param>
/// <param name="clock">The time.</param>
internal sealed class AlarmCheck(Settings settings, AlarmStopgap stopgap, TimeProvider clock)
{
    private readonly Settings _settings = settings;
    private readonly AlarmStopgap _stopgap = stopgap;
    private readonly TimeProvider _clock = clock;

    /// <summary>Compares what was seen with what was told before, and tells what is new.</summary>
    /// <returns>Who could not be told, one sentence each; that the history cannot be used is another one.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<AlarmObservation> observations, CancellationToken cancellationToken)
    {
        using var roster = new AlarmRoster(_settings, _clock);
        if (roster.IsEmpty)
        {
            return [];
        }

        var desk = new AlarmDesk(_settings, roster, _clock);
        var failures = new List<string>();
        foreach (var seen in observations)
        {
            var trouble = seen.Event.ToString().ToLowerInvariant();
            var alarm = seen.Problem is { } problem ? desk.Draft(seen.Event, seen.Series, problem) with { Hint = seen.Hint } : desk.Draft(AlarmEvent.Recovery, seen.Series, Well(seen.Event));
            try
            {
                failures.AddRange(seen.Problem is null ? await desk.EndAsync([trouble], seen.Series, alarm, cancellationToken) : await desk.RaiseAsync(trouble, alarm, cancellationToken));
            }
            catch (MetisException fault)
            {
                failures.Add($"The history does not remember what was told: {fault.Message}");
                failures.AddRange(await TellWithoutMemoryAsync(roster, desk, trouble, alarm, cancellationToken));
            }
        }

        return [.. failures.Distinct(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> TellWithoutMemoryAsync(AlarmRoster roster, AlarmDesk desk, string trouble, Alarm alarm, CancellationToken cancellationToken)
    {
        var isTime = alarm.Event is { } about and not AlarmEvent.Recovery
            ? roster.Listens(about, alarm.Series) && _stopgap.Claim(alarm.Series, trouble, alarm.Time, desk.Pause)
            : _stopgap.End(alarm.Series, trouble);
        var told = isTime ? await roster.TellAsync(alarm, cancellationToken) : [];
        if (told.Length > 0 && told.All(static one => one.Failure is not null))
        {
            _ = _stopgap.End(alarm.Series, trouble);
        }

        return AlarmDesk.FailuresOf(told);
    }

    private static string Well(AlarmEvent about) => about switch
    {
        AlarmEvent.Missed => "There is a fresh snapshot again.",
        AlarmEvent.Size => "The newest snapshot has its usual size again.",
        _ => "There is space enough again.",
    };
}
