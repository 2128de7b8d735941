using CsCheck;
using MetisBackup.App.Operations;
using MetisBackup.IntegrationTests.Operations.Model;

namespace MetisBackup.IntegrationTests.Operations;

/// <summary>Random lives of a database and its store, held against a model of both.</summary>
public sealed class StoreModelTests
{
    private const int MostSnapshots = 10;
    private static readonly int Steps = Environment.GetEnvironmentVariable("METIS_LONG") == "1" ? 10_000 : 200;

    private static readonly Gen<ModelStep> Step = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(ModelAction.Insert)),
            (8, Gen.Const(ModelAction.Update)),
            (4, Gen.Const(ModelAction.Remove)),
            (1, Gen.Const(ModelAction.Truncate)),
            (2, Gen.Const(ModelAction.SwapUniqueValues)),
            (2, Gen.Const(ModelAction.CreateCollection)),
            (1, Gen.Const(ModelAction.DropCollection)),
            (1, Gen.Const(ModelAction.RecreateCollection)),
            (1, Gen.Const(ModelAction.RenameCollection)),
            (2, Gen.Const(ModelAction.ToggleIndex)),
            (8, Gen.Const(ModelAction.CreateSnapshot)),
            (4, Gen.Const(ModelAction.RestoreSnapshot)),
            (4, Gen.Const(ModelAction.DeleteSnapshot))),
        Gen.Int[0, 10_000],
        Gen.Int[1, 200],
        static (action, which, amount) => new ModelStep(action, which, amount));

    /// <summary>What was captured: the reference's content and the server's own picture.</summary>
    private sealed record Captured(string Name, IReadOnlyList<CollectionModel> Content, IReadOnlyList<string> Picture);

    [Fact]
    public Task Snapshots_stay_whole_whatever_is_created_deleted_restored_and_changed() =>
        Step.Array[Steps].SampleAsync(LiveAsync, iter: 1, threads: 1);

    private static async Task LiveAsync(ModelStep[] steps)
    {
        await using var lab = await Lab.StartAsync();
        await lab.CallAsync(HttpMethod.Post, null, "/_api/database", $$"""{"name":"{{Lab.Database}}"}""");
        var database = new DatabaseModel(lab);
        var snapshots = new List<Captured>();
        foreach (var step in steps)
        {
            await (step.Action switch
            {
                ModelAction.CreateSnapshot => CreateAsync(lab, database, snapshots),
                ModelAction.RestoreSnapshot => RestoreAsync(lab, database, snapshots, step.Which),
                ModelAction.DeleteSnapshot => DeleteAsync(lab, snapshots, step.Which),
                _ => database.ApplyAsync(step),
            });
            await VerifyAsync(lab, snapshots);
        }

        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            await lab.RestoreAsync(snapshots[i].Name, into: $"into{i}");
            Assert.Equal(snapshots[i].Picture, await lab.PictureAsync($"into{i}"));
        }
    }

    private static async Task CreateAsync(Lab lab, DatabaseModel database, List<Captured> snapshots)
    {
        if (snapshots.Count >= MostSnapshots)
        {
            await DeleteAsync(lab, snapshots, snapshots.Count / 2);
        }

        snapshots.Add(new Captured((await lab.CreateAsync()).Name, database.Remember(), await lab.PictureAsync()));
    }

    private static async Task RestoreAsync(Lab lab, DatabaseModel database, List<Captured> snapshots, int which)
    {
        if (snapshots.Count == 0)
        {
            return;
        }

        var wanted = snapshots[which % snapshots.Count];
        var (before, picture) = (database.Remember(), await lab.PictureAsync());
        var result = await lab.RestoreAsync(wanted.Name);
        database.Return(wanted.Content);
        Assert.Equal(wanted.Picture, await lab.PictureAsync());
        await database.RequireEqualAsync();
        snapshots.Add(new Captured(Assert.IsType<string>(result.SafetySnapshot), before, picture));
    }

    private static async Task DeleteAsync(Lab lab, List<Captured> snapshots, int which)
    {
        if (snapshots.Count > 0)
        {
            var unwanted = snapshots[which % snapshots.Count];
            await new DeleteSnapshot(lab.Clock).RunAsync(
                new DeleteSnapshotRequest { StorePath = lab.Store, Name = unwanted.Name, Force = true, Approve = static (_, _) => ValueTask.FromResult(true) },
                TestContext.Current.CancellationToken);
            snapshots.Remove(unwanted);
        }
    }

    private static async Task VerifyAsync(Lab lab, List<Captured> snapshots)
    {
        if (!Directory.Exists(lab.Store))
        {
            return;
        }

        var result = await new VerifySnapshot(lab.Clock, new RecordedProgress()).RunAsync(
            new VerifySnapshotRequest { StorePath = lab.Store }, TestContext.Current.CancellationToken);
        Assert.Empty(result.Snapshots.SelectMany(static verdict => verdict.Problems));
        Assert.Equal(snapshots.Select(static one => one.Name).Order(StringComparer.Ordinal), result.Snapshots.Select(static verdict => verdict.Name));
    }
}
