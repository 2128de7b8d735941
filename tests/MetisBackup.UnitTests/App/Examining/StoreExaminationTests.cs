using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class StoreExaminationTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_sound_private_store_has_no_findings_and_nothing_is_left_in_it()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        var before = Directory.GetFileSystemEntries(_fixture.Path);

        Assert.Empty(await ExamineAsync(fix: true));
        Assert.Equal(before, Directory.GetFileSystemEntries(_fixture.Path));
    }

    [Fact]
    public async Task A_store_that_others_can_look_into_is_closed_to_them()
    {
        File.SetUnixFileMode(_fixture.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var found = Assert.Single(await ExamineAsync(fix: false));
        Assert.Equal((FindingSeverity.Warning, $"chmod o-rwx '{_fixture.Path}'", false), (found.Severity, found.Mend, found.Fixed));

        Assert.True(Assert.Single(await ExamineAsync(fix: true)).Fixed);
        Assert.Empty(await ExamineAsync(fix: false));
        Assert.True(File.GetUnixFileMode(_fixture.Path).HasFlag(UnixFileMode.GroupRead));
    }

    [Fact]
    public async Task What_belongs_to_another_account_than_the_store_is_told()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give files away");
        var entry = await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        await new ProcessRunner(TimeProvider.System).RunAsync(new ProcessRequest { Program = "chown", Arguments = ["12345", entry.Path] }, TestContext.Current.CancellationToken);

        var found = Assert.Single(await ExamineAsync(fix: true));

        Assert.Equal((FindingSeverity.Warning, $"chown -R --reference='{_fixture.Path}' '{_fixture.Path}'", false), (found.Severity, found.Mend, found.Fixed));
        Assert.Contains(entry.Name, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_killed_runs_left_behind_is_found_and_removed()
    {
        Directory.CreateDirectory(Path.Combine(_fixture.Path, ".incoming-db.0123456789abcdef"));
        Directory.CreateDirectory(Path.Combine(_fixture.Path, ".trash-metis_x.abc"));

        Assert.Equal([false, false], (await ExamineAsync(fix: false)).Select(static one => one.Fixed));
        Assert.Equal([true, true], (await ExamineAsync(fix: true)).Select(static one => one.Fixed));
        Assert.Empty(Directory.GetDirectories(_fixture.Path, ".incoming*"));
        Assert.Empty(await ExamineAsync(fix: false));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_a_problem_that_is_not_mended_by_itself()
    {
        var entry = await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        File.Delete(Path.Combine(entry.Path, "manifest.json"));

        var found = Assert.Single(await ExamineAsync(fix: true));

        Assert.Equal((FindingSeverity.Problem, false), (found.Severity, found.Fixed));
        Assert.Contains("metis-backup verify " + entry.Name, found.Mend!, StringComparison.Ordinal);
        Assert.True(Directory.Exists(entry.Path));
    }

    [Fact]
    public async Task A_snapshot_of_the_future_is_told()
    {
        await _fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 10)));
        _fixture.Clock.Step(TimeSpan.FromDays(-3));

        Assert.Contains("dated in the future", Assert.Single(await ExamineAsync(fix: false)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Little_room_is_told()
    {
        var found = Assert.Single(await ExamineAsync(fix: false, new StatusLimits { FreeWarningPercent = 100, FreeCriticalPercent = 100 }));

        Assert.Equal((FindingSeverity.Problem, "metis-backup cleanup --dry-run"), (found.Severity, found.Mend));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_an_error_for_who_asks() => Assert.Equal(
        ErrorCode.NotFound,
        (await Assert.ThrowsAsync<MetisException>(() => new StoreExamination(new StorePlace("/nowhere/store", "db", _fixture.Clock), new StatusLimits(), _fixture.Clock).RunAsync(fix: false, TestContext.Current.CancellationToken))).Code);

    private Task<IReadOnlyList<Finding>> ExamineAsync(bool fix, StatusLimits? limits = null) =>
        new StoreExamination(new StorePlace(_fixture.Path, "db", _fixture.Clock), limits ?? new StatusLimits(), _fixture.Clock).RunAsync(fix, TestContext.Current.CancellationToken);
}
