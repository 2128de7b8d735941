using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class LegacyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restore_brings_back_collections_and_views_and_leaves_system_collections_alone(bool packed)
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab, packed);
        var before = Own(await lab.PictureAsync());
        await ChangeAsync(lab);
        var system = (await lab.PictureAsync()).Except(Own(await lab.PictureAsync())).Where(static line => !line.Contains("\"odd\"", StringComparison.Ordinal)).ToList();

        var result = await lab.RestoreAsync(EarlierTool.Name);

        Assert.Equal(before, Own(await lab.PictureAsync()));
        Assert.Equal(system, (await lab.PictureAsync()).Except(Own(await lab.PictureAsync())));
        Assert.True(result.RevisionsKept);
        Assert.Equal(new DocumentChanges(3, 1, 1), result.Plan.Steps.Single(static step => step.Name == "products").Changes);
        Assert.Equal(RestoreAction.Keep, result.Plan.Steps.Single(static step => step.Name == "people").Action);
        Assert.NotNull(result.SafetySnapshot);
        Assert.Contains(result.Warnings, static one => one.Contains("earlier tool", StringComparison.Ordinal));
        var graph = Assert.Single(result.Plan.Steps, static step => step.Kind is RestoreObject.Graph or RestoreObject.Analyzer or RestoreObject.Function);
        Assert.Equal((RestoreAction.Drop, "odd"), (graph.Action, graph.Name));
        Assert.All((await lab.RestoreAsync(EarlierTool.Name)).Plan.Steps, static step => Assert.Equal(RestoreAction.Keep, step.Action));
        Assert.DoesNotContain(Directory.GetDirectories(lab.Store), static path => Path.GetFileName(path).StartsWith(".incoming", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dump_with_system_collections_brings_graphs_and_functions_back()
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab, system: true);
        var before = await lab.PictureAsync();
        await lab.ExperimentAsync();

        await lab.RestoreAsync(EarlierTool.Name);

        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task Into_another_database_and_some_collections_only()
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab, packed: true);
        var before = Own(await lab.PictureAsync());

        await lab.RestoreAsync(EarlierTool.Name, into: "copy", only: ["people"]);
        Assert.Equal(before.Where(static line => line.StartsWith("people ", StringComparison.Ordinal)), Own(await lab.PictureAsync("copy")));

        await ChangeAsync(lab);
        var changed = Own(await lab.PictureAsync());
        await lab.RestoreAsync(EarlierTool.Name, only: ["products"]);
        Assert.Equal(
            before.Where(static line => line.StartsWith("products ", StringComparison.Ordinal)).Concat(changed.Where(static line => !line.StartsWith("products ", StringComparison.Ordinal))).Order(StringComparer.Ordinal),
            Own(await lab.PictureAsync()));
    }

    [Fact]
    public async Task Documents_without_revisions_are_loaded_as_a_whole()
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab);
        var file = Directory.GetFiles(Path.Combine(lab.Store, EarlierTool.Name, "database"), "people_*.gz").Single();
        File.Delete(file);
        await File.WriteAllLinesAsync(file[..^".gz".Length], Enumerable.Range(0, 50).Select(static n => $$"""{"_key":"u{{n}}","n":{{n}}}"""), Token);
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/people/u1", """{"n":-1}""");

        var result = await lab.RestoreAsync(EarlierTool.Name, only: ["people"]);

        Assert.Equal(RestoreAction.Recreate, Assert.Single(result.Plan.Steps, static step => step.Kind == RestoreObject.Collection).Action);
        Assert.Equal(1, (await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/u1")).GetProperty("n").GetInt32());
        Assert.NotNull(result.BaselineSnapshot);
    }

    [Fact]
    public async Task A_damaged_dump_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab);
        var file = Directory.GetFiles(Path.Combine(lab.Store, EarlierTool.Name, "database"), "products_*.gz").Single();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Token))[..^10], Token);
        var before = await lab.PictureAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(EarlierTool.Name));
        var verdict = Assert.Single((await lab.VerifyAsync(EarlierTool.Name)).Snapshots);

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("products", Assert.Single(verdict.Problems), StringComparison.Ordinal);
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_shown_verified_and_compared(bool packed)
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab, packed);

        var shown = await new ShowSnapshot(lab.Clock).RunAsync(new ShowSnapshotRequest { StorePath = lab.Store, Name = EarlierTool.Name }, Token);
        Assert.Equal((Lab.Database, true), (shown.Summary.Database, shown.Summary.IsLegacy));
        Assert.Equal(["bought", "empty", "people", "products"], shown.Collections.Select(static one => one.Name));
        Assert.Equal(["alias", "search"], shown.Views);

        var verdict = Assert.Single((await lab.VerifyAsync(EarlierTool.Name)).Snapshots);
        Assert.Equal((true, Lab.Products + 550L), (verdict.IsLegacy, verdict.Documents));
        Assert.Empty(verdict.Problems);

        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products", """["p1","p2","p3"]""");
        var difference = await new CompareSnapshots(lab.Clock, lab.Progress).RunAsync(
            new CompareSnapshotsRequest { StorePath = lab.Store, Before = EarlierTool.Name, Server = () => lab.Settings }, Token);
        Assert.Equal([("bought", 0L), ("empty", 0L), ("people", 0L), ("products", 3L)], difference.Collections.Select(static one => (one.Name, one.Removed)));
        Assert.Empty(difference.Objects);
    }

    [Fact]
    public async Task It_is_never_a_parent()
    {
        await using var lab = await Lab.StartFilledAsync();
        await EarlierTool.SnapshotAsync(lab);

        Assert.Null((await lab.CreateAsync()).Parent);
        var error = await Assert.ThrowsAsync<MetisException>(() => IncrementalLab.CreateAsync(lab, new App.Operations.Capturing.ParentChoice(Name: EarlierTool.Name)));
        Assert.Equal(ErrorCode.Usage, error.Code);
    }

    /// <summary>What an experiment does, without touching graphs and functions.</summary>
    private static async Task ChangeAsync(Lab lab)
    {
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products", """["p1","p2","p3"]""");
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p4", """{"sku":-4}""");
        await lab.InsertAsync("products", ["""{"_key":"new","sku":-1}"""]);
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/alias");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/collection/empty");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"experiment"}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"links","type":3}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/gharial", """{"name":"odd","edgeDefinitions":[{"collection":"links","from":["experiment"],"to":["experiment"]}]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/aqlfunction", """{"name":"shop::thrice","code":"function (x) { return 3 * x; }","isDeterministic":true}""");
    }

    private static List<string> Own(IReadOnlyList<string> picture) => [.. picture.Where(static line => line[0] != '_')];
}
