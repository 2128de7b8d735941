using CsCheck;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.UnitTests.DevServer;

public sealed class HybridClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_new_millisecond_begins_with_counter_zero()
    {
        var time = new SteppedTime(Start);
        var clock = new HybridClock(time, 0);

        Assert.Equal((ulong)Start.ToUnixTimeMilliseconds() << 20, clock.Next().Value);
        Assert.Equal(((ulong)Start.ToUnixTimeMilliseconds() << 20) + 1, clock.Next().Value);
    }

    [Fact]
    public void Ids_rise_however_the_wall_clock_jumps() => Gen.Int[-5000, 5000].List[1, 100].Sample(steps =>
    {
        var time = new SteppedTime(Start);
        var clock = new HybridClock(time, 0);
        var last = 0UL;
        foreach (var step in steps)
        {
            time.Now += TimeSpan.FromMilliseconds(step);
            var next = clock.Next().Value;
            if (next <= last)
            {
                return false;
            }

            last = next;
        }

        return true;
    });

    [Fact]
    public void A_foreign_stamp_moves_the_clock_past_it()
    {
        var clock = new HybridClock(new SteppedTime(Start), 0);
        var stamp = ((ulong)Start.AddHours(1).ToUnixTimeMilliseconds() << 20) + 7;

        clock.Observe(new RevisionId(stamp));
        clock.Observe(new RevisionId(0));
        clock.Observe(RevisionId.Invalid);

        Assert.Equal(stamp + 1, clock.Next().Value);
    }

    [Fact]
    public void Ids_rise_over_a_restart_with_a_clock_that_stepped_back()
    {
        var time = new SteppedTime(Start);
        using var fixture = new EngineFixture(time);
        var collection = fixture.Create("c");
        fixture.Insert(collection, "a");
        var last = fixture.Engine.Clock.Last;

        time.Now -= TimeSpan.FromDays(1);
        fixture.Reopen();

        Assert.True(fixture.Engine.Clock.Next().Value > last);
    }

    private sealed class SteppedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
