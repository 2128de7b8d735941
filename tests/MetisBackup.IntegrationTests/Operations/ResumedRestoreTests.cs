using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Retention;
using MetisBackup.DevServer.Faults;
using MetisBackup.Storage.Store;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class ResumedRestoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_state_stays_the_undo_however_often_a_restore_is_tried_and_each_state_between_is_kept()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();
        await BreakAsync(lab, full: false);
        var first = Assert.Single((await lab.ListAsync()).UnfinishedRestores).SafetySnapshot;
        var ruin = await lab.PictureAsync();
        await BreakAsync(lab, full: false);
        var second = Assert.Single((await lab.ListAsync()).UnfinishedRestores);

        var restored = await lab.RestoreAsync();

        Assert.Equal(first, second.SafetySnapshot);
        Assert.Equal(first, restored.SafetySnapshot);
        Assert.Equal(2, restored.InterimSnapshots.Count);
        Assert.Equal(second.InterimSnapshots, restored.InterimSnapshots.Take(1));
        await lab.RestoreAsync(restored.InterimSnapshots[0]);
        Assert.Equal(ruin, await lab.PictureAsync());
        await lab.RestoreAsync(first!);
        Assert.Equal(experiment, await lab.PictureAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("products")]
    public async Task What_clients_write_after_an_interrupted_restore_can_be_brought_back(string? only)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var created = await lab.CreateAsync();
        var scope = only is null ? Array.Empty<string>() : [only];
        await lab.ExperimentAsync();
        await BreakAsync(lab, scope, full: false);
        await lab.InsertAsync("products", ["""{"_key":"precious","sku":-77}"""]);
        var worked = await lab.PictureAsync();

        var restored = await lab.RestoreAsync(created.Name, only: scope);

        Assert.Equal(before.Where(Concerns), (await lab.PictureAsync()).Where(Concerns));
        var undone = await lab.RestoreAsync(Assert.Single(restored.InterimSnapshots));
        Assert.Equal(worked, await lab.PictureAsync());
        Assert.Empty(undone.InterimSnapshots);

        bool Concerns(string line) => only is null || line.StartsWith(only, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_run_tried_the_server_with_is_removed_and_nothing_of_others()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        await BreakAsync(lab, ["products"], full: false);
        string[] ours = ["metis_probe_0123456789abcdef", "metis_probe_00000000000000aa"];
        string[] others = ["metis_probe_results", "metis_probe_fedcba9876543210", "metis_probe_fedcba987654321X"];
        foreach (var name in ours.Concat(others))
        {
            await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", $$"""{"name":"{{name}}"}""");
        }

        await lab.InsertAsync(ours[0], ["""{"_key":"probe"}"""]);
        await lab.InsertAsync(others[1], ["""{"_key":"mine"}"""]);

        await lab.RestoreAsync(created.Name, only: ["products"]);

        var left = (await lab.PictureAsync()).Where(static line => line.Contains("metis_probe_", StringComparison.Ordinal)).ToList();
        Assert.All(ours, name => Assert.DoesNotContain(left, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.All(others, name => Assert.Contains(left, line => line.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Going_back_saves_the_ruin_too()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();
        await BreakAsync(lab);
        await lab.InsertAsync("people", ["""{"_key":"precious"}"""]);
        var safety = Assert.Single((await lab.ListAsync()).UnfinishedRestores).SafetySnapshot!;

        var back = await lab.RestoreAsync(safety);

        Assert.Equal(experiment, await lab.PictureAsync());
        Assert.Equal(safety, back.SafetySnapshot);
        await lab.RestoreAsync(Assert.Single(back.InterimSnapshots), only: ["people"]);
        await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/precious");
    }

    [Fact]
    public async Task States_that_an_unfinished_restore_needs_are_not_deleted_unless_forced()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await BreakAsync(lab);
        await BreakAsync(lab);
        var unfinished = Assert.Single((await lab.ListAsync()).UnfinishedRestores);
        var interim = Assert.Single(unfinished.InterimSnapshots);

        foreach (var name in new[] { unfinished.SafetySnapshot!, interim })
        {
            var error = await Assert.ThrowsAsync<MetisException>(() => DeleteAsync(lab, name, force: false));
            Assert.Equal(ErrorCode.Refused, error.Code);
        }

        var rules = new RetentionChoice { Usual = RetentionPolicy.Operational, Safety = RetentionPolicy.Safety };
        var states = Assert.Single(StoreSeries.ReadAll(SnapshotStore.Open(lab.Store, lab.Clock, createIfMissing: false), Lab.Database, rules), static one => one.IsSafety);
        Assert.Equal(2, states.Points.Count);
        Assert.All(states.Points, static point => Assert.Equal(["an unfinished restore of shop"], point.Users));
        await DeleteAsync(lab, unfinished.SafetySnapshot!, force: true);
        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(interim, restored.SafetySnapshot);
        Assert.Single(restored.InterimSnapshots);
    }

    [Fact]
    public async Task A_collection_that_cannot_be_proven_does_not_block_the_second_attempt()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await BreakAsync(lab);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/document/people?isRestore=true&overwriteMode=replace", """[{"_key":"odd","_rev":"12345"}]""");

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        var interim = Assert.Single(restored.InterimSnapshots);
        var saved = Assert.Single((await lab.ListAsync()).Snapshots, one => one.Name == interim);
        Assert.Equal(["people"], saved.UnprovenCollections);
        await lab.RestoreAsync(interim, only: ["people"]);
        await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/odd");
    }

    [Theory]
    [InlineData("/_api/replication/restore-collection", false)]
    [InlineData("/_api/replication/restore-collection", true)]
    [InlineData("/_api/replication/restore-view", false)]
    [InlineData("/_api/document/products", true)]
    [InlineData("/_admin/wal/flush", true)]
    public async Task Views_that_an_interrupted_part_took_away_come_back(string fault, bool isAsked)
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"later","type":"arangosearch","links":{"products":{"includeAllFields":true,"analyzers":["words"]}}}""");
        var before = await lab.PictureAsync();
        await BreakAsync(lab, ["products"], fault);
        await BreakAsync(lab, ["products"], fault);

        var planned = await lab.RestoreAsync(created.Name, only: ["products"], dryRun: true);
        var restored = await lab.RestoreAsync(created.Name, only: ["products"], approved: !isAsked);

        Assert.Equal(before, await lab.PictureAsync());
        if (fault.Contains("restore-collection", StringComparison.Ordinal))
        {
            Assert.Equal(["alias", "later", "search"], Made(planned));
            Assert.Equal(["alias", "later", "search"], Made(restored));
            Assert.Contains(restored.Plan.Steps, static step => step is { Name: "later", Reason: "an unfinished restore took it away" });
        }

        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Fact]
    public async Task Views_come_back_though_their_collection_is_finished_or_more_is_restored()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var created = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/products/inv");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=products", """{"type":"inverted","name":"inv","fields":["sku"]}""");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/view/alias/properties", """{"indexes":[{"collection":"products","index":"inv"}]}""");
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/restore-view", Status = 500, ErrorNumber = 4 });
        await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(created.Name, only: ["products"]));
        lab.Server.Faults.Clear();

        var restored = await lab.RestoreAsync(created.Name, only: ["people", "products"]);

        Assert.Equal(before, await lab.PictureAsync());
        Assert.All(restored.Plan.Steps.Where(static step => step.Kind == RestoreObject.Collection), static step => Assert.Equal(RestoreAction.Keep, step.Action));
        Assert.Equal(["alias"], Made(restored));
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Fact]
    public async Task A_view_that_somebody_made_again_meanwhile_stays_as_it_is()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await BreakAsync(lab, ["products"], "/_api/replication/restore-collection");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"search","type":"arangosearch","links":{"people":{"includeAllFields":true}}}""");

        await lab.RestoreAsync(created.Name, only: ["products"]);

        var view = (await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/view/search/properties")).GetProperty("links");
        Assert.True(view.TryGetProperty("people", out _));
        Assert.False(view.TryGetProperty("products", out _));
    }

    [Fact]
    public async Task A_journal_whose_view_is_no_view_is_damaged_and_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await BreakAsync(lab, ["products"], "/_api/replication/restore-collection");
        var journal = Assert.Single(Directory.EnumerateFiles(Path.Combine(lab.Store, ".restores"), "*.json"));
        var text = await File.ReadAllTextAsync(journal, Token);
        var start = text.IndexOf("\"definition\": \"", StringComparison.Ordinal) + 15;
        await File.WriteAllTextAsync(journal, text[..start] + "[" + text[(start + 1)..], Token);
        var ruin = await lab.PictureAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(created.Name, only: ["products"]));

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Equal(ruin, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots, static one => one.Safety);
    }

    private static string[] Made(RestoreDatabaseResult result) =>
        [.. result.Plan.Steps.Where(static step => step is { Kind: RestoreObject.View, Action: RestoreAction.Create }).Select(static step => step.Name).Order(StringComparer.Ordinal)];

    private static Task<DeleteSnapshotResult> DeleteAsync(Lab lab, string name, bool force) => new DeleteSnapshot(lab.Clock).RunAsync(
        new DeleteSnapshotRequest { StorePath = lab.Store, Name = name, Force = force, Approve = static (_, _) => ValueTask.FromResult(true) }, Token);

    /// <summary>A restore that ends after it began to change the database.</summary>
    private static async Task BreakAsync(Lab lab, string[]? only = null, string path = "/_api/document/products", bool full = true)
    {
        lab.Server.Faults.Add(new FaultRule { Path = path, Status = 500, ErrorNumber = 4, Times = 1 });
        await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(only: only, full: full));
        lab.Server.Faults.Clear();
        Assert.NotEmpty((await lab.ListAsync()).UnfinishedRestores);
    }
}
