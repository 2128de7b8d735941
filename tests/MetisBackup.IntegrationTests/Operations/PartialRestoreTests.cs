using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class PartialRestoreTests
{
    private const string OtherWords = """{"name":"words","type":"text","properties":{"locale":"de","stopwords":[]},"features":["frequency","norm","position"]}""";

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_view_that_is_made_of_an_index_unknown_to_the_snapshot_is_named_before_anything_is_touched(bool dryRun, bool full)
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=products", """{"type":"inverted","name":"fresh","fields":["sku"]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"mine","type":"search-alias","indexes":[{"collection":"products","index":"fresh"}]}""");

        await RefusedAsync(lab, ["products"], dryRun, full, "'mine'", "'fresh'", "'products'");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/mine");
        await lab.RestoreAsync(only: ["products"], full: full);
    }

    [Fact]
    public async Task Collections_that_swapped_their_names_under_a_view_are_named_before_anything_is_touched()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"inverted","name":"who","fields":["n"]}""");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/view/alias/properties", """{"indexes":[{"collection":"products","index":"inv"},{"collection":"people","index":"who"}]}""");
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await RenameAsync(lab, "people", "aside");
        await RenameAsync(lab, "products", "people");
        await RenameAsync(lab, "aside", "products");

        await RefusedAsync(lab, ["products"], dryRun: false, full: false, "'alias'", "'who'", "'products'");
        await lab.RestoreAsync();
        Assert.Equal(before, await lab.PictureAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_view_that_took_the_name_of_a_missing_collection_is_named_before_anything_is_touched(bool dryRun)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/collection/empty");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"empty","type":"arangosearch"}""");

        await RefusedAsync(lab, ["empty", "products"], dryRun, full: true, "'empty'", "view");
        await lab.RestoreAsync();
        Assert.Equal(before, await lab.PictureAsync());
    }

    [Fact]
    public async Task An_index_whose_analyzer_is_gone_is_named_and_comes_back_with_the_analyzers()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"inverted","name":"who","fields":["n"],"analyzer":"words"}""");
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/search");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/people/who");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/analyzer/words");

        await RefusedAsync(lab, ["people"], dryRun: false, full: false, "'who'", "'people'", "'words'", "--collection _analyzers");
        await lab.RestoreAsync(only: ["people", "_analyzers"]);
        Assert.Equal(before.Where(IsOfPeople), (await lab.PictureAsync()).Where(IsOfPeople));
        static bool IsOfPeople(string line) => line.StartsWith("people", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyzers_alone_are_not_changed_under_what_is_built_with_them()
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await ChangeAnalyzerAsync(lab);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"inverted","name":"who","fields":["n"],"analyzer":"words"}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/analyzer", """{"name":"fresh","type":"identity"}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"mine","type":"arangosearch","links":{"people":{"fields":{"n":{"analyzers":["fresh"]}}}}}""");

        await RefusedAsync(lab, ["_analyzers", "people"], dryRun: false, full: false, "'mine'", "'fresh'");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/mine");
        await RefusedAsync(lab, ["_analyzers"], dryRun: false, full: false, "'who'", "'people'", "'words'", "--collection people");
        var restored = await lab.RestoreAsync(only: ["_analyzers", "people"]);

        Assert.Equal(before.Where(static line => !line.StartsWith("view", StringComparison.Ordinal)), (await lab.PictureAsync()).Where(static line => !line.StartsWith("view", StringComparison.Ordinal)));
        Assert.Contains(restored.Plan.Steps, static step => step is { Kind: RestoreObject.Analyzer, Name: "words", Action: RestoreAction.Recreate });
    }

    [Fact]
    public async Task What_is_built_with_an_analyzer_that_becomes_another_one_is_built_again()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"inverted","name":"who","fields":[{"name":"n","analyzer":"words"}]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"them","type":"search-alias","indexes":[{"collection":"people","index":"who"}]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"plain","type":"arangosearch","links":{"bought":{"includeAllFields":true}}}""");
        var before = await lab.PictureAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/them");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/index/people/who");
        await ChangeAnalyzerAsync(lab);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/index?collection=people", """{"type":"inverted","name":"who","fields":[{"name":"n","analyzer":"words"}]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"them","type":"search-alias","indexes":[{"collection":"people","index":"who"}]}""");
        List<string> writes = [];
        foreach (var path in new[] { "/_api/index/people", "/_api/replication/restore-indexes" })
        {
            lab.Server.Faults.Add(new FaultRule { Path = path, Times = int.MaxValue, Before = () => { lock (writes) { writes.Add(path); } } });
        }

        var restored = await lab.RestoreAsync();

        Assert.Equal(before, await lab.PictureAsync());
        var people = restored.Plan.Steps.Single(static step => step.Name == "people");
        Assert.Equal((RestoreAction.Update, "its documents are equal; index who uses an analyzer that is made anew"), (people.Action, people.Reason));
        Assert.Equal(["/_api/index/people", "/_api/replication/restore-indexes"], writes);
        Assert.Equal(
            ["alias Keep", "plain Keep", "search Recreate", "them Recreate"],
            restored.Plan.Steps.Where(static step => step.Kind == RestoreObject.View).Select(static step => $"{step.Name} {step.Action}").Order(StringComparer.Ordinal));
        Assert.True((await lab.RestoreAsync(dryRun: true)).Plan.ChangesNothing);
    }

    /// <summary>The view that uses it is made again as it was.</summary>
    private static async Task ChangeAnalyzerAsync(Lab lab)
    {
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/view/search");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/analyzer/words");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/analyzer", OtherWords);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/view", """{"name":"search","type":"arangosearch","links":{"products":{"fields":{"name":{"analyzers":["words"]}}}}}""");
    }

    private static Task RenameAsync(Lab lab, string from, string to) =>
        lab.CallAsync(HttpMethod.Put, Lab.Database, $"/_api/collection/{from}/rename", $$"""{"name":"{{to}}"}""");

    private static async Task RefusedAsync(Lab lab, string[] only, bool dryRun, bool full, params string[] parts)
    {
        var before = await lab.PictureAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(only: only, dryRun: dryRun, full: full));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message + error.Hint, StringComparison.Ordinal));
        Assert.Contains("restore the whole database", error.Hint!, StringComparison.Ordinal);
        Assert.Equal(before, await lab.PictureAsync());
        var listed = await lab.ListAsync();
        Assert.Empty(listed.UnfinishedRestores);
        Assert.DoesNotContain(listed.Snapshots, static one => one.Safety);
    }
}
