using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class RestoreFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/_api/document/products", 500, 4)]
    [InlineData("/_api/replication/restore-indexes", 500, 4)]
    [InlineData("/_api/replication/restore-view", 500, 4)]
    [InlineData("/_admin/wal/flush", 500, 4)]
    public async Task A_failing_restore_is_remembered_and_the_same_command_finishes_it(string path, int status, int number)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        var experiment = await lab.PictureAsync();
        lab.Server.Faults.Add(new FaultRule { Path = path, Status = status, ErrorNumber = number });

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync());

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        var unfinished = Assert.Single((await lab.ListAsync()).UnfinishedRestores);
        Assert.Equal((Lab.Database, created.Name), (unfinished.Database, unfinished.Snapshot));
        Assert.Contains(unfinished.SafetySnapshot!, error.Hint!, StringComparison.Ordinal);

        await lab.RestoreAsync();
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);

        await lab.RestoreAsync(unfinished.SafetySnapshot!);
        Assert.Equal(experiment, await lab.PictureAsync());
    }

    [Fact]
    public async Task An_interrupted_restore_is_finished_by_the_same_command()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        using var interrupted = new CancellationTokenSource();
        lab.Progress = new RecordedProgress
        {
            OnAdvance = phase =>
            {
                if (phase == OperationPhase.Writing)
                {
                    interrupted.Cancel();
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.RestoreAsync(cancellationToken: interrupted.Token));
        Assert.Single((await lab.ListAsync()).UnfinishedRestores);

        lab.Progress = new RecordedProgress();
        await lab.RestoreAsync();
        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task Conflicts_and_overload_are_waited_out()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/document/products", Status = 503, ErrorNumber = 21003, Times = 2 });
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/document/bought", CutBodyAfter = 0 });

        await lab.RestoreAsync(full: true);

        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_keep_revisions_gets_the_same_content()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.ExperimentAsync();
        lab.Server.Faults.Add(new FaultRule { Method = "POST", Path = "/_api/document/metis_probe_", Status = 400, ErrorNumber = 10 });

        var restored = await lab.RestoreAsync();

        Assert.False(restored.RevisionsKept);
        Assert.Equal(before.Select(WithoutRevision).Order(StringComparer.Ordinal), (await lab.PictureAsync()).Select(WithoutRevision).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_only_server_is_left_alone()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Put, null, "/_admin/server/mode", """{"mode":"readonly"}""");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync());

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        Assert.Single((await lab.ListAsync()).Snapshots);
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Fact]
    public async Task A_damaged_snapshot_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        var before = await lab.PictureAsync();
        var segment = Directory.EnumerateFiles(Path.Combine(created.Path, "segments"), "*.zst*", SearchOption.AllDirectories).MaxBy(static path => new FileInfo(path).Length)!;
        var bytes = await File.ReadAllBytesAsync(segment, Token);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(segment);
        await File.WriteAllBytesAsync(segment, bytes, Token);

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync());

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task A_collection_that_the_snapshot_lacks_is_named()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(only: ["products", "prodcuts"]));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("'prodcuts'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_restores_of_one_database_do_not_mix()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        MetisException? second = null;
        lab.Progress = new RecordedProgress
        {
            OnAdvance = phase =>
            {
                if (phase == OperationPhase.Writing && second is null)
                {
                    second = Assert.ThrowsAsync<MetisException>(() => new RestoreDatabase(lab.Clock, new RecordedProgress()).RunAsync(
                        new RestoreDatabaseRequest { Server = lab.Settings, StorePath = lab.Store, Name = "latest", Approve = static (_, _) => ValueTask.FromResult(true) }, Token))
                        .GetAwaiter().GetResult();
                }
            },
        };

        await lab.RestoreAsync(full: true);

        Assert.Equal(ErrorCode.Locked, second!.Code);
    }

    private static string WithoutRevision(string line) =>
        System.Text.RegularExpressions.Regex.Replace(line, "\"_rev\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
}
