using System.Diagnostics;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;
using Microsoft.Data.Sqlite;

namespace MetisBackup.UnitTests.Storage.History;

public sealed class RunHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);
    private readonly string _state = Directory.CreateTempSubdirectory("metis-history-").FullName;

    private string HistoryPath => Path.Combine(_state, "history.db");

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void A_run_is_there_with_all_that_was_said_of_it()
    {
        var start = new RunStart("operational:a", "create", RunCause.Schedule, Night);
        var end = new RunEnd(Night.AddSeconds(9), 3) { Point = "metis_1", Bytes = 7_000_000_000, NewBytes = 5, Message = "A hook failed." };
        using (var history = Open())
        {
            history.Finish(history.Begin(start), end);
        }

        using var again = Open();
        var run = Assert.Single(again.Newest("operational:a", "create", 10));
        Assert.Equal(start, run.Start);
        Assert.Equal(end, run.End);
    }

    [Fact]
    public void The_newest_come_first_and_others_do_not_mix_in()
    {
        using var history = Open();
        var first = history.Begin(Start("a"));
        history.Begin(Start("b"));
        var last = history.Begin(Start("a"));
        Assert.Equal([last, first], history.Newest("a", operation: null, 10).Select(static run => run.Id));
        Assert.Equal([last], history.Newest("a", operation: null, 1).Select(static run => run.Id));
        Assert.Equal(3, history.Newest(series: null, "create", 10).Count);
        Assert.Empty(history.Newest("a", "drill", 10));
    }

    [Fact]
    public void A_run_that_goes_on_has_no_end_and_one_whose_process_died_is_closed_as_failed()
    {
        using var history = Open();
        var own = history.Begin(Start("a"));
        var lost = history.Begin(Start("a"));
        MakeForeign(lost, DeadProcess());

        using var other = Open();
        var runs = other.Newest("a", operation: null, 10).ToDictionary(static run => run.Id);
        Assert.Null(runs[own].End);
        Assert.Equal((int)ErrorCode.Unexpected, runs[lost].End!.ExitCode);
        Assert.Contains("died", runs[lost].End!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_of_the_same_number_from_an_earlier_boot_is_dead()
    {
        using var history = Open();
        var run = history.Begin(Start("a"));
        MakeForeign(run, $"11111111-2222-3333-4444-555555555555 {Environment.ProcessId} 1");
        using var other = Open();
        Assert.NotNull(Assert.Single(other.Newest("a", operation: null, 1)).End);
    }

    [Fact]
    public void Due_times_are_remembered()
    {
        using (var history = Open())
        {
            Assert.Null(history.LastDue("nightly"));
            history.SetLastDue("nightly", Night);
            history.SetLastDue("nightly", Night.AddDays(1));
        }

        using var again = Open();
        Assert.Equal(Night.AddDays(1), again.LastDue("nightly"));
    }

    [Fact]
    public void Old_runs_are_forgotten_but_never_the_newest_of_a_kind()
    {
        using var history = Open();
        history.Finish(history.Begin(Start("a")), new RunEnd(Night, 0));
        var last = history.Begin(Start("a"));
        history.Finish(last, new RunEnd(Night.AddMinutes(1), 0));
        Assert.Equal(1, history.Forget(Night.AddDays(1)));
        Assert.Equal(last, Assert.Single(history.Newest("a", operation: null, 10)).Id);
    }

    [Fact]
    public void The_file_is_private()
    {
        using var history = Open();
        history.Begin(Start("a"));
        Assert.All(
            Directory.GetFiles(_state),
            static file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public void A_file_that_is_no_history_is_named_with_a_way_out()
    {
        File.WriteAllText(HistoryPath, new string('x', 4096));
        var error = Assert.Throws<MetisException>(Open);
        Assert.Contains(HistoryPath, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void A_history_of_a_newer_version_is_left_alone()
    {
        using (Open())
        {
            Execute("PRAGMA user_version = 99");
        }

        Assert.Contains("newer", Assert.Throws<MetisException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_writers_at_once_lose_nothing()
    {
        const int writers = 4;
        const int each = 25;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            using var history = Open();
            for (var run = 0; run < each; run++)
            {
                history.Finish(history.Begin(Start($"series {writer}")), new RunEnd(Night, 0));
            }
        }, TestContext.Current.CancellationToken)));
        using var all = Open();
        Assert.Equal(writers * each, all.Newest(series: null, operation: null, 1000).Count(static run => run.End is not null));
    }

    private static RunStart Start(string series) => new(series, "create", RunCause.Command, Night);

    private static string DeadProcess()
    {
        using var process = Process.Start("/bin/true");
        process.WaitForExit();
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        return $"{boot} {process.Id} 1";
    }

    private RunHistory Open() => RunHistory.Open(HistoryPath, TimeProvider.System);

    private void MakeForeign(long id, string process) => Execute($"UPDATE runs SET process = '{process}' WHERE id = {id}");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={HistoryPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // made of constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
