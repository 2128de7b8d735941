using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class RoundTripTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_restore_the_database_is_the_snapshot()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        Assert.NotEqual(before, await lab.PictureAsync());

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.True(restored.RevisionsKept);
        Assert.Equal(6, restored.Documents);
        Assert.Equal(created.Collections.Count, restored.Collections.Count);
        Assert.NotNull(restored.SafetySnapshot);
        Assert.All(restored.Collections, static proof => Assert.Equal(ProofKind.RevisionTree, proof.Proof));
        Assert.Empty(restored.Warnings);
    }

    [Fact]
    public async Task A_snapshot_tells_what_it_holds()
    {
        await using var lab = await Lab.StartFilledAsync();

        var created = await lab.CreateAsync();
        var shown = await new ShowSnapshot(lab.Clock).RunAsync(new ShowSnapshotRequest { StorePath = lab.Store, Name = "latest" }, Token);
        var verified = await new VerifySnapshot(lab.Clock, lab.Progress).RunAsync(new VerifySnapshotRequest { StorePath = lab.Store }, Token);

        Assert.Equal(created.Name, shown.Summary.Name);
        Assert.Equal(["sales"], shown.Graphs);
        Assert.Equal(["alias", "search"], shown.Views);
        Assert.Equal(["words"], shown.Analyzers);
        Assert.Equal(["shop::twice"], shown.Functions, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Lab.Products, shown.Collections.Single(static one => one.Name == "products").Documents);
        Assert.True(verified.Sound);
        Assert.Equal(created.Documents, Assert.Single(verified.Snapshots).Documents);
        Assert.Equal(created.Documents, lab.Progress.Documents);
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var before = await lab.PictureAsync();

        var planned = await lab.RestoreAsync(dryRun: true);

        Assert.False(planned.Executed);
        Assert.Contains(planned.Plan.Steps, static step => step is { Action: RestoreAction.Drop, Name: "experiment" });
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task A_restore_can_make_another_database()
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        var original = await lab.PictureAsync();
        await lab.CreateAsync();

        var restored = await lab.RestoreAsync(into: "copy");

        Assert.Equal(original, await lab.PictureAsync("copy"));
        Assert.Equal(original, await lab.PictureAsync());
        Assert.Null(restored.SafetySnapshot);
        Assert.True(restored.Plan.CreatesDatabase);
    }

    [Fact]
    public async Task A_database_that_was_dropped_comes_back()
    {
        await using var lab = await Lab.StartFilledAsync();
        var original = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, null, "/_api/database/shop");

        await lab.RestoreAsync();

        Assert.Equal(original, await lab.PictureAsync());
    }

    [Fact]
    public async Task Only_the_named_collection_is_touched()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();

        await lab.RestoreAsync(only: ["products"]);

        var after = await lab.PictureAsync();
        Assert.Equal(Of(before, "products "), Of(after, "products "));
        Assert.Equal(Others(experiment, "products "), Others(after, "products "));
    }

    [Fact]
    public async Task The_safety_snapshot_holds_the_state_before_and_is_never_the_latest()
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();
        var restored = await lab.RestoreAsync();

        var again = await lab.RestoreAsync("latest:shop");
        Assert.Equal(first.Name, again.Snapshot);

        await lab.RestoreAsync(restored.SafetySnapshot!);
        Assert.Equal(experiment, await lab.PictureAsync());
    }

    [Fact]
    public async Task An_empty_database_makes_a_snapshot_that_empties_one()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", """{"name":"nothing"}""");
        var nothing = await lab.PictureAsync("nothing");

        await lab.CreateAsync("nothing");
        await lab.RestoreAsync(into: Lab.Database);

        Assert.Equal(nothing, await lab.PictureAsync());
    }

    [Fact]
    public async Task A_restore_that_is_not_approved_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var before = await lab.PictureAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => new RestoreDatabase(lab.Clock, lab.Progress).RunAsync(
            new RestoreDatabaseRequest { Server = lab.Settings, StorePath = lab.Store, Name = "latest", Approve = static (_, _) => ValueTask.FromResult(false) }, Token));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    private static IEnumerable<string> Of(IEnumerable<string> picture, string start) => picture.Where(line => line.StartsWith(start, StringComparison.Ordinal));

    private static IEnumerable<string> Others(IEnumerable<string> picture, string start) => picture.Where(line => !line.StartsWith(start, StringComparison.Ordinal));
}
