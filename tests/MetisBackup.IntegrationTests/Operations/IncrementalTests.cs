using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.DevServer.Faults;
using MetisBackup.Storage.Store;
using static MetisBackup.IntegrationTests.Operations.IncrementalLab;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class IncrementalTests
{
    [Fact]
    public async Task Nothing_changed_reads_no_document_and_links()
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/dump", Times = int.MaxValue, Status = 500, ErrorNumber = 4 });
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/revisions/documents", Times = int.MaxValue, Status = 500, ErrorNumber = 4 });

        var second = await CreateAsync(lab);

        Assert.Equal(first.Name, second.Parent);
        Assert.All(second.Captures.Values, static one => Assert.Equal(CaptureMethod.Linked, one.Method));
        Assert.Equal(first.Documents, second.Documents);
        Assert.Equal(["sales"], second.Graphs);
        Assert.InRange(second.NewBytes, 1, 100_000);
        Assert.Equal(2, LinkCounts(second, "segments").Distinct().Single());
        lab.Server.Faults.Clear();
        await AssertHoldsAsync(lab, second);
    }

    [Fact]
    public async Task Changes_are_read_and_the_rest_is_shared()
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products", """["p1","p2","p3"]""");
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p4", """{"sku":-4}""");
        await lab.InsertAsync("products", ["""{"_key":"new","sku":-1}"""]);
        lab.Server.Faults.RangesLimit = 700;

        var second = await CreateAsync(lab);

        Assert.Equal(new CaptureDetail(CaptureMethod.Changes, 2, 4, null), second.Captures["products"]);
        Assert.Equal(CaptureMethod.Linked, second.Captures["bought"].Method);
        Assert.True(second.NewBytes < first.NewBytes / 2, $"{second.NewBytes} of {first.NewBytes}");
        await AssertHoldsAsync(lab, second);
        await AssertHoldsAsync(lab, await CreateAsync(lab));
    }

    [Theory]
    [InlineData("insert", 5, 0)]
    [InlineData("update", 5, 5)]
    [InlineData("remove", 0, 5)]
    [InlineData("mixed", 5, 9)]
    public async Task Every_kind_of_change_is_told_and_proven(string kind, long added, long removed)
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await ChangeAsync(lab, kind, 100);

        var second = await CreateAsync(lab);

        Assert.Equal(new CaptureDetail(CaptureMethod.Changes, added, removed, null), second.Captures["products"]);
        await AssertHoldsAsync(lab, second);
    }

    [Fact]
    public async Task A_chain_of_changes_survives_the_deletion_of_any_of_its_snapshots()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = new List<(CreateSnapshotResult Result, List<string> Documents)>();
        foreach (var kind in (string[])["insert", "update", "remove", "mixed", "half", "half", "update", "restore", "mixed"])
        {
            var result = await CreateAsync(lab);
            created.Add((result, await DocumentsAsync(lab)));
            await ChangeAsync(lab, kind, created.Count * 50);
        }

        Assert.Contains(created, static one => one.Result.Captures["products"].Method == CaptureMethod.Changes);
        var store = SnapshotStore.Open(lab.Store, lab.Clock, createIfMissing: false);
        foreach (var gone in (int[])[0, 7, 3, 4, 1])
        {
            store.Delete(store.Find(created[gone].Result.Name), force: false);
            created[gone] = (created[gone].Result, []);
            foreach (var (result, documents) in created.Where(static one => one.Documents.Count > 0))
            {
                Assert.Equal(documents, await StoredAsync(lab, result.Name));
            }
        }
    }

    [Fact]
    public async Task Half_of_the_documents_changed_is_read_in_full()
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/cursor", """{"query":"FOR d IN products FILTER d.sku < 1500 UPDATE d WITH {x:1} IN products"}""");

        var second = await CreateAsync(lab);

        Assert.Equal(CaptureMethod.Full, second.Captures["products"].Method);
        Assert.Contains("cheaper", second.Captures["products"].Reason!, StringComparison.Ordinal);
        await AssertHoldsAsync(lab, second);
    }

    [Fact]
    public async Task A_renamed_collection_is_the_same_and_a_recreated_one_is_not()
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/people/rename", """{"name":"persons"}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"people"}""");
        await lab.InsertAsync("people", ["""{"_key":"other"}"""]);
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/empty/truncate");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/collection/empty");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"empty"}""");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/bought/truncate");

        var second = await CreateAsync(lab);

        Assert.Equal(CaptureMethod.Linked, second.Captures["persons"].Method);
        Assert.Equal((CaptureMethod.Full, "no older snapshot holds it"), (second.Captures["people"].Method, second.Captures["people"].Reason));
        Assert.Equal((CaptureMethod.Full, "no older snapshot holds it"), (second.Captures["empty"].Method, second.Captures["empty"].Reason));
        Assert.Equal(0, second.Collections.Single(static one => one.Name == "bought").Documents);
        await StoredAsync(lab, second.Name);
        await lab.RestoreAsync(second.Name, into: "copy");
        Assert.Equal(await lab.PictureAsync(), await lab.PictureAsync("copy"));
    }

    [Theory]
    [InlineData(501, 9)]
    [InlineData(500, 4)]
    public async Task Without_a_tree_a_changed_collection_is_read_in_full(int status, int number)
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await ChangeAsync(lab, "update", 10);
        lab.Server.Faults.Add(new FaultRule { Path = "revisions/tree?collection=products", Status = status, ErrorNumber = number });
        if (status == 501)
        {
            lab.Server.Faults.Add(new FaultRule { Path = "revisions/ranges?collection=products", Status = status, ErrorNumber = number });
        }

        var second = await CreateAsync(lab);

        Assert.Equal(CaptureMethod.Full, second.Captures["products"].Method);
        Assert.NotNull(second.Captures["products"].Reason);
        await AssertHoldsAsync(lab, second);
    }

    [Theory]
    [InlineData("update", "revisions/ranges?collection=products", 400, 400)]
    [InlineData("remove", "revisions/ranges?collection=products", 500, 4)]
    [InlineData("update", "revisions/documents?collection=products", 501, 9)]
    public async Task A_server_that_does_not_tell_what_changed_is_read_in_full(string kind, string call, int status, int number)
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await ChangeAsync(lab, kind, 10);
        lab.Server.Faults.Add(new FaultRule { Path = call, Times = int.MaxValue, Status = status, ErrorNumber = number });

        var second = await CreateAsync(lab);

        Assert.Equal(CaptureMethod.Full, second.Captures["products"].Method);
        Assert.Contains("'products' was read in full", Assert.Single(second.Warnings), StringComparison.Ordinal);
        await AssertHoldsAsync(lab, second);
    }

    [Fact]
    public async Task The_order_of_snapshots_does_not_follow_the_clock()
    {
        var clock = new MovableTime();
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab, clock: clock);
        await ChangeAsync(lab, "insert", 10);
        clock.Now -= TimeSpan.FromDays(400);
        var second = await CreateAsync(lab, clock: clock);
        clock.Now -= TimeSpan.FromDays(400);

        var third = await CreateAsync(lab, clock: clock);

        Assert.Equal(second.Name, third.Parent);
        await AssertHoldsAsync(lab, third);
    }

    [Fact]
    public async Task The_parent_can_be_chosen_and_must_fit()
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        await ChangeAsync(lab, "insert", 10);
        await CreateAsync(lab);

        var third = await CreateAsync(lab, new ParentChoice(Name: first.Name));
        Assert.Equal(first.Name, third.Parent);
        Assert.Equal(5, third.Captures["products"].Added);
        Assert.Null((await CreateAsync(lab, new ParentChoice(None: true))).Parent);

        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", """{"name":"other"}""");
        var error = await Assert.ThrowsAsync<MetisException>(() => CreateAsync(lab, new ParentChoice(Name: first.Name), database: "other"));
        Assert.Equal(ErrorCode.Usage, error.Code);
    }

    [Fact]
    public async Task Old_and_decimal_revisions_are_captured_too()
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        foreach (var revision in (string[])["_Rpq8a-----", "_gpq8a---1-", "_apq8a-----"])
        {
            await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/document/products?isRestore=true", $$"""{"_key":"old{{revision}}","_rev":"{{revision}}","sku":"{{revision}}"}""");
        }

        var second = await CreateAsync(lab);

        Assert.Equal(new CaptureDetail(CaptureMethod.Changes, 3, 0, null), second.Captures["products"]);
        await AssertHoldsAsync(lab, second);
    }

    [Fact]
    public async Task A_batch_that_is_lost_between_the_listing_and_the_documents_ends_the_run()
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await ChangeAsync(lab, "update", 10);
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/batch/", Method = "PUT", Times = int.MaxValue, Status = 404, ErrorNumber = 1600 });

        var error = await Assert.ThrowsAsync<MetisException>(() => CreateAsync(lab));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task Writers_do_not_disturb_the_point_in_time()
    {
        await using var lab = await Lab.StartFilledAsync();
        await CreateAsync(lab);
        await ChangeAsync(lab, "mixed", 10);
        var documents = await DocumentsAsync(lab);
        var writes = 0;
        lab.Server.Faults.Add(new FaultRule
        {
            Path = "/_api/replication/revisions/",
            Skip = 20,
            Times = int.MaxValue,
            Before = () => lab.InsertAsync("products", [$$"""{"_key":"late{{Interlocked.Increment(ref writes)}}","sku":{{1_000_000 + writes}}}"""]).GetAwaiter().GetResult(),
        });

        var second = await CreateAsync(lab);

        Assert.Equal(documents, await StoredAsync(lab, second.Name));
    }
}
