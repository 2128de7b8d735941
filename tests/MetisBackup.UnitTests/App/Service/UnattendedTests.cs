using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Service;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.UnitTests.App.Service;

/// <summary>What the service does when nobody looks: told through a real command, as an operator would write it.</summary>
public sealed class UnattendedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-service-").FullName;
    private readonly List<string> _log = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Told => Path.Combine(_folder, "told");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_password_that_cannot_be_read_is_a_failed_run_that_is_told_and_remembered()
    {
        var settings = Load($"""
            [server]
            password_file = "{_folder}/gone"
            [schedule.nightly]
            target = "operational"
            cron = "0 2 * * *"
            """);
        var job = Assert.Single(new ServiceJobs(TimeProvider.System, new ServiceLog(_log.Add, _log.Add, _log.Add)).Of(settings));

        Assert.Equal(ErrorCode.Usage, (await Assert.ThrowsAsync<MetisException>(() => job.Work(RunCause.Schedule, Token))).Code);

        Assert.Equal([$"failure operational:shop The password file '{_folder}/gone' cannot be read."], await File.ReadAllLinesAsync(Told, Token));
        var run = Assert.Single(new ListRuns(TimeProvider.System).Run(new ListRunsRequest(settings.Serve.History, Series: null, Operation: null, 10)).Runs);
        Assert.Equal(((int?)ErrorCode.Usage, "schedule"), (run.ExitCode, run.Cause));
    }

    [Fact]
    public async Task Metrics_that_cannot_be_written_keep_nobody_from_being_told()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "store"));
        var settings = Load($"""
            [metrics]
            textfile = "{_folder}/gone/metis.prom"
            [status]
            ignore = ["dr"]
            free_warning = 0
            free_critical = 0
            """);
        using var desk = new StatusDesk(() => settings, TimeProvider.System);

        var failures = await desk.WatchAsync(Token);

        Assert.Contains("The metrics cannot be written", Assert.Single(failures), StringComparison.Ordinal);
        Assert.Equal(["missed operational:shop There is no snapshot of shop yet."], await File.ReadAllLinesAsync(Told, Token));
    }

    private Settings Load(string more)
    {
        var text = $$"""
            [operational]
            database = "shop"
            store = "{{_folder}}/store"
            [serve]
            history = "{{_folder}}/history.db"
            [alarms.command.note]
            command = ["/bin/sh", "-c", "echo $METIS_BACKUP_RUN_EVENT $METIS_BACKUP_RUN_SERIES $METIS_BACKUP_RUN_MESSAGE >> {{Told}}"]
            {{more}}
            """;
        var file = TomlFile.Parse(text, "file");
        return Settings.Load(new SettingsSource { Files = [], Layers = [file.Known], Options = [], Target = null, Faults = file.Faults, LocalZone = TimeZoneInfo.Utc });
    }
}
