using System.Globalization;
using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class DeltaRestoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_equal_is_not_touched()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var identities = await IdentitiesAsync(lab);
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p4", """{"sku":-4}""");
        List<string> writes = [];
        Watch(lab, writes);

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(identities, await IdentitiesAsync(lab));
        Assert.Equal(1, restored.Documents);
        Assert.Equal(new DocumentChanges(0, 0, 1), Step(restored, "products").Changes);
        Assert.Equal("1 of 3,000 documents differ", Step(restored, "products").Reason);
        Assert.All(restored.Plan.Steps.Where(static step => step.Name != "products"), static step => Assert.Equal(RestoreAction.Keep, step.Action));
        Assert.Equal(["/_api/document/products"], writes);
    }

    [Fact]
    public async Task A_database_that_is_the_snapshot_is_left_alone()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        List<string> writes = [];
        Watch(lab, writes);

        var restored = await lab.RestoreAsync();

        Assert.True(restored.Plan.ChangesNothing);
        Assert.Empty(writes);
        Assert.NotEmpty(restored.Collections);
        Assert.NotNull(restored.SafetySnapshot);
    }

    [Fact]
    public async Task The_safety_snapshot_is_the_undo()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();

        var restored = await lab.RestoreAsync();
        var undone = await lab.RestoreAsync(restored.SafetySnapshot!);

        Assert.Equal(experiment, await lab.PictureAsync());
        Assert.True(undone.Documents < 10);
        await lab.RestoreAsync(undone.SafetySnapshot!);
        Assert.Equal(before, await lab.PictureAsync());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task The_plan_is_the_same_whoever_is_asked(bool approved, bool dryRun)
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();

        var restored = await lab.RestoreAsync(approved: approved, dryRun: dryRun);

        var products = Step(restored, "products");
        Assert.Equal((RestoreAction.Update, new DocumentChanges(3, 1, 1)), (products.Action, products.Changes));
        Assert.Equal("5 of 3,000 documents differ; property schema differs; index by_sku is missing", products.Reason);
        Assert.Equal((4L, 2L), (products.Written, products.Lost));
        Assert.Equal(RestoreAction.Keep, Step(restored, "bought").Action);
        Assert.Contains(restored.Plan.Steps, static step => step is { Action: RestoreAction.Create, Kind: RestoreObject.Collection, Name: "empty" });
        Assert.Equal(RestoreAction.Drop, Step(restored, "links").Action);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(200)]
    public async Task Unique_values_that_moved_between_documents_move_back(int documents)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        for (var i = 0; i < documents; i++)
        {
            await lab.CallAsync(HttpMethod.Patch, Lab.Database, $"/_api/document/products/p{i}", $$"""{"sku":{{-1 - i}}}""");
        }

        for (var i = 0; i < documents; i++)
        {
            await lab.CallAsync(HttpMethod.Patch, Lab.Database, $"/_api/document/products/p{i}", $$"""{"sku":{{(i + 1) % documents}}}""");
        }

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(RestoreAction.Update, Step(restored, "products").Action);
        Assert.True(restored.RevisionsKept);
    }

    [Fact]
    public async Task A_unique_value_that_a_new_document_took_comes_back()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products/p7");
        await lab.InsertAsync("products", ["""{"_key":"thief","sku":7}"""]);

        await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task A_renamed_collection_gets_its_name_back()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/people/rename", """{"name":"persons"}""");
        await lab.InsertAsync("persons", ["""{"_key":"late"}"""]);

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(("persons", RestoreAction.Update), (Step(restored, "people").RenamedFrom, Step(restored, "people").Action));
        Assert.Contains("it is called persons now", Step(restored, "people").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_that_was_truncated_or_made_again_is_filled()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/bought/truncate");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/gharial/sales");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/collection/people");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"people"}""");
        await lab.InsertAsync("people", ["""{"_key":"u1","other":true}"""]);

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal("its key generator differs and cannot be changed", Step(restored, "people").Reason);
        Assert.Equal(new DocumentChanges(500, 0, 0), Step(restored, "bought").Changes);
    }

    [Fact]
    public async Task Edges_without_ends_and_documents_against_the_schema_come_back()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.InsertAsync("bought", ["""{"_key":"loose","_from":"people/nobody","_to":"gone/x"}"""]);
        await lab.InsertAsync("empty", ["""{"_key":"a","n":1}""", """{"_key":"b","n":"text"}"""]);
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/empty/properties", """{"schema":{"rule":{"properties":{"n":{"type":"number"}}},"level":"strict","message":"no"}}""");
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/bought/loose");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/empty/b");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/products/truncate");

        await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task Indexes_properties_and_views_are_changed_in_place()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/people/gone");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"ttl","name":"gone","fields":["until"],"expireAfter":60}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"persistent","name":"odd","fields":["n"],"unique":true}""");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/people/properties", """{"waitForSync":true}""");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/products/inv");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/view/search/properties", """{"links":{"bought":{"includeAllFields":true}}}""");

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(
            "its documents are equal; property waitForSync differs; index gone differs; index odd is too much", Step(restored, "people").Reason);
        Assert.Equal(0, restored.Documents);
        Assert.Equal(RestoreAction.Recreate, Step(restored, "search").Action);
        Assert.Equal(RestoreAction.Recreate, Step(restored, "alias").Action);
    }

    [Fact]
    public async Task A_collection_without_a_usable_tree_is_loaded()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/revisions/tree?collection=people", Times = int.MaxValue, Status = 501, ErrorNumber = 9 });

        var planned = await lab.RestoreAsync(dryRun: true);
        var restored = await lab.RestoreAsync();

        Assert.Equal((RestoreAction.Recreate, "the server keeps no sound revision tree of it"), (Step(planned, "people").Action, Step(planned, "people").Reason));
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(RestoreAction.Keep, Step(restored, "products").Action);
    }

    [Fact]
    public async Task Large_differences_are_listed_in_pages()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/products/by_sku");
        await lab.InsertAsync("products", Enumerable.Range(0, 900).Select(static i => string.Create(CultureInfo.InvariantCulture, $$"""{"_key":"x{{i}}","sku":{{i}}}""")));
        (lab.Server.Faults.RangesLimit, lab.Server.Faults.DocumentsLimit) = (500, 70);

        var restored = await lab.RestoreAsync(approved: false);

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(new DocumentChanges(0, 900, 0), Step(restored, "products").Changes);
    }

    [Fact]
    public async Task A_client_that_goes_on_writing_is_told_of_and_not_chased()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        lab.Server.Faults.Add(new FaultRule
        {
            Method = "PUT",
            Path = "/_admin/wal/flush",
            Before = () => lab.InsertAsync("people", ["""{"_key":"busy1"}""", """{"_key":"busy2"}"""]).Wait(Token),
        });

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync());

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("collection people has 52 documents instead of 50, 2 that the snapshot lacks and 0 missing", error.Message, StringComparison.Ordinal);
        await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/busy1");
        Assert.Single((await lab.ListAsync()).UnfinishedRestores);
        await lab.RestoreAsync(created.Name);
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Fact]
    public async Task A_restore_that_failed_is_finished_by_writing_what_still_differs()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/people/u1", """{"n":-1}""");
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p1", """{"sku":-1}""");
        await lab.InsertAsync("products", ["""{"_key":"new","sku":1}"""]);
        lab.Server.Faults.Add(new FaultRule { Method = "POST", Path = "/_api/document/products", Status = 500, ErrorNumber = 4, Times = 1 });
        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync());
        lab.Server.Faults.Clear();

        var restored = await lab.RestoreAsync();

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(new DocumentChanges(0, 0, 1), Step(restored, "products").Changes);
        Assert.Single(restored.InterimSnapshots);
    }

    [Fact]
    public async Task Where_revisions_are_not_kept_the_new_baseline_keeps_later_runs_small()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products", string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', Enumerable.Range(0, 100).Select(static i => $$"""{"_key":"p{{i}}","price":-1}"""))}]"));
        await lab.InsertAsync("products", ["""{"_key":"new","sku":-1}"""]);
        lab.Server.Faults.Add(new FaultRule { Method = "POST", Path = "/_api/document/metis_probe_", Times = int.MaxValue, Status = 400, ErrorNumber = 10 });

        var restored = await lab.RestoreAsync();
        var picture = await lab.PictureAsync();
        var again = await lab.RestoreAsync(restored.BaselineSnapshot!);
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p5", """{"price":-2}""");
        var later = await lab.RestoreAsync(restored.BaselineSnapshot!);

        Assert.False(restored.RevisionsKept);
        Assert.Equal(new DocumentChanges(0, 1, 100), Step(restored, "products").Changes);
        Assert.True(again.Plan.ChangesNothing);
        Assert.Null(again.BaselineSnapshot);
        Assert.Equal(1, later.Documents);
        Assert.NotNull(later.BaselineSnapshot);
        Assert.Equal(picture.Count, (await lab.PictureAsync()).Count);
    }

    [Fact]
    public async Task A_full_restore_makes_everything_anew()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var created = await lab.CreateAsync();

        var restored = await lab.RestoreAsync(full: true);

        Assert.Equal(before, await lab.PictureAsync());
        Assert.Equal(created.Documents, restored.Documents);
    }

    /// <summary>Notes every change of documents, collections, indexes and views, but those of the scratch collection.</summary>
    private static void Watch(Lab lab, List<string> writes)
    {
        var documents = new[] { "products", "people", "bought", "empty", "_" }.Select(static name => "/_api/document/" + name);
        foreach (var path in documents.Concat(["/_api/view", "/_api/index", "/_api/replication/restore-", "/properties", "/truncate"]))
        {
            foreach (var method in new[] { "POST", "PUT", "DELETE" })
            {
                lab.Server.Faults.Add(new FaultRule { Method = method, Path = path, Times = int.MaxValue, Before = () => writes.Add(path) });
            }
        }
    }

    private static RestoreStep Step(RestoreDatabaseResult result, string name) => result.Plan.Steps.Single(step => step.Name == name);

    private static async Task<string> IdentitiesAsync(Lab lab)
    {
        var collections = await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/collection");
        var views = await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/view");
        return string.Join(
            '\n',
            collections.GetProperty("result").EnumerateArray().Concat(views.GetProperty("result").EnumerateArray())
                .Select(static one => $"{one.GetProperty("name").GetString()} {one.GetProperty("id").GetString()}")
                .Order(StringComparer.Ordinal));
    }
}
