using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Supervision.Alarms;

namespace MetisBackup.App.Supervision;

/// <summary>What the status says of the things that go wrong without a run, for the alarms.</summary>
internal static class StatusObservations
{
    private const string Hint = "'metis-backup status' tells more";

    /// <summary>
    /// One observation for each thing that could be judged. Of two targets that are one series, as a data set that is named twice, the one with the trouble speaks: else
    /// each look would tell of the trouble of the one and of the recovery of the other.
    /// </summary>
    public static IReadOnlyList<AlarmObservation> Of(StatusReport report) =>
        [.. report.Series.SelectMany(Of).GroupBy(static one => (one.Series, one.Event)).Select(static group => group.FirstOrDefault(static one => one.Problem is not null) ?? group.First())];

    private static IEnumerable<AlarmObservation> Of(SeriesStatus one)
    {
        if (one.Points is not null)
        {
            yield return Seen(one, AlarmEvent.Missed, ConcernKind.Age, ConcernKind.NoPoint, ConcernKind.Missed);
            if (one.UsualBytes is not null)
            {
                yield return Seen(one, AlarmEvent.Size, ConcernKind.Size);
            }
        }

        else if (Seen(one, AlarmEvent.Missed, ConcernKind.Missed) is { Problem: not null } missed)
        {
            // whether there is a fresh snapshot cannot be seen, but that nothing was run to make one can
            yield return missed;
        }

        if (one.Space is not null)
        {
            yield return Seen(one, AlarmEvent.Space, ConcernKind.Space, ConcernKind.Forecast);
        }
    }

    private static AlarmObservation Seen(SeriesStatus one, AlarmEvent about, params ReadOnlySpan<ConcernKind> kinds)
    {
        foreach (var concern in one.Concerns)
        {
            if (kinds.Contains(concern.Kind))
            {
                return new AlarmObservation(one.Series, about, concern.Text, Hint);
            }
        }

        return new AlarmObservation(one.Series, about, Problem: null);
    }
}
