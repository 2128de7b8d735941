using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class UnfinishedRestoreTests
{
    [Fact]
    public async Task Nothing_is_captured_between_two_states()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await BreakAsync(lab);

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync());

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains($"restore {created.Name} --into shop", error.Hint!, StringComparison.Ordinal);
        Assert.Single((await lab.ListAsync()).Snapshots, static one => !one.Safety);

        await lab.RestoreAsync();
        await lab.CreateAsync();
    }

    [Fact]
    public async Task Nothing_is_captured_and_no_second_restore_runs_while_one_writes()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        var elsewhere = new ServerSettings($"http://localhost:{lab.Server.Endpoint.Port}", "root", "");
        List<MetisException> refused = [];
        lab.Progress = new RecordedProgress
        {
            OnAdvance = phase =>
            {
                lock (refused)
                {
                    if (phase == OperationPhase.Writing && refused.Count == 0)
                    {
                        refused.Add(Refusal(() => lab.CreateAsync()));
                        refused.Add(Refusal(() => lab.CreateAsync(server: elsewhere)));
                        refused.Add(Refusal(() => RestoreAsync(lab, elsewhere)));
                    }
                }
            },
        };

        await lab.RestoreAsync(full: true);

        Assert.Equal(3, refused.Count);
        Assert.All(refused, static error =>
        {
            Assert.Equal(ErrorCode.Locked, error.Code);
            Assert.Contains($"process {Environment.ProcessId} of", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_part_of_a_database_does_not_make_the_whole_good()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await BreakAsync(lab);

        await lab.RestoreAsync(created.Name, only: ["people"]);

        var unfinished = Assert.Single((await lab.ListAsync()).UnfinishedRestores);
        Assert.Equal(created.Name, unfinished.Snapshot);
        await lab.RestoreAsync();
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Fact]
    public async Task The_whole_makes_a_part_good_and_so_does_a_larger_part_only()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await BreakAsync(lab, only: ["products", "people"]);
        Assert.Equal(["products", "people"], Assert.Single((await lab.ListAsync()).UnfinishedRestores).Collections);

        await lab.RestoreAsync(created.Name, only: ["products"]);
        Assert.Single((await lab.ListAsync()).UnfinishedRestores);
        await lab.RestoreAsync(created.Name, only: ["people", "products", "bought"]);
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);

        await BreakAsync(lab, only: ["products"]);
        await lab.RestoreAsync(created.Name);
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"database\":\"shop\"}")]
    [InlineData("{\"database\":null,\"server\":null,\"endpoint\":null,\"snapshot\":null,\"collections\":null,\"started\":\"2026-11-23T00:00:00Z\"}")]
    public async Task A_damaged_journal_is_told_of_and_stops_a_snapshot_but_not_the_restore(string content)
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        var before = await lab.PictureAsync();
        await BreakAsync(lab);
        var journal = Assert.Single(Directory.EnumerateFiles(Path.Combine(lab.Store, ".restores"), "*.json"));
        await File.WriteAllTextAsync(journal, content, TestContext.Current.CancellationToken);

        var listed = await lab.ListAsync();
        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync());

        Assert.Equal([journal], listed.DamagedJournals);
        Assert.Empty(listed.UnfinishedRestores);
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains(journal, error.Message, StringComparison.Ordinal);
        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", """{"name":"other"}""");
        await lab.CreateAsync("other");

        var restored = await lab.RestoreAsync(created.Name);

        Assert.Contains(restored.Warnings, warning => warning.Contains(journal, StringComparison.Ordinal));
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Empty((await lab.ListAsync()).DamagedJournals);
        await lab.CreateAsync();
    }

    [Fact]
    public async Task Accounts_do_not_go_into_a_database_that_has_none()
    {
        await using var lab = await Lab.StartAsync("secret");
        var created = await lab.CreateAsync("_system");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(created.Name, into: "copy", only: ["_users"]));

        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Empty((await lab.ListAsync()).UnfinishedRestores);
        var databases = await lab.CallAsync(HttpMethod.Get, null, "/_api/database");
        Assert.DoesNotContain("copy", databases.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_password_is_noticed_before_a_byte_is_read(bool dryRun)
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        await lab.CreateAsync();
        lab.Progress = new RecordedProgress();

        var error = await Assert.ThrowsAsync<MetisException>(() => RestoreAsync(lab, new ServerSettings(lab.Settings.Endpoint, "root", "wrong"), dryRun));

        Assert.Equal(ErrorCode.Denied, error.Code);
        Assert.DoesNotContain(OperationPhase.Verifying, lab.Progress.Phases);
    }

    /// <summary>A restore that ends after it began to change the database.</summary>
    private static async Task BreakAsync(Lab lab, IReadOnlyList<string>? only = null)
    {
        lab.Server.Faults.Add(new FaultRule { Path = "/_api/document/products", Status = 500, ErrorNumber = 4, Times = 1 });
        await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(only: only, full: true));
        lab.Server.Faults.Clear();
        Assert.NotEmpty((await lab.ListAsync()).UnfinishedRestores);
    }

    private static MetisException Refusal(Func<Task> run) => Assert.ThrowsAsync<MetisException>(run).GetAwaiter().GetResult();

    private static Task<RestoreDatabaseResult> RestoreAsync(Lab lab, ServerSettings server, bool dryRun = false) =>
        new RestoreDatabase(lab.Clock, dryRun || server.Password.Length > 0 ? lab.Progress : new RecordedProgress()).RunAsync(
            new RestoreDatabaseRequest
            {
                Server = server,
                StorePath = lab.Store,
                Name = "latest",
                DryRun = dryRun,
                Approve = static (_, _) => ValueTask.FromResult(true),
            },
            TestContext.Current.CancellationToken);
}
