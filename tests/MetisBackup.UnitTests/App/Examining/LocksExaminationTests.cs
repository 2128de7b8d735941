using MetisBackup.App.Operations.Examining;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class LocksExaminationTests : IDisposable
{
    private readonly StoreFixture _fixture = new();
    private readonly string _state = Directory.CreateTempSubdirectory("metis-state-").FullName;

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Locks_of_runs_that_died_are_found_everywhere_and_given_back()
    {
        string[] left = [Leave(_fixture.Path, ".locks/db"), Leave(_fixture.Path, ".restores/db"), Leave(_state, "serve"), Leave(_state, "dr/tank"), Leave(Path.Combine(_fixture.Path, ".files.metis-trash"), "")];

        var found = await ExamineAsync(fix: false);
        Assert.Equal(left.Select(static owner => $"The lock '{Path.ChangeExtension(owner, ".lock")}' is left of a run that died: process 7 of root on {Environment.MachineName}, since 2026-01-01T00:00:00Z. The next run takes it over."), found.Select(static one => one.Text));
        Assert.All(left, static owner => Assert.True(File.Exists(owner)));

        Assert.All(await ExamineAsync(fix: true), static one => Assert.True(one.Fixed));
        Assert.All(left, static owner => Assert.False(File.Exists(owner)));
        Assert.Empty(await ExamineAsync(fix: false));
    }

    [Fact]
    public async Task The_lock_of_a_run_that_goes_on_is_left_alone()
    {
        await using var writer = _fixture.Store.Begin("db", "x");

        Assert.Empty(await ExamineAsync(fix: true));
    }

    [Fact]
    public async Task A_place_that_cannot_be_looked_into_does_not_hide_the_locks_of_the_others()
    {
        Leave(_fixture.Path, ".locks/db");
        File.CreateSymbolicLink(Path.Combine(_fixture.Path, ".locks", "db.lock"), "db.lock");
        var other = Leave(_state, "serve");

        var found = await ExamineAsync(fix: false);

        Assert.Equal([FindingSeverity.Problem, FindingSeverity.Warning], found.Select(static one => one.Severity));
        Assert.Contains(Path.ChangeExtension(other, ".lock"), found[1].Text, StringComparison.Ordinal);
    }

    private static string Leave(string folder, string name)
    {
        var owner = Path.Combine(folder, name + ".owner");
        Directory.CreateDirectory(Path.GetDirectoryName(owner)!);
        File.WriteAllText(owner, $$"""{"user":"root","host":"{{Environment.MachineName}}","process_id":7,"since":"2026-01-01T00:00:00Z"}""");
        return owner;
    }

    private Task<IReadOnlyList<Finding>> ExamineAsync(bool fix) => new LocksExamination([_fixture.Path], [_state], [Path.Combine(_fixture.Path, "files")], _fixture.Clock).RunAsync(fix, TestContext.Current.CancellationToken);
}
