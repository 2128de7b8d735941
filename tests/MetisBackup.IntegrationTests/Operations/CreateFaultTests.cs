using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class CreateFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/_api/replication/dump", 404, 400)]
    [InlineData("/_api/replication/dump", 500, 4)]
    [InlineData("/_api/replication/inventory", 404, 1600)]
    [InlineData("/_api/replication/batch/", 404, 1600)]
    [InlineData("/_api/replication/batch", 503, 30)]
    public async Task A_failing_server_leaves_nothing_and_the_next_run_succeeds(string path, int status, int number)
    {
        await using var lab = await Lab.StartFilledAsync();
        lab.Server.Faults.Add(new FaultRule { Path = path, Status = status, ErrorNumber = number, Times = 100 });

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync());
        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        await AssertEmptyAsync(lab);

        lab.Server.Faults.Clear();
        await lab.CreateAsync();
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task A_cut_connection_leaves_nothing_and_the_next_run_succeeds()
    {
        await using var lab = await Lab.StartFilledAsync();
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/dump?collection=products", CutBodyAfter = 50_000 });

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync());
        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        await AssertEmptyAsync(lab);

        await lab.CreateAsync();
    }

    [Fact]
    public async Task An_interruption_leaves_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        using var interrupted = new CancellationTokenSource();
        var progress = new RecordedProgress { OnAdvance = _ => interrupted.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CreateSnapshot(lab.Clock, progress).RunAsync(
            new CreateSnapshotRequest { Server = lab.Settings, StorePath = lab.Store, Database = Lab.Database, Description = "x" }, interrupted.Token));

        await AssertEmptyAsync(lab);
    }

    [Fact]
    public async Task Moments_of_overload_are_waited_out()
    {
        await using var lab = await Lab.StartFilledAsync();
        foreach (var path in (string[])["/_api/replication/batch", "/_api/replication/inventory", "/_api/replication/revisions/tree", "/_api/version"])
        {
            lab.Server.Faults.Add(new FaultRule { Path = path, Status = 503, ErrorNumber = 21003, Times = 1 });
        }

        var created = await lab.CreateAsync();

        Assert.All(created.Collections, static proof => Assert.Equal(ProofKind.RevisionTree, proof.Proof));
    }

    [Fact]
    public async Task A_lost_tree_is_replaced_by_the_list_of_revisions()
    {
        await using var lab = await Lab.StartFilledAsync();
        lab.Server.Faults.RangesLimit = 100;
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/replication/revisions/tree?collection=products", Status = 500, ErrorNumber = 4 });

        var created = await lab.CreateAsync();

        Assert.All(created.Collections, static proof => Assert.Equal(ProofKind.RevisionTree, proof.Proof));
    }

    [Fact]
    public async Task A_collection_without_tree_is_proven_by_its_count()
    {
        await using var lab = await Lab.StartFilledAsync();
        lab.Server.Faults.Add(new FaultRule { Path = "collection=products&onlyPopulated", Status = 501, ErrorNumber = 9 });
        lab.Server.Faults.Add(new FaultRule { Path = "revisions/ranges?collection=products", Status = 501, ErrorNumber = 9 });

        var created = await lab.CreateAsync();

        Assert.Equal(ProofKind.Count, created.Collections.Single(static one => one.Name == "products").Proof);
        Assert.Empty(created.Warnings);
    }

    [Fact]
    public async Task Small_pages_and_writers_do_not_disturb_the_point_in_time()
    {
        await using var lab = await Lab.StartFilledAsync();
        lab.Server.Faults.DumpChunkLimit = 20_000;
        var writes = 0;
        lab.Server.Faults.Add(new FaultRule
        {
            Path = "/_api/replication/dump",
            Times = int.MaxValue,
            Before = () =>
            {
                var number = Interlocked.Increment(ref writes);
                _ = lab.InsertAsync("products", [$$"""{"_key":"late{{number}}","sku":{{1_000_000 + number}}}"""]);
            },
        });

        var created = await lab.CreateAsync();

        Assert.Equal(Lab.Products, created.Collections.Single(static one => one.Name == "products").Documents);
    }

    [Fact]
    public async Task A_document_of_64_MB_comes_and_goes()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.InsertAsync("people", [$$"""{"_key":"huge","text":"{{new string('x', 64 * 1024 * 1024)}}"}"""]);
        var created = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/people/huge");

        await lab.RestoreAsync();

        Assert.True(created.DocumentBytes > 64 * 1024 * 1024);
        var text = (await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/huge")).GetProperty("text").GetString();
        Assert.Equal(64 * 1024 * 1024, text!.Length);
    }

    [Fact]
    public async Task An_unknown_database_is_named_with_those_that_exist()
    {
        await using var lab = await Lab.StartFilledAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync("shoe"));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("shoe", error.Message, StringComparison.Ordinal);
        Assert.Contains("shop", error.Hint!, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lab.Store));
    }

    private static async Task AssertEmptyAsync(Lab lab)
    {
        Assert.Empty((await lab.ListAsync()).Snapshots);
        Assert.DoesNotContain(Directory.EnumerateDirectories(lab.Store), static path => Path.GetFileName(path).StartsWith(".incoming", StringComparison.Ordinal));
        Assert.False(Token.IsCancellationRequested);
    }
}
