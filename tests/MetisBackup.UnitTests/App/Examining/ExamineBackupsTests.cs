using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;
using MetisBackup.UnitTests.App.Scheduling;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class ExamineBackupsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-doctor-").FullName;
    private readonly SetClock _clock = new(Now);

    private string HistoryPath => Path.Combine(_folder, "history.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_cannot_be_examined_is_a_finding_and_the_rest_is_examined()
    {
        var findings = await RunAsync(
            Of("store", () => throw new MetisException(ErrorCode.Denied, "No rights.", "run as root")),
            Of("server", () => throw new MetisException(ErrorCode.Locked, "Another run works.")),
            Of("dataset", () => throw new InvalidOperationException("boom")),
            Of("history", () => [new Finding(FindingSeverity.Note, "n", null), new Finding(FindingSeverity.Problem, "p", "m")]));

        Assert.Equal(["server", "store", "dataset", "history", "history"], findings.Select(static one => one.Area));
        Assert.Equal(["Another run works.", "No rights."], findings.Take(2).Select(static one => one.Text));
        Assert.Equal((FindingSeverity.Warning, "run as root"), (findings[0].Severity, findings[1].Mend));
        Assert.Contains("boom", findings[2].Text, StringComparison.Ordinal);
        Assert.Equal(["p", "n"], findings.Skip(3).Select(static one => one.Text));
    }

    [Fact]
    public async Task A_part_that_fails_hides_neither_what_it_found_nor_the_others()
    {
        static IEnumerable<Finding> Half()
        {
            yield return new Finding(FindingSeverity.Note, "first", null);
            throw new MetisException(ErrorCode.Denied, "No rights.", "run as root");
        }

        var findings = await ExaminedParts.LookAsync(
            static () => Task.FromResult(Half()),
            static () => throw new MetisException(ErrorCode.ServerFailed, "Nobody answers."),
            static () => Task.FromResult<IEnumerable<Finding>>([new Finding(FindingSeverity.Warning, "last", null)]));

        Assert.Equal(["first", "No rights.", "Nobody answers.", "last"], findings.Select(static one => one.Text));
        Assert.Equal((FindingSeverity.Problem, "run as root"), (findings[1].Severity, findings[1].Mend));
    }

    [Fact]
    public async Task What_hangs_is_a_finding()
    {
        var never = new TaskCompletionSource<IReadOnlyList<Finding>>();
        var request = new ExamineBackupsRequest([new Examination("store", () => never.Task)], Fix: false) { Patience = TimeSpan.FromMilliseconds(200) };

        var found = Assert.Single(await new ExamineBackups(TimeProvider.System).RunAsync(request, TestContext.Current.CancellationToken));

        Assert.Contains("did not answer", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_thing_of_two_targets_is_told_once() =>
        Assert.Single(await RunAsync(Of("store", static () => [new Finding(FindingSeverity.Note, "a", null)]), Of("store", static () => [new Finding(FindingSeverity.Note, "a", null)])));

    [Fact]
    public async Task A_secret_that_others_can_read_is_closed_to_them()
    {
        var (mine, missing, closed) = (Path.Combine(_folder, "a"), Path.Combine(_folder, "b"), Path.Combine(_folder, "c"));
        await File.WriteAllTextAsync(mine, "geheim", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(closed, "geheim", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(mine, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        var examination = new SecretsExamination([mine, missing, closed], []);

        var found = await examination.RunAsync(fix: false, TestContext.Current.CancellationToken);
        Assert.Equal([$"chmod 600 '{mine}'", $"write the secret into it, then: chmod 600 '{missing}'"], found.Select(static one => one.Mend));
        Assert.All(found, static one => Assert.DoesNotContain("geheim", one.Text, StringComparison.Ordinal));

        Assert.True((await examination.RunAsync(fix: true, TestContext.Current.CancellationToken))[0].Fixed);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(mine));
    }

    [Fact]
    public async Task A_secret_that_the_group_can_read_is_only_told()
    {
        var file = Path.Combine(_folder, "a");
        await File.WriteAllTextAsync(file, "geheim", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.False(Assert.Single(await new SecretsExamination([file], []).RunAsync(fix: true, TestContext.Current.CancellationToken)).IsOpen);
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.GroupRead));
    }

    [Fact]
    public async Task A_configuration_that_others_can_change_is_closed_to_them_and_stays_readable()
    {
        var file = Path.Combine(_folder, "config.toml");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        var examination = new SecretsExamination([], [file]);

        Assert.Equal($"chmod o-w '{file}'", Assert.Single(await examination.RunAsync(fix: false, TestContext.Current.CancellationToken)).Mend);
        Assert.True(Assert.Single(await examination.RunAsync(fix: true, TestContext.Current.CancellationToken)).Fixed);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_history_with_a_damaged_page_is_a_problem()
    {
        using (var history = RunHistory.Open(HistoryPath, _clock))
        {
            for (var i = 0; i < 300; i++)
            {
                history.Begin(new RunStart("dr:pool", "create", RunCause.Schedule, Now));
            }
        }

        var bytes = await File.ReadAllBytesAsync(HistoryPath, TestContext.Current.CancellationToken);
        bytes.AsSpan(4096 * 8, 4096).Fill(0xff);
        await File.WriteAllBytesAsync(HistoryPath, bytes, TestContext.Current.CancellationToken);

        Assert.Contains(await RunAsync(new HistoryExamination(HistoryPath, _clock)), static one => one is { Severity: FindingSeverity.Problem } && one.Text.Contains("The history '", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_history_that_is_missing_is_no_fault_and_is_not_made()
    {
        Assert.Equal(FindingSeverity.Note, Assert.Single(await HistoryAsync()).Severity);
        Assert.False(File.Exists(HistoryPath));
    }

    [Fact]
    public async Task A_damaged_history_is_a_problem()
    {
        await File.WriteAllTextAsync(HistoryPath, new string('x', 5000), TestContext.Current.CancellationToken);

        var found = Assert.Single(await RunAsync(new HistoryExamination(HistoryPath, _clock)));

        Assert.Equal(FindingSeverity.Problem, found.Severity);
        Assert.Contains("move it away", found.Mend!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_for_days_and_one_of_the_future_are_told()
    {
        using (var history = RunHistory.Open(HistoryPath, _clock))
        {
            history.Begin(new RunStart("dr:pool", "create", RunCause.Schedule, Now.AddHours(-30)));
            history.Begin(new RunStart("dr:pool", "create", RunCause.Schedule, Now.AddDays(300)));
        }

        Assert.Equal(["A create of dr:pool goes on for 30 h.", $"The history '{HistoryPath}' has runs of the future: a clock is or was wrong."], (await HistoryAsync()).Select(static one => one.Text));
    }

    [Fact]
    public void What_is_examined_follows_the_configuration()
    {
        Assert.Equal(["server arxiv_datastore", "store /bulk-store/metis/snapshots", "files /bulk-store/metis/experiments", "dataset dbpool/arangodb", "dataset What ZFS allows on dbpool/arangodb", "dataset What dbpool/arangodb covers", "locks The locks", "schedule The schedule", "secrets The files of secrets", "history"], Examined("", ExaminedArea.All));
        Assert.Equal(["store /bulk-store/metis/snapshots", "store /s"], Examined("[status]\nignore = [\"dr\"]\n[target.p]\ndatabase = \"p\"\nstore = \"/s\"\n", ["store", "dataset"]));
    }

    private IEnumerable<string> Examined(string text, IReadOnlyCollection<string> areas)
    {
        var file = TomlFile.Parse(text, "file");
        var settings = Settings.Load(new SettingsSource { Files = [], Layers = [file.Known], Options = [], Target = null, Faults = file.Faults, LocalZone = TimeZoneInfo.Utc });
        return ExaminedTargets.Of(settings, areas, _clock).Select(static one => one.Area == "history" ? one.Area : $"{one.Area} {one.Subject}");
    }

    private Task<IReadOnlyList<Finding>> HistoryAsync() => new HistoryExamination(HistoryPath, _clock).RunAsync(fix: false, TestContext.Current.CancellationToken);

    private static Task<IReadOnlyList<Finding>> RunAsync(params IExamination[] examinations) =>
        new ExamineBackups(TimeProvider.System).RunAsync(new ExamineBackupsRequest(examinations, Fix: false), TestContext.Current.CancellationToken);

    private static Examination Of(string area, Func<IReadOnlyList<Finding>> look) => new(area, () => Task.FromResult(look()));

    /// <summary>One whose outcome the test chooses.</summary>
    private sealed class Examination(string area, Func<Task<IReadOnlyList<Finding>>> look) : IExamination
    {
        public string Area => area;

        public string Subject => area;

        public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => look();
    }
}
