using MetisBackup.App.Commands;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class NagiosLineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void All_is_well_in_one_line_with_numbers()
    {
        var series = Series([]) with
        {
            Newest = new WatchedPoint("p", Now.AddHours(-7), PointKind.Own) { Bytes = 12 },
            AllowedAge = TimeSpan.FromHours(26),
            Points = new PointCounts(3, 1, 9, 0, 0, 0),
            Space = new SpaceStatus("pool", 5, 41.25),
        };

        Assert.Equal(
            "METIS BACKUP OK - dr 7 h old | 'dr_age'=25200s;;93600;0 'dr_size'=12B;;;0 'dr_points'=4;;;0 'dr_free'=41.3%;15:;5:;0;100",
            NagiosLine.Of(Report(series)));
    }

    [Fact]
    public void What_is_wrong_stands_before_the_bar_and_what_is_unknown_is_left_out() => Assert.Equal(
        "METIS BACKUP CRITICAL - dr: It failed/badly; dr: More",
        NagiosLine.Of(Report(Series([new Concern(ConcernKind.Failed, Health.Critical, "It failed|badly."), new Concern(ConcernKind.Space, Health.Warning, "More.")]))));

    [Fact]
    public void A_failure_is_unknown() => Assert.Equal("METIS BACKUP UNKNOWN - Line 3 is wrong.", NagiosLine.Of(new MetisException(ErrorCode.Usage, "Line 3 is wrong.")));

    [Fact]
    public void A_line_break_does_not_end_the_answer() => Assert.DoesNotContain('\n', NagiosLine.Of(new MetisException(ErrorCode.Usage, "a\nb\r\nc")));

    private static StatusReport Report(SeriesStatus series) =>
        new() { At = Now, Health = series.Health, Series = [series], Ignored = [], Limits = new StatusLimits { FreeWarningPercent = 15, FreeCriticalPercent = 5 } };

    private static SeriesStatus Series(IReadOnlyList<Concern> concerns) =>
        new() { Target = "dr", Tier = "dr", Series = "dr:pool", Subject = "pool", Health = concerns.Select(static one => one.Health).Worst(), Concerns = concerns };
}
