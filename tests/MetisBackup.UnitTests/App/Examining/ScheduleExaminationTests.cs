using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Storage.Services;
using MetisBackup.UnitTests.App.Scheduling;
using MetisBackup.UnitTests.Storage.Processes;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class ScheduleExaminationTests : IDisposable
{
    private const string Missing = "LoadState=not-found ActiveState=inactive UnitFileState= NextElapseUSecRealtime=";
    private const string Waiting = "LoadState=loaded ActiveState=active UnitFileState=enabled NextElapseUSecRealtime=Tue_2026-11-24_02:00:00_UTC";
    private const string Serving = "LoadState=loaded ActiveState=active UnitFileState=enabled NextElapseUSecRealtime=";
    private const string Dead = "LoadState=loaded ActiveState=inactive UnitFileState=disabled NextElapseUSecRealtime=";
    private const string Forgotten = "LoadState=loaded ActiveState=active UnitFileState=disabled NextElapseUSecRealtime=";
    private const string Installed = "0 2 * * * root test -d /run/systemd/system || /usr/bin/metis-backup dr create --prune --quiet >/dev/null";
    private readonly string _root = Directory.CreateTempSubdirectory("metis-cron-").FullName;
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 20, 9, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_timer_that_waits_is_told_with_its_next_time()
    {
        var found = Assert.Single(await WithSystemdAsync(Missing, Waiting));

        Assert.Equal((FindingSeverity.Note, "metis-dr-backup.timer runs next at Tue_2026-11-24_02:00:00_UTC."), (found.Severity, found.Text));
    }

    [Fact]
    public async Task A_service_that_runs_tells_when_each_job_is_due()
    {
        var found = Assert.Single(await WithSystemdAsync(Serving, Missing, needsService: true));

        Assert.Equal((FindingSeverity.Note, "The service runs a next at 2026-03-21T02:00:00+00:00."), (found.Severity, found.Text));
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
        var found = Assert.Single(await WithSystemdAsync(service, timer, needsService), static one => one.IsOpen);

        Assert.Contains(text, found.Text, StringComparison.Ordinal);
        Assert.Equal(mend, found.Mend);
    }

    [Fact]
    public async Task Without_systemd_the_job_of_cron_counts_while_cron_runs()
    {
        Assert.Equal("metis-backup dr install --cron", Assert.Single(await WithCronAsync()).Mend);

        Write("etc/cron.d/metis-dr-backup", "# made\nSHELL=/bin/sh\n" + Installed + "\n");
        var found = Assert.Single(await WithCronAsync());
        Assert.Equal((FindingSeverity.Note, $"cron takes snapshots next at 2026-03-21T02:00:00+00:00, as {_root}/etc/cron.d/metis-dr-backup says."), (found.Severity, found.Text));

        Assert.Equal("service cron start", Assert.Single(await WithCronAsync(hasCron: false), static one => one.IsOpen).Mend);
    }

    [Fact]
    public async Task The_job_of_cron_is_none_where_systemd_keeps_the_machine()
    {
        Write("etc/cron.d/metis-dr-backup", Installed + "\n");

        Assert.Contains("Nothing runs", Assert.Single(await WithSystemdAsync(Missing, Missing)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_somebody_wrote_runs_whatever_he_wants()
    {
        Write("var/spool/cron/crontabs/metis", "@daily /opt/metis-backup create Nightly --database shop\n");

        Assert.Contains("2026-03-21T00:00:00", Assert.Single(await WithCronAsync(needsService: true)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_somebody_started_is_seen()
    {
        using var seat = ServiceSeat.Take(_root, _clock);

        Assert.Equal(["The service runs; whoever started it has to start it with the machine.", "The service runs a next at 2026-03-21T02:00:00+00:00."], (await WithCronAsync(needsService: true)).Select(static one => one.Text));
        Assert.Equal("metis-backup serve install", Assert.Single(await WithSystemdAsync(Missing, Missing, needsService: true), static one => one.IsOpen).Mend);
    }

    [Fact]
    public async Task Alarms_need_somebody_who_looks()
    {
        Write("etc/cron.d/metis-dr-backup", Installed + "\n");
        var found = Assert.Single(await WithCronAsync(needsWatcher: true), static one => one.IsOpen);
        Assert.Equal((FindingSeverity.Warning, true), (found.Severity, found.Mend!.Contains("status --alarm --quiet", StringComparison.Ordinal)));

        Write("etc/crontab", "*/10 * * * * root /usr/bin/metis-backup status --alarm --quiet\n");
        Assert.DoesNotContain(await WithCronAsync(needsWatcher: true), static one => one.IsOpen);
        Assert.DoesNotContain(await WithSystemdAsync(Serving, Missing, needsWatcher: true), static one => one.IsOpen);
    }

    [Fact]
    public async Task No_schedule_at_all_is_told() => Assert.Contains("No schedule is enabled", Assert.Single(await ExamineAsync(Facts(false, false) with { Schedules = [] }, [])).Text, StringComparison.Ordinal);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private ScheduleFacts Facts(bool needsService, bool needsWatcher) => new()
    {
        Schedules = [new JobTimes("a", "0 2 * * *", TimeZoneInfo.Utc)],
        NeedsService = needsService,
        NeedsWatcher = needsWatcher,
        State = _root,
        HasSystemd = false,
        HasCron = true,
        Root = _root,
    };

    private Task<IReadOnlyList<Finding>> WithCronAsync(bool needsService = false, bool needsWatcher = false, bool hasCron = true) => ExamineAsync(Facts(needsService, needsWatcher) with { HasCron = hasCron }, []);

    private Task<IReadOnlyList<Finding>> WithSystemdAsync(string service, string timer, bool needsService = false, bool needsWatcher = false) =>
        ExamineAsync(Facts(needsService, needsWatcher) with { HasSystemd = true }, [.. Recorded("metis-backup.service", service), .. Recorded("metis-dr-backup.timer", timer)]);

    private Task<IReadOnlyList<Finding>> ExamineAsync(ScheduleFacts facts, IEnumerable<string> recording) =>
        new ScheduleExamination(facts, new RecordedProcessRunner(recording), _clock).RunAsync(fix: false, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Recorded(string unit, string answer) =>
        [$"### 1 | systemctl show --property=LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime -- {unit}", "rc=0", .. answer.Split(' ').Select(static line => "O: " + line)];
}
