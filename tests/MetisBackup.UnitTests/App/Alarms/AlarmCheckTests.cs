using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.UnitTests.App.Scheduling;

namespace MetisBackup.UnitTests.App.Alarms;

/// <summary>Told through a real command, as an operator would write it.</summary>
public sealed class AlarmCheckTests : IDisposable
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly AlarmStopgap _stopgap = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-alarm-").FullName;

    private string Told => Path.Combine(_folder, "told");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_missed_run_is_told_once_and_so_is_that_it_is_over()
    {
        AlarmObservation missed = new("operational:shop", AlarmEvent.Missed, "The last snapshot is 27 h old.", "metis-backup create");
        await CheckAsync(Morning, missed);
        await CheckAsync(Morning.AddMinutes(5), missed);
        await CheckAsync(Morning.AddMinutes(10)); // it could not be seen: that is no recovery
        await CheckAsync(Morning.AddMinutes(15), missed with { Problem = null });
        await CheckAsync(Morning.AddMinutes(20), missed with { Problem = null });

        Assert.Equal(
            ["missed operational:shop The last snapshot is 27 h old.", "recovery operational:shop There is a fresh snapshot again."],
            await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_is_not_asked_about_an_event_or_a_target_does_not_hear_of_it()
    {
        const string Deaf = "[alarms]\non = [\"space\"]\n[target.other]\ndatabase = \"other\"\n";
        await CheckAsync(Morning, Deaf, "targets = [\"other\"]", new AlarmObservation("operational:other", AlarmEvent.Missed, "x"), new AlarmObservation("operational:shop", AlarmEvent.Space, "y"), new AlarmObservation("operational:other", AlarmEvent.Space, "z"));

        Assert.Equal(["space operational:other z"], await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_was_not_told_of_a_trouble_does_not_hear_that_it_is_over()
    {
        AlarmObservation size = new("operational:shop", AlarmEvent.Size, "The newest snapshot has 10 % of the usual size.");
        const string Selective = "on = [\"space\", \"recovery\"]";
        await CheckAsync(Morning, "", Selective, size, size with { Event = AlarmEvent.Space });
        await CheckAsync(Morning.AddMinutes(5), "", Selective, size with { Problem = null }, size with { Event = AlarmEvent.Space, Problem = null });

        Assert.Equal(
            ["space operational:shop The newest snapshot has 10 % of the usual size.", "recovery operational:shop There is space enough again."],
            await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task When_nobody_could_be_told_the_next_check_tries_again()
    {
        AlarmObservation space = new("dr:tank/db", AlarmEvent.Space, "3 % are free.");
        Directory.CreateDirectory(Told);
        Assert.Contains("The command note failed", Assert.Single(await CheckAsync(Morning, space)), StringComparison.Ordinal);
        Directory.Delete(Told);

        Assert.Empty(await CheckAsync(Morning.AddMinutes(5), space));

        Assert.Equal(["space dr:tank/db 3 % are free."], await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_history_that_is_no_history_keeps_nobody_from_being_told_and_nobody_is_told_twice()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "history.db"), new string('x', 5000), TestContext.Current.CancellationToken);
        AlarmObservation space = new("operational:shop", AlarmEvent.Space, "3 % are free.");
        AlarmObservation missed = new("operational:shop", AlarmEvent.Missed, "The last snapshot is 27 h old.");

        Assert.Contains("does not remember what was told", Assert.Single(await CheckAsync(Morning, space, missed)), StringComparison.Ordinal);
        await CheckAsync(Morning.AddMinutes(5), space, missed);
        await CheckAsync(Morning.AddMinutes(10), space, missed with { Problem = null });
        await CheckAsync(Morning.AddMinutes(15), space, missed with { Problem = null });
        await CheckAsync(Morning.AddHours(24), space);

        Assert.Equal(
            ["space operational:shop 3 % are free.", "missed operational:shop The last snapshot is 27 h old.", "recovery operational:shop There is a fresh snapshot again.", "space operational:shop 3 % are free."],
            await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken));
    }

    private Task<IReadOnlyList<string>> CheckAsync(DateTimeOffset now, params AlarmObservation[] seen) => CheckAsync(now, "", "", seen);

    private Task<IReadOnlyList<string>> CheckAsync(DateTimeOffset now, string more, string ofNotifier, params AlarmObservation[] seen)
    {
        var text = $$"""
            {{more}}
            [serve]
            history = "{{_folder}}/history.db"
            [alarms.command.note]
            command = ["/bin/sh", "-c", "echo $METIS_BACKUP_RUN_EVENT $METIS_BACKUP_RUN_SERIES $METIS_BACKUP_RUN_MESSAGE >> {{Told}}"]
            {{ofNotifier}}
            """;
        var file = TomlFile.Parse(text, "file");
        var settings = Settings.Load(new SettingsSource { Files = [], Layers = [file.Known], Options = [], Target = null, Faults = file.Faults, LocalZone = TimeZoneInfo.Utc });
        return new AlarmCheck(settings, _stopgap, new SetClock(now)).RunAsync(seen, TestContext.Current.CancellationToken);
    }
}
