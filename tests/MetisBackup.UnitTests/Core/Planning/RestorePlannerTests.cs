using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class RestorePlannerTests
{
    private static readonly DatabaseContents Snapshot = Contents(
        [new CollectionFacts("_graphs", false, 1), new CollectionFacts("airports", false, 10), new CollectionFacts("flights", true, 20)],
        [new ViewFacts("search", false, ["airports"])],
        [new DefinitionFacts(RestoreObject.Graph, "routes", "a")]);

    [Fact]
    public void What_the_snapshot_does_not_know_is_removed_and_the_rest_replaced()
    {
        var live = Contents(
            [new CollectionFacts("_graphs", false, 2), new CollectionFacts("airports", false, 9), new CollectionFacts("experiment", false, 5)],
            [new ViewFacts("search", false, ["airports"]), new ViewFacts("try", false, ["experiment"]), new ViewFacts("alias", true, ["airports"])],
            [new DefinitionFacts(RestoreObject.Graph, "routes", "b"), new DefinitionFacts(RestoreObject.Graph, "new", "c")]);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, live, DatabaseComparison.None);

        Assert.Equal(
            [
                "Drop View alias",
                "Drop View try",
                "Refill Collection _graphs",
                "Drop Collection experiment",
                "Recreate Collection airports",
                "Create Collection flights",
                "Recreate View search",
                "Drop Graph new",
                "Recreate Graph routes",
            ],
            plan.Steps.Select(Text));
        Assert.Equal(31, plan.Documents);
        Assert.False(plan.CreatesDatabase);
    }

    [Fact]
    public void An_equal_definition_is_no_step()
    {
        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, Snapshot, DatabaseComparison.None);

        Assert.DoesNotContain(plan.Steps, static step => step.Kind == RestoreObject.Graph);
    }

    [Fact]
    public void Only_the_named_collections_are_touched_and_views_that_look_at_them_are_made_again()
    {
        var live = Contents(
            [new CollectionFacts("airports", false, 9), new CollectionFacts("experiment", false, 5)],
            [new ViewFacts("mine", false, ["airports"]), new ViewFacts("try", false, ["experiment"])],
            []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, ["airports"]), Snapshot, live, DatabaseComparison.None);

        Assert.Equal(["Recreate Collection airports", "Recreate View mine"], plan.Steps.Select(Text));
        Assert.True(plan.Partial);
    }

    [Fact]
    public void Graphs_that_came_later_are_emptied_before_their_collections_are_dropped()
    {
        var snapshot = Contents([new CollectionFacts("airports", false, 1)], [], []);
        var live = Contents(
            [new CollectionFacts("_graphs", false, 1), new CollectionFacts("airports", false, 1), new CollectionFacts("later", true, 1)],
            [],
            [new DefinitionFacts(RestoreObject.Graph, "g", "x")]);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), snapshot, live, DatabaseComparison.None);

        Assert.Equal(["Refill Collection _graphs", "Drop Collection later", "Recreate Collection airports", "Drop Graph g"], plan.Steps.Select(Text));
    }

    [Fact]
    public void Collections_of_the_server_itself_are_left_alone()
    {
        var live = Contents(
            [new CollectionFacts("_users", false, 3), new CollectionFacts("_statistics", false, 9), new CollectionFacts("_frontend", false, 1), new CollectionFacts("_own", false, 1)],
            [],
            []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "_system", TargetExists: true, []), DatabaseContents.Empty, live, DatabaseComparison.None);

        Assert.Equal(["Drop Collection _own"], plan.Steps.Select(Text));
    }

    [Theory]
    [InlineData("_system", true)]
    [InlineData("shop", false)]
    public void Accounts_are_restored_into_the_database_of_the_server_only(string database, bool expected)
    {
        var snapshot = Contents([new CollectionFacts("_users", false, 3)], [], []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", database, TargetExists: true, []), snapshot, DatabaseContents.Empty, DatabaseComparison.None);

        Assert.Equal(expected, plan.Steps.Any(static step => step.Name == "_users"));
    }

    [Fact]
    public void Equal_things_are_kept_and_others_changed_in_place()
    {
        var comparison = Compared(
            Difference("_graphs", RevisionCounts.None), Difference("airports", new RevisionCounts(1, 2, 1)), Difference("flights", RevisionCounts.None));

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, Snapshot, comparison);

        Assert.Equal(["Keep Collection _graphs", "Update Collection airports", "Keep Collection flights", "Keep View search"], plan.Steps.Select(Text));
        var update = plan.Steps[1];
        Assert.Equal((new DocumentChanges(1, 0, 1), 2L, 1L, true), (update.Changes, update.Written, update.Lost, update.Stays));
        Assert.Equal((0L, 0L), (plan.Steps[0].Written, plan.Steps[0].Lost));
        Assert.Equal(2, plan.Documents);
        Assert.False(plan.ChangesNothing);
    }

    [Fact]
    public void A_database_that_is_the_snapshot_is_left_alone()
    {
        var comparison = Compared(
            Difference("_graphs", RevisionCounts.None), Difference("airports", RevisionCounts.None), Difference("flights", RevisionCounts.None));

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, Snapshot, comparison);

        Assert.True(plan.ChangesNothing);
        Assert.Equal(0, plan.Documents);
    }

    [Fact]
    public void A_view_is_made_again_when_its_definition_its_collection_or_its_index_is()
    {
        var snapshot = Contents(
            [new CollectionFacts("a", false, 10), new CollectionFacts("b", false, 10), new CollectionFacts("c", false, 10)],
            [new("equal", false, ["b"]), new("defined", false, ["b"]), new("filled", false, ["a", "b"]), new("indexed", true, ["c"]), new("linked", false, ["c"])],
            []);
        var comparison = Compared(
            Difference("a", RevisionCounts.None) with { Obstacle = "so" },
            Difference("b", RevisionCounts.None),
            Difference("c", RevisionCounts.None) with { Structure = ["index i differs"], IndexesChange = true }) with
        {
            EqualViews = new HashSet<string>(["equal", "filled", "indexed", "linked"], StringComparer.Ordinal),
        };

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), snapshot, snapshot, comparison);

        Assert.Equal(
            [
                "Recreate Collection a: so",
                "Keep Collection b: equal to the snapshot",
                "Update Collection c: its documents are equal; index i differs",
                "Recreate View defined: its definition differs",
                "Keep View equal: equal to the snapshot",
                "Recreate View filled: collection a is made anew",
                "Keep View linked: equal to the snapshot",
                "Recreate View indexed: an index of collection c is made anew",
            ],
            plan.Steps.Select(static step => $"{Text(step)}: {step.Reason}"));
    }

    [Theory]
    [InlineData("a", "Keep View v")]
    [InlineData("b", "Recreate View v")]
    public void Views_are_made_again_when_an_analyzer_they_use_is(string live, string expected)
    {
        DatabaseContents Of(params (string Name, string Fingerprint)[] analyzers) => Contents(
            [new CollectionFacts("_analyzers", false, 1), new CollectionFacts("c", false, 1)],
            [new ViewFacts("v", false, ["c"]) { Analyzers = ["identity", "words"] }],
            [.. analyzers.Select(static one => new DefinitionFacts(RestoreObject.Analyzer, one.Name, one.Fingerprint))]);
        var comparison = Compared(Difference("_analyzers", null), Difference("c", RevisionCounts.None));

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Of(("words", "a")), Of(("words", live), ("later", "x")), comparison);

        Assert.Contains(expected, plan.Steps.Select(Text));
        Assert.Contains("Refill Collection _analyzers", plan.Steps.Select(Text));
    }

    [Fact]
    public void A_renamed_collection_gets_its_name_back_unless_it_has_to_be_loaded_anyway()
    {
        var snapshot = Contents([new CollectionFacts("a", false, 10)], [], []);
        var live = Contents([new CollectionFacts("z", false, 9)], [], []);
        var goal = new RestoreGoal("s", "db", TargetExists: true, []);

        var renamed = RestorePlanner.Plan(goal, snapshot, live, Compared(Difference("a", new RevisionCounts(0, 1, 0)) with { LiveName = "z" }));
        var loaded = RestorePlanner.Plan(goal, snapshot, live, Compared(Difference("a", null) with { LiveName = "z" }));

        Assert.Equal("z", Assert.Single(renamed.Steps).RenamedFrom);
        Assert.Equal("Update Collection a", Text(renamed.Steps[0]));
        Assert.Equal(["Drop Collection z", "Create Collection a"], loaded.Steps.Select(Text));
    }

    [Fact]
    public void A_full_restore_makes_everything_anew()
    {
        var comparison = Compared(
            Difference("_graphs", RevisionCounts.None), Difference("airports", RevisionCounts.None), Difference("flights", RevisionCounts.None));

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, [], Full: true), Snapshot, Snapshot, comparison);

        Assert.Equal(
            ["Refill Collection _graphs", "Recreate Collection airports", "Recreate Collection flights", "Recreate View search"], plan.Steps.Select(Text));
    }

    [Fact]
    public void Views_of_kept_collections_are_no_part_of_a_partial_restore()
    {
        var plan = RestorePlanner.Plan(
            new RestoreGoal("s", "db", TargetExists: true, ["airports"]), Snapshot, Snapshot, Compared(Difference("airports", new RevisionCounts(1, 0, 0))));

        Assert.Equal(["Update Collection airports"], plan.Steps.Select(Text));
    }

    [Theory]
    [InlineData(RestoreAction.Keep, 0, 0)]
    [InlineData(RestoreAction.Drop, 0, 7)]
    [InlineData(RestoreAction.Recreate, 9, 7)]
    [InlineData(RestoreAction.Create, 9, 7)]
    public void A_step_tells_how_many_documents_it_writes_and_how_many_are_lost(RestoreAction action, long written, long lost)
    {
        var step = new RestoreStep(action, RestoreObject.Collection, "airports", Documents: 9, LiveDocuments: 7);

        Assert.Equal((written, lost), (step.Written, step.Lost));
    }

    private static CollectionDifference Difference(string name, RevisionCounts? counts) => new() { Name = name, LiveName = name, Revisions = counts };

    private static DatabaseComparison Compared(params CollectionDifference[] differences) => new()
    {
        Collections = differences.ToDictionary(static one => one.Name, StringComparer.Ordinal),
        EqualViews = new HashSet<string>(["search", "v"], StringComparer.Ordinal),
    };

    private static string Text(RestoreStep step) => $"{step.Action} {step.Kind} {step.Name}";

    private static DatabaseContents Contents(CollectionFacts[] collections, ViewFacts[] views, DefinitionFacts[] definitions) =>
        new() { Collections = collections, Views = views, Definitions = definitions };
}
