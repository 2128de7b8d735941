using MetisBackup.Storage.History;

namespace MetisBackup.UnitTests.Storage.History;

public sealed class AlarmMemoryTests : IDisposable
{
    private const string Trouble = "failure:create";
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly string _state = Directory.CreateTempSubdirectory("metis-history-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void The_same_trouble_is_told_again_after_the_pause_and_remembers_its_beginning()
    {
        using (var memory = Open())
        {
            Assert.Equal(Night, memory.ClaimAlarm("a", Trouble, Night, Day));
        }

        using var later = Open(); // after a restart
        Assert.Null(later.ClaimAlarm("a", Trouble, Night.AddHours(23), Day));
        Assert.Equal(Night, later.ClaimAlarm("a", Trouble, Night.AddHours(24), Day));
        Assert.Null(later.ClaimAlarm("a", Trouble, Night.AddHours(47), Day));
        Assert.Equal(Night.AddHours(25), later.ClaimAlarm("b", Trouble, Night.AddHours(25), Day));
        Assert.Equal(Night.AddHours(25), later.ClaimAlarm("a", "failure:verify", Night.AddHours(25), Day));
    }

    [Fact]
    public void Without_repetition_it_is_told_once()
    {
        using var memory = Open();
        Assert.NotNull(memory.ClaimAlarm("a", Trouble, Night, repeat: null));
        Assert.Null(memory.ClaimAlarm("a", Trouble, Night.AddYears(10), repeat: null));
    }

    [Fact]
    public void What_was_told_by_a_clock_of_the_future_does_not_silence()
    {
        using var memory = Open();
        memory.ClaimAlarm("a", Trouble, Night.AddYears(1), Day);
        Assert.NotNull(memory.ClaimAlarm("a", Trouble, Night, Day));
    }

    [Fact]
    public void The_end_is_told_once_and_only_when_the_beginning_was()
    {
        using var memory = Open();
        Assert.Null(memory.EndAlarm("a", Trouble));
        memory.ClaimAlarm("a", Trouble, Night, Day);
        Assert.Equal(Trouble, Assert.Single(memory.OpenAlarms()).Trouble);
        Assert.Equal(Night, memory.EndAlarm("a", Trouble));
        Assert.Null(memory.EndAlarm("a", Trouble));

        memory.ClaimAlarm("a", Trouble, Night, Day);
        memory.ReleaseAlarm("a", Trouble); // nobody could be told
        Assert.NotNull(memory.ClaimAlarm("a", Trouble, Night.AddMinutes(1), Day));
        memory.ReleaseAlarm("a", Trouble);
        Assert.Null(memory.EndAlarm("a", Trouble));
        Assert.Empty(memory.OpenAlarms());
    }

    [Fact]
    public async Task Of_many_who_find_the_same_trouble_one_tells()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var memory = Open();
            return memory.ClaimAlarm("a", Trouble, Night, Day);
        }, TestContext.Current.CancellationToken)));

        Assert.Single(claims, static one => one is not null);
    }

    private RunHistory Open() => RunHistory.Open(Path.Combine(_state, "history.db"), TimeProvider.System);
}
