using MetisBackup.Core.Forecasting;

namespace MetisBackup.UnitTests.Core.Forecasting;

public sealed class SpaceForecastTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_steady_loss_is_its_own_rate()
    {
        var rate = SpaceForecast.ShrinkingPerDay([.. Enumerable.Range(0, 10).Select(static day => Sample(day, 1000 - (day * 50)))]);

        Assert.Equal(50, rate!.Value, precision: 6);
        Assert.Equal(TimeSpan.FromDays(11), SpaceForecast.Remaining(550, rate));
    }

    [Fact]
    public void What_retention_frees_each_night_is_no_trend()
    {
        var rate = SpaceForecast.ShrinkingPerDay([.. Enumerable.Range(0, 40).Select(static half => Sample(half / 2.0, half % 2 == 0 ? 1000 : 900))]);

        Assert.InRange(rate!.Value, -2, 2);
    }

    [Fact]
    public void Growing_room_lasts() => Assert.Null(SpaceForecast.Remaining(5, SpaceForecast.ShrinkingPerDay([Sample(0, 1), Sample(1, 2), Sample(2, 3), Sample(3, 4)])));

    [Fact]
    public void A_loss_that_takes_decades_is_none() => Assert.Null(SpaceForecast.Remaining(1_000_000_000, 1));

    [Theory]
    [InlineData(3, 10)]
    [InlineData(20, 0.1)]
    public void Few_samples_or_a_short_time_say_nothing(int count, double days) =>
        Assert.Null(SpaceForecast.ShrinkingPerDay([.. Enumerable.Range(0, count).Select(number => Sample(number * days, 100 - number))]));

    [Fact]
    public void Unknown_rates_say_nothing() => Assert.Null(SpaceForecast.Remaining(5, shrinkingPerDay: null));

    private static SpaceSample Sample(double day, long free) => new(Start.AddDays(day), free);
}
