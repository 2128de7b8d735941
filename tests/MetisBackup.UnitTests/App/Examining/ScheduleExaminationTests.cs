using MetisBackup.App.Operations.Examining;
using MetisBackup.UnitTests.Storage.Processes;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class ScheduleExaminationTests : IDisposable
{
    private const string Missing = "LoadState=not-found ActiveState=inactive UnitFileState= NextElapseUSecRealtime=";
    private const string Waiting = "LoadState=loaded ActiveState=active UnitFileState=enabled NextElapseUSecRealtime=Tue_2026-11-24_02:00:00_UTC";
    private const string Dead = "LoadState=loaded ActiveState=inactive UnitFileState=disabled NextElapseUSecRealtime=";
    private const string Forgotten = "LoadState=loaded ActiveState=active UnitFileState=disabled NextElapseUSecRealtime=";
    private readonly string _cron = Directory.CreateTempSubdirectory("metis-cron-").FullName;

    public void Dispose() => Directory.Delete(_cron, recursive: true);

    [Fact]
    public async Task A_timer_that_waits_is_told_with_its_next_time()
    {
        var found = Assert.Single(await ExamineAsync(Missing, Waiting));

        Assert.Equal((FindingSeverity.Note, "metis-dr-backup.timer runs next at Tue_2026-11-24_02:00:00_UTC."), (found.Severity, found.Text));
    }

    [Theory]
    [InlineData(Missing, Missing, false, "Nothing runs the schedule (a)", "metis-backup dr install")]
    [InlineData(Missing, Missing, true, "Nothing runs the schedule (a)", "metis-backup serve install")]
    [InlineData(Missing, Dead, false, "metis-dr-backup.timer is installed but inactive", "systemctl enable --now metis-dr-backup.timer")]
    [InlineData(Forgotten, Missing, true, "will not after the next start", "systemctl enable metis-backup.service")]
    [InlineData(Missing, Waiting, true, "only the service runs them", "metis-backup serve install")]
    [InlineData(Waiting, Waiting, true, "captured twice", "metis-backup dr uninstall")]
    public async Task What_does_not_run_or_runs_twice_is_told_with_its_mend(string service, string timer, bool needsService, string text, string mend)
    {
        var found = Assert.Single(await ExamineAsync(service, timer, needsService), static one => one.IsOpen);

        Assert.Contains(text, found.Text, StringComparison.Ordinal);
        Assert.Equal(mend, found.Mend);
    }

    [Fact]
    public async Task Without_systemd_the_job_of_cron_counts()
    {
        Assert.Contains("Nothing runs", Assert.Single(await WithoutSystemdAsync()).Text, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_cron, "metis-dr-backup"), "0 2 * * * root true\n", TestContext.Current.CancellationToken);
        Assert.Empty(await WithoutSystemdAsync());
    }

    [Fact]
    public async Task No_schedule_at_all_is_told() => Assert.Contains("No schedule is enabled", Assert.Single(await ExamineAsync(Missing, Missing, schedules: [])).Text, StringComparison.Ordinal);

    private Task<IReadOnlyList<Finding>> WithoutSystemdAsync() => ExamineAsync(new ScheduleFacts { Schedules = ["a"], NeedsService = false, HasSystemd = false, CronPath = _cron }, []);

    private static Task<IReadOnlyList<Finding>> ExamineAsync(string service, string timer, bool needsService = false, IReadOnlyList<string>? schedules = null) =>
        ExamineAsync(new ScheduleFacts { Schedules = schedules ?? ["a"], NeedsService = needsService, HasSystemd = true, CronPath = "/nowhere" }, [.. Recorded("metis-backup.service", service), .. Recorded("metis-dr-backup.timer", timer)]);

    private static Task<IReadOnlyList<Finding>> ExamineAsync(ScheduleFacts facts, IEnumerable<string> recording) =>
        new ScheduleExamination(facts, new RecordedProcessRunner(recording)).RunAsync(fix: false, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Recorded(string unit, string answer) =>
        [$"### 1 | systemctl show --property=LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime -- {unit}", "rc=0", .. answer.Split(' ').Select(static line => "O: " + line)];
}
