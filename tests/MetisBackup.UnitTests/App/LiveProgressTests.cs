using MetisBackup.App.Commands.Progress;
using MetisBackup.App.Operations;

namespace MetisBackup.UnitTests.App;

public sealed class LiveProgressTests
{
    [Fact]
    public void A_phase_of_known_size_shows_share_rate_and_time_left() => Assert.Equal(
        "Reading flights  ██████████░░░░░░░░░░ 50 %  1,000 documents  50.0 MB  25.0 MB/s  2.00 s left",
        LiveProgress.Describe(OperationPhase.Reading, "flights", new WorkTotal(1000, 50_000_000), new WorkTotal(2000, 100_000_000), TimeSpan.FromSeconds(2)));

    [Fact]
    public void A_phase_of_unknown_size_shows_what_is_done() => Assert.Equal(
        "Reading flights  1,000 documents  50.0 MB  25.0 MB/s",
        LiveProgress.Describe(OperationPhase.Reading, "flights", new WorkTotal(1000, 50_000_000), WorkTotal.Unknown, TimeSpan.FromSeconds(2)));

    [Fact]
    public void Documents_measure_when_bytes_are_unknown() => Assert.Equal(
        "Proving flights  █████░░░░░░░░░░░░░░░ 25 %  5 documents",
        LiveProgress.Describe(OperationPhase.Proving, "flights", new WorkTotal(5, 0), new WorkTotal(20, null), TimeSpan.FromMilliseconds(100)));

    [Fact]
    public void More_than_expected_is_all_of_it() => Assert.Contains(
        "100 %",
        LiveProgress.Describe(OperationPhase.Writing, "x", new WorkTotal(30, 0), new WorkTotal(20, null), TimeSpan.FromSeconds(5)),
        StringComparison.Ordinal);

    [Fact]
    public void A_name_from_outside_cannot_steer_the_terminal() => Assert.DoesNotContain(
        '\u001b',
        LiveProgress.Describe(OperationPhase.Writing, "\u001b[2J", default, default, default));
}
