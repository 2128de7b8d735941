using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Supervision;

namespace MetisBackup.UnitTests.App.Alarms;

public sealed class StatusObservationsTests
{
    private static readonly Concern Old = new(ConcernKind.Age, Health.Critical, "The newest snapshot is 9 d old.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_targets_that_are_one_series_the_one_with_the_trouble_speaks(bool isFirst)
    {
        var report = new StatusReport
        {
            At = DateTimeOffset.UnixEpoch,
            Health = Health.Critical,
            Series = [Target("near", isFirst ? [Old] : []), Target("far", isFirst ? [] : [Old])],
            Ignored = [],
            Limits = new StatusLimits(),
        };

        var seen = Assert.Single(StatusObservations.Of(report));

        Assert.Equal((AlarmEvent.Missed, "operational:shop", Old.Text), (seen.Event, seen.Series, seen.Problem));
    }

    private static SeriesStatus Target(string name, IReadOnlyList<Concern> concerns) => new()
    {
        Target = name,
        Tier = "operational",
        Series = "operational:shop",
        Subject = "shop",
        Health = concerns.Select(static one => one.Health).Worst(),
        Concerns = concerns,
        Points = PointCounts.Of([]),
    };
}
