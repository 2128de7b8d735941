using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

/// <summary>What a restore of some collections refuses before anything is touched.</summary>
public sealed class PartialRestoreTests
{
    private static readonly DefinitionFacts Analyzer = new(RestoreObject.Analyzer, "words", "a");
    private static readonly SearchIndexFacts Index = new("inv", ["words"]);
    private static readonly CollectionFacts Notes = new("notes", false, 1) { SearchIndexes = [Index] };
    private static readonly CollectionFacts Analyzers = new("_analyzers", false, 1);
    private static readonly ViewFacts Alias = new("alias", true, ["notes"]) { Indexes = [new ViewIndex("notes", "inv")] };

    private static DatabaseContents Whole => Contents([Analyzers, Notes], [], [Analyzer]);

    public static TheoryData<string, DatabaseContents, DatabaseContents, string[]> Refusals => new()
    {
        { "a view has its name", Whole, Whole with { Collections = [Analyzers], Views = [new ViewFacts("notes", false, [])] }, ["notes"] },
        {
            "a collection has its name",
            Whole,
            Whole with { Collections = [Analyzers, Notes, new CollectionFacts("lost", false, 1)], LostViews = [new ViewFacts("lost", false, ["notes"])] },
            ["notes"]
        },
        { "needs analyzer 'words'", Whole, Whole with { Definitions = [] }, ["notes"] },
        { "is made of index 'inv' of collection 'notes', which the snapshot does not know", Whole with { Collections = [Analyzers, new CollectionFacts("notes", false, 1)] }, Whole with { Views = [Alias] }, ["notes"] },
        {
            "is made of index 'inv' of collection 'other', which is gone",
            Whole,
            Whole with
            {
                Collections = [Analyzers, Notes, new CollectionFacts("other", false, 1)],
                Views = [Alias with { Collections = ["notes", "other"], Indexes = [new ViewIndex("other", "inv")] }],
            },
            ["notes"]
        },
        { "its collection 'gone' is gone", Whole, Whole with { Views = [new ViewFacts("v", false, ["notes", "gone"])] }, ["notes"] },
        { "uses analyzer 'words', which is gone", Whole, Whole with { Definitions = [], Views = [new ViewFacts("v", false, ["plain"]) { Analyzers = ["words"] }], Collections = [new CollectionFacts("plain", false, 1)] }, ["plain"] },
        { "view 'v' uses analyzer 'words', which the snapshot does not know", Whole with { Definitions = [] }, Whole with { Collections = [Analyzers], Views = [new ViewFacts("v", false, []) { Analyzers = ["words"] }] }, ["_analyzers"] },
        { "index 'inv' of collection 'notes' uses analyzer 'words', which the snapshot does not know", Whole with { Definitions = [] }, Whole, ["_analyzers"] },
        { "which becomes another one", Whole, Whole with { Definitions = [Analyzer with { Fingerprint = "b" }] }, ["_analyzers"] },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void What_stands_in_the_way_is_named_with_a_way_out(string reason, DatabaseContents snapshot, DatabaseContents live, string[] only)
    {
        var withPlain = snapshot with { Collections = [.. snapshot.Collections, new CollectionFacts("plain", false, 1)] };
        var refusal = Assert.Throws<MetisException>(() => Plan(withPlain, live, DatabaseComparison.None, only));
        Assert.Equal(ErrorCode.Refused, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("restore the whole database", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_whose_index_comes_back_with_its_collection_is_made_again()
    {
        var plan = Plan(Whole, Whole with { Views = [Alias] }, DatabaseComparison.None, ["notes"]);
        Assert.Equal(["Recreate Collection notes", "Recreate View alias"], plan.Steps.Select(static step => $"{step.Action} {step.Kind} {step.Name}"));
    }

    [Fact]
    public void A_collection_whose_indexes_stay_needs_no_analyzer()
    {
        var equal = new DatabaseComparison
        {
            Collections = new Dictionary<string, CollectionDifference>(StringComparer.Ordinal) { ["notes"] = new() { Name = "notes", LiveName = "notes", Revisions = new RevisionCounts(1, 2, 1) } },
            EqualViews = new HashSet<string>(StringComparer.Ordinal),
        };
        var plan = Plan(Whole, Whole with { Definitions = [] }, equal, ["notes"]);
        Assert.NotEmpty(plan.Steps);
    }

    [Fact]
    public void A_collection_that_is_equal_needs_no_analyzer()
    {
        var equal = new DatabaseComparison
        {
            Collections = new Dictionary<string, CollectionDifference>(StringComparer.Ordinal) { ["notes"] = new() { Name = "notes", LiveName = "notes", Revisions = RevisionCounts.None } },
        };
        var plan = Plan(Whole, Whole with { Definitions = [] }, equal, ["notes"]);
        Assert.True(plan.ChangesNothing);
    }

    [Fact]
    public void Analyzers_that_nothing_else_uses_are_replaced()
    {
        var plan = Plan(Whole, Whole with { Collections = [Analyzers], Definitions = [Analyzer with { Fingerprint = "b" }] }, DatabaseComparison.None, [SystemCollections.Analyzers]);
        Assert.Contains(plan.Steps, static step => step.Kind == RestoreObject.Analyzer);
    }

    [Fact]
    public void A_graph_of_unknown_definition_goes_with_the_collections_that_are_removed()
    {
        var snapshot = Contents([new CollectionFacts("notes", false, 1)], [], []) with { LeavesUnlistedSystemCollections = true };
        var live = Contents(
            [new CollectionFacts("_graphs", false, 2), new CollectionFacts("later", false, 1), new CollectionFacts("notes", false, 1)],
            [],
            [
                new DefinitionFacts(RestoreObject.Graph, "broken", "g") { Collections = ["later"] },
                new DefinitionFacts(RestoreObject.Graph, "broken_too", "g") { Collections = ["later"] },
                new DefinitionFacts(RestoreObject.Graph, "sound", "g") { Collections = ["notes"] },
            ]);

        var plan = Plan(snapshot, live, DatabaseComparison.None, []);
        Assert.Equal(["broken", "broken_too"], plan.Steps.Where(static step => step is { Kind: RestoreObject.Graph, Action: RestoreAction.Drop }).Select(static step => step.Name));
    }

    private static RestorePlan Plan(DatabaseContents snapshot, DatabaseContents live, DatabaseComparison comparison, string[] only) =>
        RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, only), snapshot, live, comparison);

    private static DatabaseContents Contents(CollectionFacts[] collections, ViewFacts[] views, DefinitionFacts[] definitions) =>
        new() { Collections = collections, Views = views, Definitions = definitions };
}
