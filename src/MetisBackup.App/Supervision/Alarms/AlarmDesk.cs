using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Decides whether it is time to tell, by what was told before.</summary>
/// <param name="settings">Who is told, how often.</param>
/// <param name="roster">Those who are told.</param>
/// <param name="clock">The time.</param>
internal sealed class AlarmDesk(Settings settings, AlarmRoster roster, TimeProvider clock)
{
    /// <summary>A nightly run is not always equally long: so much earlier than the full pause it may be told again.</summary>
    private static readonly TimeSpan LongestSlack = TimeSpan.FromHours(1);

    private readonly Settings _settings = settings;
    private readonly AlarmRoster _roster = roster;
    private readonly TimeProvider _clock = clock;

    /// <summary>How long nobody is told again of the same trouble; null for as long as it lasts.</summary>
    public TimeSpan? Pause => _settings.Alarms.Repeat is { } repeat ? repeat - (repeat / 10 < LongestSlack ? repeat / 10 : LongestSlack) : null;

    /// <summary>A new alarm about a series, with what is known without asking.</summary>
    public Alarm Draft(AlarmEvent about, string series, string message) =>
        new() { Event = about, Series = series, Message = message, Time = _clock.GetUtcNow(), Host = Environment.MachineName };

    /// <summary>Tells of a trouble that is there, unless it was told not long ago.</summary>
    /// <param name="trouble">What it is, in the memory.</param>
    /// <param name="alarm">What is told.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>Who could not be told, one sentence each.</returns>
    /// <exception cref="MetisException">The memory cannot be used.</exception>
    public async Task<IReadOnlyList<string>> RaiseAsync(string trouble, Alarm alarm, CancellationToken cancellationToken)
    {
        if (alarm.Event is { } about && !_roster.Listens(about, alarm.Series))
        {
            return []; // nor is anybody told, then, that it is over
        }

        using var memory = RunHistory.Open(_settings.Serve.History, _clock);
        if (memory.ClaimAlarm(alarm.Series, trouble, alarm.Time, Pause) is not { } since)
        {
            return [];
        }

        var last = memory.NewestSuccess(alarm.Series, RunOperation.Create);
        var told = await _roster.TellAsync(alarm with { Since = since, LastSuccess = last is { End: { } end } ? new LastSuccess(end.Point, end.Ended) : null }, cancellationToken);
        if (told.Length > 0 && told.All(static one => one.Failure is not null))
        {
            memory.ReleaseAlarm(alarm.Series, trouble);
        }

        return FailuresOf(told);
    }

    /// <summary>Tells of a trouble that is over, when somebody had been told that it was there.</summary>
    /// <param name="troubles">What it is, in the memory; several are told of as one.</param>
    /// <param name="series">Who had it.</param>
    /// <param name="recovered">What is told.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>Who could not be told, one sentence each.</returns>
    /// <exception cref="MetisException">The memory cannot be used.</exception>
    public async Task<IReadOnlyList<string>> EndAsync(IReadOnlyList<string> troubles, string series, Alarm recovered, CancellationToken cancellationToken)
    {
        DateTimeOffset? since;
        using (var memory = RunHistory.Open(_settings.Serve.History, _clock))
        {
            since = troubles.Select(trouble => memory.EndAlarm(series, trouble)).Min();
        }

        return since is null ? [] : FailuresOf(await _roster.TellAsync(recovered with { Since = since }, cancellationToken));
    }

    /// <summary>The sentences of those who could not be told.</summary>
    public static IReadOnlyList<string> FailuresOf(IEnumerable<Told> told) => [.. told.Select(static one => one.Failure).OfType<string>()];
}
