using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>What was seen of one thing that can go wrong without a run. What could not be seen is no observation: it is neither trouble nor recovery.</summary>
/// <param name="Series">The series.</param>
/// <param name="Event">Missed, size or space.</param>
/// <param name="Problem">One sentence; null when it is well.</param>
/// <param name="Hint">What to do; null when there is nothing to say.</param>
internal sealed record AlarmObservation(string Series, AlarmEvent Event, string? Problem, string? Hint = null);

/// <summary>Tells of what goes wrong without a run: one that did not take place, an unusual size, space that runs out.</summary>
/// <param name="settings">Who is told.</param>
/// <param name="clock">The time.</param>
internal sealed class AlarmCheck(Settings settings, TimeProvider clock)
{
    private readonly Settings _settings = settings;
    private readonly TimeProvider _clock = clock;

    /// <summary>Compares what was seen with what was told before, and tells what is new.</summary>
    /// <returns>Who could not be told, one sentence each.</returns>
    /// <exception cref="Core.Errors.MetisException">1, 11, 12, 17: the history cannot be used.</exception>
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
            failures.AddRange(seen.Problem is { } problem
                ? await desk.RaiseAsync(trouble, desk.Draft(seen.Event, seen.Series, problem) with { Hint = seen.Hint }, cancellationToken)
                : await desk.EndAsync([trouble], seen.Series, desk.Draft(AlarmEvent.Recovery, seen.Series, Well(seen.Event)), cancellationToken));
        }

        return failures;
    }

    private static string Well(AlarmEvent about) => about switch
    {
        AlarmEvent.Missed => "There is a fresh snapshot again.",
        AlarmEvent.Size => "The newest snapshot has its usual size again.",
        _ => "There is space enough again.",
    };
}
